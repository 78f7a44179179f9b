"""Who may do what with a book: its author, collaborators by their grant, others by their role (ruling 22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from books.models import Collaborator
    from organizations.access import Member


class BookAct(TextChoices):
    """What can be done with a book."""

    READ = "read", _("read it")
    ASK = "ask", _("ask questions about it")
    COMMENT = "comment", _("comment on it")
    SUGGEST = "suggest", _("suggest changes")
    DECIDE = "decide", _("accept and reject suggestions")
    EDIT = "edit", _("change its text")
    ARRANGE = "arrange", _("add, move and remove chapters")
    REVISE = "revise", _("keep and restore revisions")
    ORDER = "order", _("spend credits on it")
    SHARE = "share", _("share it by links")
    COLLABORATE = "collaborate", _("invite collaborators")
    PUBLISH = "publish", _("publish it and take it back")
    REMOVE = "remove", _("archive and delete it")


class CollaboratorRole(TextChoices):
    """What a collaborator is to a book."""

    VIEWER = "viewer", _("viewer")
    COMMENTER = "commenter", _("commenter")
    EDITOR = "editor", _("editor")
    ADMIN = "admin", _("admin")


_READS = frozenset({BookAct.READ})
_COMMENTS = _READS | {BookAct.COMMENT, BookAct.SUGGEST}
_EDITS = _COMMENTS | {BookAct.DECIDE, BookAct.EDIT, BookAct.ARRANGE, BookAct.REVISE}
_LEADS = _EDITS | {BookAct.ASK, BookAct.ORDER, BookAct.SHARE, BookAct.COLLABORATE}

# What a grant gives. Publishing, archiving and deleting follow the role in the organization, never a grant.
GRANTED: dict[CollaboratorRole, frozenset[BookAct]] = {
    CollaboratorRole.VIEWER: _READS,
    CollaboratorRole.COMMENTER: _COMMENTS,
    CollaboratorRole.EDITOR: _EDITS,
    CollaboratorRole.ADMIN: _LEADS,
}
# What a permission is needed for besides: of one's own book, and of others' that are not private.
_OWN = {BookAct.PUBLISH: "books.manage_own", BookAct.REMOVE: "books.manage_own"}
_OTHERS = {
    BookAct.READ: "books.read_internal",
    BookAct.ASK: "books.read_internal",
    BookAct.DECIDE: "corrections.decide",
}


def of_author(member: Member) -> frozenset[BookAct]:
    """What the member may do with their own books."""
    return frozenset(act for act in BookAct if act not in _OWN or member.may(_OWN[act]))


def of_others(member: Member) -> frozenset[BookAct]:
    """What the member may do with others' books that are not private, without a grant."""
    acts = frozenset(act for act in BookAct if member.may(_OTHERS.get(act, "books.manage_internal")))
    return (
        acts | _COMMENTS if BookAct.DECIDE in acts and BookAct.READ in acts else acts
    )  # who decides looks and answers


def of_grant(member: Member, role: str) -> frozenset[BookAct]:
    """What a grant of that role gives the member. Members spend the organization's credits, guests only who lead."""
    acts = GRANTED[CollaboratorRole(role)]
    if member.role == "guest":
        return acts
    return acts | {BookAct.ASK} | ({BookAct.ORDER} if role == CollaboratorRole.EDITOR else set())


def condition(member: Member, act: BookAct) -> Q:
    """The books of which the member may do that."""
    found = Q(author=member.person) if act in of_author(member) else Q(pk__in=[])
    if act in of_others(member):
        found |= ~Q(author=member.person) & ~Q(visibility="private")
    roles = [role for role in CollaboratorRole if act in of_grant(member, role)]
    return found | Q(pk__in=granted(member, roles)) if roles else found


def granted(member: Member, roles: list[CollaboratorRole]) -> QuerySet[Collaborator, Any]:
    """Ids of the books on which the member has one of these grants."""
    return grants_of(member).filter(role__in=roles).values("book")


def grants_of(member: Member) -> QuerySet[Collaborator]:
    """The grants that hold for the member: none from before a membership that ended."""
    grants: QuerySet[Collaborator] = apps.get_model("books", "Collaborator").objects.of(member.organization)
    return grants.filter(person=member.person, state="active", accepted_at__gte=member.since)
