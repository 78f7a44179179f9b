"""The only door to Celery: a task is sent when, and only if, the transaction that asked for it commits."""

import logging
import time
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import celery
from celery import current_app
from django.db import transaction

from core import logs, tenancy

log = logging.getLogger(__name__)
ORGANIZATION_HEADER = "organization"
REQUEST_HEADER = "asked_by"


class Task(celery.Task):  # type: ignore[misc]  # Celery ships no types
    """Base of every task: declares the organization named in the message before its own code runs, and logs the end."""

    quiet = False  # its lines at DEBUG: it runs every few seconds

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        organization = getattr(self.request, ORGANIZATION_HEADER, None)
        around = tenancy.declared(UUID(organization)) if organization else nullcontext()
        with logs.of_task(self.name, self.request.id, getattr(self.request, REQUEST_HEADER, None)), around:
            began = time.perf_counter()
            try:
                result = super().__call__(*args, **kwargs)
            except Exception:
                log.exception("task failed")
                raise
            took = round((time.perf_counter() - began) * 1000, 1)
            log.log(logging.DEBUG if self.quiet else logging.INFO, "task done", extra={"ms": took})
            return result


def enqueue(task: str, *ids: UUID, organization: UUID | None = None) -> None:
    """Send the task of that name with these ids once the current transaction has committed.

    A broker that does not answer is logged, not raised: what must not be lost has a lease; the sweep sends it again.
    """
    transaction.on_commit(lambda: send(task, *ids, organization=organization), robust=True)


def send(task: str, *ids: UUID, organization: UUID | None = None) -> None:
    """Send now. For the sweep; everything else goes through `enqueue`."""
    headers = {ORGANIZATION_HEADER: str(organization)} if organization else {}
    if request_id := logs.request_id():
        headers[REQUEST_HEADER] = request_id
    try:
        current_app.send_task(task, args=[str(one) for one in ids], headers=headers)
    except current_app.connection().recoverable_connection_errors as error:
        log.warning("broker unreachable, %s will be sent by the sweep: %s", task, error)
