"""What is kept of a person or an address about parts in books, for the copy of their data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from books.models import Collaborator, ShareLink
from core import tenancy

if TYPE_CHECKING:
    from accounts.jobs.exporting import Export

WHY = "a person's own data is put together"


def add_person(export: "Export", person: User) -> None:
    """Parts they have or are offered, whom they invited, links they made."""
    _add(export, "book_parts", _("Your parts in books"), Q(person=person) | Q(email=person.email))
    _add(export, "book_invitations", _("People you invited to books"), Q(invited_by=person))
    columns = {"book": _("Book"), "label": _("For whom"), "at": _("Time")}
    export.records("share_links", _("Links you made to books"), columns, _links(person))


def add_address(export: "Export", email: str) -> None:
    """Invitations to an address that has no account."""
    _add(export, "book_parts", _("Your parts in books"), Q(email=email))


def _add(export: "Export", name: str, title: Any, which: Q) -> None:
    columns = {"book": _("Book"), "email": _("E-mail"), "role": _("Role"), "at": _("Time")}
    export.records(name, title, columns, _parts(which))


def _parts(which: Q) -> Iterator[dict[str, Any]]:
    with tenancy.system(WHY):
        for one in Collaborator.objects.filter(which).select_related("book").order_by("pk"):
            yield {
                "book": one.book.title,
                "email": one.email,
                "role": one.role,
                "state": one.state,
                "message": one.message,
                "at": one.created_at,
                "accepted_at": one.accepted_at,
                "ended_at": one.ended_at,
            }


def _links(person: User) -> Iterator[dict[str, Any]]:
    with tenancy.system(WHY):
        for one in ShareLink.objects.filter(made_by=person).select_related("book").order_by("pk"):
            yield {
                "book": one.book.title,
                "label": one.label,
                "expires_at": one.expires_at,
                "revoked_at": one.revoked_at,
                "at": one.created_at,
            }
