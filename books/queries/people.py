"""Who can read a book: whom its comments may mention, and to whom letters about it may go."""

from django.db.models import Q, QuerySet

from accounts.models import User
from books.models import Book, Collaborator, Visibility
from organizations.models import PERMISSIONS, Membership


def readers_of(book: Book) -> QuerySet[User]:
    """People who are let into the organization and may read the book: by authorship, by a grant, by their role."""
    granted = Collaborator.objects.of(book.organization).filter(book=book).holding()
    inside = Membership.objects.filter(organization=book.organization_id, suspended_at__isnull=True)
    reading = Q(person=book.author_id) | Q(person__in=granted.values("person"))
    if book.visibility != Visibility.PRIVATE:
        by_role = Membership.objects.allowed(PERMISSIONS["books.read_internal"]).filter(
            organization=book.organization_id
        )
        reading |= Q(pk__in=by_role.values("pk"))
    return User.objects.filter(pk__in=inside.filter(reading).values("person"), is_active=True)
