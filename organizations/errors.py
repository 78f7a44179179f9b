"""Why an organization refuses."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import DomainError, Forbidden


class OrganizationRefused(DomainError):
    """What was asked of an organization cannot be done as it is; the message says what to do."""


class NotPermitted(Forbidden):
    """The member's role, and what they were granted besides, do not let them do this; `label` is what, in words."""

    def __init__(self, label: str | Promise) -> None:
        super().__init__(_("Your role here does not let you do this: %(permission)s.") % {"permission": label})


class OrganizationClosed(Forbidden):
    """The organization is closed: its pages are there for nobody until an owner undoes it."""

    def __init__(self) -> None:
        super().__init__(_("This organization is closed."), code="closed")


class LimitReached(DomainError):
    """There is no room for more under one of the organization's limits; the message names it, with its number."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="limit_reached")
