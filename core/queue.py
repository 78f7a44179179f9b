"""The only door to Celery: a task is sent when, and only if, the transaction that asked for it commits."""

import logging
from typing import Any
from uuid import UUID

import celery
from celery import current_app
from django.db import transaction

from core import tenancy

log = logging.getLogger(__name__)
ORGANIZATION_HEADER = "organization"


class Task(celery.Task):  # type: ignore[misc]  # Celery ships no types
    """Base of every task: declares the organization named in the message before the task's own code runs."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        organization = getattr(self.request, ORGANIZATION_HEADER, None)
        if organization is None:
            return super().__call__(*args, **kwargs)
        with tenancy.declared(UUID(organization)):
            return super().__call__(*args, **kwargs)


def enqueue(task: str, *ids: UUID, organization: UUID | None = None) -> None:
    """Send the task of that name with these ids once the current transaction has committed.

    A broker that does not answer is logged, not raised: what must not be lost has a lease; the sweep sends it again.
    """
    transaction.on_commit(lambda: send(task, *ids, organization=organization), robust=True)


def send(task: str, *ids: UUID, organization: UUID | None = None) -> None:
    """Send now. For the sweep; everything else goes through `enqueue`."""
    headers = {ORGANIZATION_HEADER: str(organization)} if organization else {}
    try:
        current_app.send_task(task, args=[str(one) for one in ids], headers=headers)
    except current_app.connection().recoverable_connection_errors as error:
        log.warning("broker unreachable, %s will be sent by the sweep: %s", task, error)
