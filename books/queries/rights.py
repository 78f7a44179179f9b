"""What a member may do with one book."""

from books.models import Book, BookAct, Visibility
from books.querysets import rights
from organizations.access import Member


def acts_of(member: Member, book: Book) -> frozenset[BookAct]:
    """Everything the member may do with a book of the organization (one query, none for its author)."""
    if book.author_id == member.person.pk:
        return rights.of_author(member)
    acts = frozenset[BookAct]() if book.visibility == Visibility.PRIVATE else rights.of_others(member)
    for role in rights.grants_of(member).filter(book=book).values_list("role", flat=True):
        acts |= rights.of_grant(member, role)
    return acts


def sees_downloads(member: Member, book: Book) -> bool:
    """Whether the member may see who fetched files of a book that they read, as Book.objects.logged_for says it."""
    if book.author_id == member.person.pk:
        return True
    return book.visibility != Visibility.PRIVATE and member.may("exports.log")
