"""Where readers are."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from books.models import Chapter, ReadingPlace


@transaction.atomic
def save_place(*, chapter: Chapter, reader: User, paragraph: int) -> None:
    """Remember the chapter and the paragraph (from 0) at the top of the reader's screen: one place a book.

    Not in the trail: what somebody reads, and how fast, is nobody else's business.
    """
    place = ReadingPlace(
        organization_id=chapter.organization_id,
        person=reader,
        book_id=chapter.book_id,
        chapter=chapter,
        paragraph=paragraph,
        updated_at=timezone.now(),
    )
    ReadingPlace.objects.bulk_create(
        [place],
        update_conflicts=True,
        unique_fields=["person", "book"],
        update_fields=["chapter", "paragraph", "updated_at"],
    )
