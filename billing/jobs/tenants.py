"""Work of beat that goes through organizations, each in a transaction of its own."""

import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import OperationalError, transaction

from core import tenancy
from organizations.models import Organization
from organizations.transitions.locking import lock

log = logging.getLogger(__name__)


def each(organization_ids: Iterable[UUID], work: Callable[[Organization], object]) -> None:
    """Do `work` for each, in the declared tenant, the organization locked. One that fails does not stop the others."""
    for organization_id in organization_ids:
        try:
            with transaction.atomic(), tenancy.declared(organization_id):
                work(lock(Organization(pk=organization_id)))
        except OperationalError:
            raise  # PostgreSQL is away for all of them
        except Exception:
            # Whatever is wrong with one organization's rows: its hour comes again, and the log says which it was.
            log.exception("%s failed for organization %s", work.__name__, organization_id)
