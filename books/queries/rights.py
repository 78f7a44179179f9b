"""What a member may do with one book."""

from books.models import Book, BookAct, Collaborator, CollaboratorState, Visibility
from books.querysets import rights
from organizations.access import Member


def acts_of(member: Member, book: Book) -> frozenset[BookAct]:
    """Everything the member may do with a book of the organization (one query, none for its author)."""
    if book.author_id == member.person.pk:
        return rights.of_author(member)
    acts = frozenset[BookAct]() if book.visibility == Visibility.PRIVATE else rights.of_others(member)
    grants = Collaborator.objects.of(member.organization).filter(
        book=book, person=member.person, state=CollaboratorState.ACTIVE
    )
    for role in grants.values_list("role", flat=True):
        acts |= rights.of_grant(member, role)
    return acts
