"""Who else works on a book: inviting, changing, ending, and what the invited person answers."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from books.errors import BookRefused
from books.models import Book, BookKey, BookKeyKind, Collaborator, CollaboratorRole, CollaboratorState
from books.querysets import CollaboratorQuerySet
from books.transitions import collaborator_letters as letters
from books.transitions import shelf
from core import digests, rate_limits
from organizations.actions.guests import admit_guest
from organizations.actions.invitations import LIFETIME, REST
from organizations.models import Membership
from organizations.transitions.locking import lock


@transaction.atomic
def invite_collaborators(
    *, book: Book, by: User, emails: Sequence[str], role: CollaboratorRole, message: str = "", language: str = "en"
) -> list[Collaborator]:
    """Give each address a part in the book: members of the organization at once, everybody else by a mailed link.

    All or none; an address with an open invitation gets a new link in its place. Raises BookRefused for the author and
    for who works on the book already, TooMany when invited too often.
    """
    lock(book.organization)
    book = shelf.lock(book)
    asked = list(dict.fromkeys(email.strip().lower() for email in emails))
    places = _members(book, asked)
    known = _known(book, asked, places)
    made = []
    for email in asked:
        grant = known.get(email) or Collaborator(organization=book.organization, book=book, email=email)
        grant.book, grant.organization = book, book.organization
        grant.role, grant.message, grant.language, grant.invited_by = role, message, language, by
        if place := places.get(email):
            rate_limits.hit("collaborator", account=email, giver=by.pk)
            _activate(grant, place.person)
            letters.tell_given(grant, by)
        else:
            _send(grant)
        _write_down("collaborator.given" if place else "collaborator.invited", by, grant)
        made.append(grant)
    return made


@transaction.atomic
def resend_collaborator(*, grant: Collaborator, by: User) -> None:
    """Mail a new link, good for seven days more; the old one is dead. Raises BookRefused within a minute."""
    grant = _lock(grant)
    _refuse_unless_pending(grant)
    if grant.sent_at and timezone.now() - grant.sent_at < REST:
        raise BookRefused(_("It was sent a moment ago. Wait a minute before sending it again."), code="rest")
    grant.invited_by = by
    _send(grant)
    _write_down("collaborator.resent", by, grant)


@transaction.atomic
def change_collaborator(*, grant: Collaborator, by: User, role: CollaboratorRole) -> bool:
    """Give another role on the book; whether it was another."""
    grant = _lock(grant)
    if grant.state == CollaboratorState.INACTIVE:
        raise BookRefused(_("This person does not work on the book any more: invite them again."), code="over")
    if grant.role == role:
        return False
    before, grant.role = grant.role, role
    grant.save(update_fields=["role", "updated_at"])
    _write_down("collaborator.changed", by, grant, changes={"part": (before, role)})
    letters.tell_changed(grant, by)
    return True


@transaction.atomic
def end_collaborator(*, grant: Collaborator, by: User) -> bool:
    """Withdraw an invitation, or end a part in the book at once; whether there was one. `by` oneself: one leaves."""
    grant = _lock(grant)
    if grant.state == CollaboratorState.INACTIVE:
        return False
    joined = grant.state == CollaboratorState.ACTIVE
    _end(grant)
    _write_down("collaborator.left" if grant.person_id == by.pk else "collaborator.ended", by, grant)
    if joined and grant.person_id == by.pk:
        letters.tell_left(grant)
    elif joined:
        letters.tell_ended(grant, by)
    return True


@transaction.atomic
def accept_collaboration(*, grant: Collaborator, person: User) -> Collaborator:
    """Give the person the offered part, and a guest's place in the organization; of many at once, one succeeds.

    Raises BookRefused when the offer is over, the book is away, or the person has a part in it already.
    """
    organization = lock(grant.organization)
    grant = _lock(grant)
    _refuse_unless_pending(grant)
    if grant.expires_at is None or grant.expires_at <= timezone.now():
        raise BookRefused(_("This invitation has expired: ask for a new one."), code="expired")
    if grant.book.trashed_at:
        raise BookRefused(_("This book has been put away. Ask whoever invited you."), code="put_away")
    if grant.book.author_id == person.pk:
        raise BookRefused(_("You are the author of this book."), code="author")
    admit_guest(organization=organization, person=person)
    theirs = _grants(grant.book).filter(person=person)
    if theirs.holding().exists():
        raise BookRefused(_("You work on this book already."), code="collaborator")
    for other in theirs.lapsed():
        _end(other)
    _activate(grant, person)
    _write_down("collaborator.joined", person, grant)
    letters.tell_joined(grant)
    return grant


@transaction.atomic
def decline_collaboration(*, grant: Collaborator, person: User | None) -> None:
    """Turn an offer down: its link is dead. None is somebody without an account who holds the link."""
    grant = _lock(grant)
    _refuse_unless_pending(grant)
    _end(grant)
    _write_down("collaborator.declined", person, grant)


def _members(book: Book, emails: Sequence[str]) -> dict[str, Membership]:
    """Places in the organization, by address. Raises BookRefused for the author's."""
    if book.author.email.lower() in emails:
        raise BookRefused(_("The author may do everything with this book already."), code="author")
    places = Membership.objects.filter(organization=book.organization, person__is_active=True)
    return {one.person.email.lower(): one for one in places.filter(person__email__in=emails).select_related("person")}


