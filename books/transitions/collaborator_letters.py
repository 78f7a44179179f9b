"""E-mails about a part in a book: part of the act they tell of, each in its reader's language."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from accounts.queries import unsubscribing
from books.models import Collaborator
from core import mail, rate_limits
from core.errors import TooMany, Unavailable


def send_invitation(grant: Collaborator, token: str) -> None:
    """The link, to the invited address, in the invitation's language."""
    with override(grant.language):
        facts = {
            "grant": grant,
            "book": grant.book,
            "organization": grant.organization,
            "url": settings.SITE_URL + reverse("book_join", args=[token]),
        }
        mail.write("collaborator_invitation", facts, to=grant.email)


def tell_given(grant: Collaborator, by: User) -> None:
    """To a member: that they have a part in a book from now on."""
    _write("given", _person(grant), grant, by)


def tell_changed(grant: Collaborator, by: User) -> None:
    """To the collaborator: what they may do from now on. Whoever has not answered yet sees it behind their link.

    Beyond the limits of invitations the change stands all the same, and no letter is written.
    """
    if grant.person is None:
        return
    try:
        rate_limits.hit("collaborator", account=grant.email, giver=by.pk)
    except (TooMany, Unavailable):
        return
    _write("changed", grant.person, grant, by)


def tell_ended(grant: Collaborator, by: User) -> None:
    """To the collaborator: that they have no part in the book any more."""
    _write("ended", _person(grant), grant, by)


def tell_joined(grant: Collaborator) -> None:
    """To who invited: that it was accepted."""
    _write("joined", grant.invited_by, grant, _person(grant))


def tell_left(grant: Collaborator) -> None:
    """To the book's author: that somebody left."""
    _write("left", grant.book.author, grant, _person(grant))


def _person(grant: Collaborator) -> User:
    assert grant.person is not None  # noqa: S101  # an active grant is somebody's: collaborator_active_is_somebody
    return grant.person


def _write(what: str, to: User, grant: Collaborator, by: User) -> None:
    """One mail of emails/collaborator.*; `what` chooses its words. Those about others end with their wish."""
    about_others = what in {"joined", "left"}
    if not to.is_active or (about_others and not to.mails_about_members):
        return
    slug, book = grant.organization.slug, grant.book
    page = "books:collaborators" if about_others else "books:book"
    with override(to.language):
        facts = {
            "what": what,
            "person": to,
            "by": by,
            "grant": grant,
            "book": book,
            "organization": grant.organization,
            "url": settings.SITE_URL + reverse(page, args=[slug, book.pk]),
            "end_url": unsubscribing.link(to, "mails_about_members"),
        }
        headers = unsubscribing.headers(to, "mails_about_members") if about_others else None
        mail.write("collaborator", facts, to=to.email, headers=headers)
