"""What becomes of a person's parts in books, and of an address that was invited, when they are erased."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts.models import User
from books.models import BookKey, Collaborator, CollaboratorState, ShareLink
from core import tenancy

if TYPE_CHECKING:
    from accounts.transitions.erasing import Record


def erase_person(person: User, email: str, record: "Record") -> None:
    """End every part the person has or is offered, and blank what they typed about others' parts and their links."""
    with tenancy.system("a person's parts in books are erased"):
        _erase(Q(person=person) | Q(email=email))
        Collaborator.objects.filter(invited_by=person).update(message="")
        ShareLink.objects.filter(made_by=person).update(label="")
    record.erase(_("Your parts in others’ books, messages to those you invited to yours, names of your links"))


def erase_address(email: str, record: "Record") -> None:
    """Nothing of an address in any invitation to a book."""
    with tenancy.system("an address is erased"):
        _erase(Q(email=email))
    record.erase(_("Invitations to books"))


def _erase(which: Q) -> None:
    """They stay as facts without an address; no link leads to them."""
    for grant in Collaborator.objects.filter(which):
        grant.email, grant.message = f"erased-{grant.pk.hex}@erased.invalid", ""
        grant.state, grant.ended_at = CollaboratorState.INACTIVE, grant.ended_at or timezone.now()
        grant.save(update_fields=["email", "message", "state", "ended_at", "updated_at"])
        BookKey.objects.filter(subject_id=grant.pk).delete()
