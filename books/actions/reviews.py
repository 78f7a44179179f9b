"""A model asked to read a chapter, or a passage of it, and to suggest changes."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from billing.models import Act
from books.actions import assistance
from books.errors import BookRefused
from books.models import ACTIVE_RUN_STATES, Chapter, Review, RunKind
from books.queries.extracts import Extract
from books.transitions import suggestions, texts
from core.text import count_words


@transaction.atomic
def order_review(
    *, chapter: Chapter, by: User, kinds: Sequence[str], chosen: Extract | None, accepted_credits: int
) -> Review:
    """Have a chapter read for suggestions of these kinds; the same order again is the one at work.

    Raises BookRefused without text or room for a suggestion, at a price not agreed to, or while the book's own run is
    not over; Conflict when the passage has changed.
    """
    chapter = texts.lock(chapter)
    assistance.refuse_unwritten(chapter)
    passage = assistance.standing(chapter, chosen) if chosen else None
    place = [passage.start, passage.end] if passage else None
    working = Review.objects.of(chapter.organization).filter(chapter=chapter, run__state__in=ACTIVE_RUN_STATES)
    if same := working.filter(kinds=kinds, base_markdown=chapter.markdown, run__brief__passage=place).first():
        return same
    words = count_words(passage.quote if passage else chapter.markdown)
    if not words:
        raise BookRefused(_("Choose a passage with at least one word."), code="empty")
    suggestions.refuse_full(chapter)
    run = assistance.place(
        chapter=chapter, by=by, kind=RunKind.SUGGEST, act=Act.SUGGEST, words=words, aim=words,
        accepted=accepted_credits, brief={"passage": place},
    )  # fmt: skip
    return Review.objects.create(
        organization=chapter.organization, chapter=chapter, run=run, kinds=kinds, base_markdown=chapter.markdown
    )