def _known(book: Book, emails: Sequence[str], places: dict[str, Membership]) -> dict[str, Collaborator]:
    """Open invitations by address; grants from before a membership that ended are ended on the way.

    Raises BookRefused, naming them, when some work on the book already: whoever invites sees them anyway.
    """
    rows = _grants(book).filter(Q(email__in=emails) | Q(person__in=[place.person_id for place in places.values()]))
    if held := sorted(rows.holding().values_list("email", flat=True)):
        said = {"emails": ", ".join(held)}
        raise BookRefused(_("Already working on this book: %(emails)s.") % said, code="collaborator")
    for grant in rows.lapsed():
        _end(grant)
    return {one.email: one for one in rows.filter(state=CollaboratorState.PENDING)}


def _grants(book: Book) -> CollaboratorQuerySet:
    return Collaborator.objects.of(book.organization).filter(book=book)


def _activate(grant: Collaborator, person: User) -> None:
    """The person's from now on; the link is dead."""
    grant.person, grant.state = person, CollaboratorState.ACTIVE
    grant.accepted_at, grant.expires_at = timezone.now(), None
    grant.save()
    _close(grant)


def _send(grant: Collaborator) -> None:
    """Save the offer with a new link and mail it. Raises TooMany."""
    rate_limits.hit("collaborator", account=grant.email, giver=grant.invited_by_id)
    now = timezone.now()
    grant.sent_at, grant.expires_at = now, now + LIFETIME
    grant.save()
    _close(grant)
    token = digests.new_token()
    BookKey.objects.create(
        organization=grant.organization,
        kind=BookKeyKind.COLLABORATOR,
        key=digests.of_token(token),
        subject_id=grant.pk,
    )
    letters.send_invitation(grant, token)


def _end(grant: Collaborator) -> None:
    grant.state, grant.ended_at, grant.expires_at = CollaboratorState.INACTIVE, timezone.now(), None
    grant.save(update_fields=["state", "ended_at", "expires_at", "updated_at"])
    _close(grant)


def _close(grant: Collaborator) -> None:
    """Its link finds nothing any more."""
    BookKey.objects.filter(kind=BookKeyKind.COLLABORATOR, subject_id=grant.pk).delete()


def _lock(grant: Collaborator) -> Collaborator:
    rows = Collaborator.objects.of(grant.organization).select_for_update(of=("self",))
    related = ("organization", "book__author", "book__organization", "person", "invited_by")
    return rows.select_related(*related).get(pk=grant.pk)


def _refuse_unless_pending(grant: Collaborator) -> None:
    """Raises BookRefused for an offer that came to its end."""
    if grant.state == CollaboratorState.ACTIVE:
        raise BookRefused(_("This invitation was accepted already."), code="accepted")
    if grant.state == CollaboratorState.INACTIVE:
        raise BookRefused(_("This invitation does not hold any more: ask for a new one."), code="over")


def _write_down(
    action: str, by: User | None, grant: Collaborator, *, changes: Mapping[str, tuple[object, object]] | None = None
) -> None:
    audit.record(
        action,
        actor=by,
        target=grant,
        details={"part": grant.role},
        changes=changes,
        personal={"email": grant.email},
        severity=Severity.MEDIUM,
    )
