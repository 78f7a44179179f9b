"""What the database refused, as an answer: 404, 409, 422, 400 or 503, a sentence for people, and nothing of ours.

PostgreSQL says what happened by its five-character SQLSTATE; names of constraints, columns and classes stay here. A
unique constraint with a `violation_error_message` of its own is answered with that message.
"""

from dataclasses import dataclass
from functools import cache

import psycopg
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError, RestrictedError, UniqueConstraint
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AWAY_SECONDS, BUSY_SECONDS = 10, 1  # when to come back: the server is gone; somebody else was first


@dataclass(frozen=True)
class Fault:
    """An answer to give: `status`, a `code` for programs, a `message` for people, seconds after which to come back."""

    status: int
    code: str
    message: str | Promise
    retry_after: int | None = None


MISSING = Fault(404, "not_found", _("There is nothing at this address."))
IN_USE = Fault(409, "in_use", _("Something else still refers to this, or what this refers to is gone."))
TAKEN = Fault(409, "conflict", _("This exists already, or somebody else has just done the same."))
NOT_ALLOWED = Fault(422, "invalid", _("Part of what was sent is missing or does not fit together."))
UNREADABLE = Fault(400, "unreadable", _("Part of what was sent is too long, too large or cannot be read."))
BUSY = Fault(503, "busy", _("Somebody else is changing the same thing right now."), BUSY_SECONDS)
AWAY = Fault(503, "unavailable", _("The database cannot be reached."), AWAY_SECONDS)

BY_STATE = {
    "23503": IN_USE,  # foreign_key_violation
    "23001": IN_USE,  # restrict_violation
    "23P01": TAKEN,  # exclusion_violation
    "23502": NOT_ALLOWED,  # not_null_violation
    "23514": NOT_ALLOWED,  # check_violation
    "40001": BUSY,  # serialization_failure
    "40P01": BUSY,  # deadlock_detected
    "55P03": BUSY,  # lock_not_available
    "57014": BUSY,  # query_canceled: a statement ran out of its time
}


# A tenant row without a declared organization (core.tenancy): our mistake, whatever class it comes in.
UNDECLARED = psycopg.errors.InvalidTextRepresentation
# What an exception means when PostgreSQL does not say more; the first class that fits decides.
BY_CLASS: tuple[tuple[type[Exception], Fault], ...] = (
    (ObjectDoesNotExist, MISSING),
    (ProtectedError, IN_USE),
    (RestrictedError, IN_USE),
    (IntegrityError, TAKEN),
    (DataError, UNREADABLE),
    (OperationalError, AWAY),
    (InterfaceError, AWAY),
)


def fault_of(error: BaseException) -> Fault | None:
    """The answer to this exception; None for what is a mistake of ours and belongs to the fault reports."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    if isinstance(cause, UNDECLARED):
        return None
    if isinstance(cause, psycopg.errors.UniqueViolation):
        said = _messages().get(cause.diag.constraint_name or "")
        return Fault(TAKEN.status, TAKEN.code, said) if said else TAKEN
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    if state in BY_STATE:
        return BY_STATE[state]
    return next((fault for kind, fault in BY_CLASS if isinstance(error, kind)), None)


@cache
def _messages() -> dict[str, str | Promise]:
    """Messages of unique constraints that say what is taken, by the constraint's name."""
    return {
        constraint.name: constraint.violation_error_message
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and constraint.violation_error_message
        and constraint.violation_error_message != constraint.default_violation_error_message
    }
