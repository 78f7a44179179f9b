"""Which organization this code works for, told to PostgreSQL, which refuses every row of any other.

A ContextVar holds the organization; core.postgres repeats it to the database when a transaction opens, and the context
managers here when one is open already. Row level security policies compare each tenant row with that declaration and
raise when there is none (rulings 5; the roles are in docs/decisions/tenancy.md).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

SETTING = "app.organization"
SYSTEM_ROLE = "scriptorium_system"

_organization: ContextVar[UUID | None] = ContextVar("organization", default=None)
_system_depth: ContextVar[int] = ContextVar("system_depth", default=0)

# Called with (reason, actor) at every outermost `system` block; the audit app registers its writer when it is ready.
on_system: list[Callable[[str, Any], None]] = []


def current() -> UUID | None:
    """Return the declared organization's id, or None."""
    return _organization.get()


def declare(to: BaseDatabaseWrapper, organization: UUID | None) -> None:
    """Tell one connection's open transaction which organization it works for."""
    with to.cursor() as cursor:
        cursor.execute(f"SELECT set_config('{SETTING}', %s, true)", [str(organization) if organization else ""])


def _repeat_to_open_transaction() -> None:
    if connection.in_atomic_block and _can_still_be_told():
        declare(connection, _organization.get())


def _can_still_be_told() -> bool:
    """Whether the open transaction takes statements: after an error it only takes a rollback, which undoes ours too.

    Asking anyway would put "current transaction is aborted" in the place of the error that did it.
    """
    if connection.needs_rollback or connection.connection is None or connection.connection.closed:
        return False
    return bool(connection.connection.info.transaction_status != TransactionStatus.INERROR)


@contextmanager
def declared(organization: UUID) -> Iterator[None]:
    """Work for `organization` inside the block, whatever was declared before; nests and restores."""
    if connection.in_atomic_block and _organization.get() == organization:
        yield  # the open transaction was told: when it began, or by the block around this one
        return
    token = _organization.set(organization)
    try:
        _repeat_to_open_transaction()
        yield
    finally:
        _organization.reset(token)
        _repeat_to_open_transaction()


@contextmanager
def system(reason: str, *, actor: Any = None) -> Iterator[None]:
    """Work across organizations in one transaction, with `reason` written to the trail.

    The only door around row level security: the admin, beat and incoming webhooks. Nested blocks are one.
    """
    if _system_depth.get():
        yield
        return
    with transaction.atomic():
        _set_role(SYSTEM_ROLE)
        token = _system_depth.set(1)
        try:
            for write in on_system:
                write(reason, actor)
            yield
        finally:
            _system_depth.reset(token)
            if _can_still_be_told():
                _set_role("NONE")


@contextmanager
def counted() -> Iterator[None]:
    """Count across organizations without a line in the trail: for numbers that name nobody (core.metrics).

    Prometheus asks every few seconds; written down, that would bury what the trail is for. In exchange the block can
    change nothing (the transaction is read-only) and nothing slow (5 s a statement).
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = '5s'")
        _set_role(SYSTEM_ROLE)
        yield
        _set_role("NONE")


def _set_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
