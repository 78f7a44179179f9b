"""What books do when an organization ends."""

from typing import Any

from accounts.models import User
from books.transitions import closing
from organizations.models import Organization


def organization_closing(*, organization: Organization, by: User, **_: Any) -> None:
    """Closing is not refused for work under way: it is paused, and waits there for an undo."""
    closing.pause_work(organization, by=by)


def organization_erased(*, organization: Organization, **_: Any) -> bool:
    """Erase some books; whether more are left."""
    return closing.erase_some(organization)
