"""Log lines: JSON in production, readable in development, each with what it belongs to and without what is secret.

Code logs with the standard library and puts facts into `extra`; the names below are the ones that reach the line. Whose
line it is (request, person, organization, task) comes from context variables, so no caller passes ids along.
"""

import logging
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, get_contextvars

from core import redaction, tenancy

FACTS = ("method", "path", "route", "status", "ms", "queue")
IDS = ("request_id", "person_id", "real_person_id", "organization_id", "task", "task_id")
# Written by us, in a shape that cannot hold anything else.
TRUSTED = {*IDS, "timestamp", "level", "logger"}

Line = MutableMapping[str, Any]


def _organization(_logger: Any, _method: str, line: Line) -> Line:
    """The organization this code works for, unless the line names one."""
    if (organization := tenancy.current()) is not None:
        line.setdefault("organization_id", str(organization))
    return line


def _redacted(_logger: Any, _method: str, line: Line) -> Line:
    """The last thing done to a line before it is written."""
    return {name: value if name in TRUSTED else redaction.cleaned(value) for name, value in line.items()}


def formatter(form: str) -> logging.Formatter:
    """Formatter of every handler (settings.LOGGING): `form` is json or text."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _organization,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=[*FACTS, "organization_id"]),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redacted, renderer],
        use_get_message=True,
    )


def begin_request(request_id: str) -> None:
    """From here on lines belong to this request; the thread may have served another before."""
    clear_contextvars()
    bind_contextvars(request_id=request_id)


def name_person(person_id: object, *, real: object = None) -> None:
    """From here on lines name the signed-in person by id, and beside them who acts as them (`real`)."""
    bind_contextvars(person_id=str(person_id), **({"real_person_id": str(real)} if real else {}))


def end_request() -> None:
    """What follows in this thread belongs to nobody."""
    clear_contextvars()


def request_id() -> str:
    """The id of the request being served, or of the one that asked for this task; empty outside."""
    return str(get_contextvars().get("request_id", ""))


@contextmanager
def of_task(name: str, task_id: str | None, asked_by: str | None) -> Iterator[None]:
    """Inside the block lines belong to this task, and to the request that asked for it when the message says so."""
    ids = {"task": name, "task_id": task_id, "request_id": asked_by}
    with bound_contextvars(**{key: value for key, value in ids.items() if value}):
        yield
