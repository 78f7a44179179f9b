"""Paragraphs marked as reviewed; any edit of one takes its mark away."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.models import Chapter
from books.queries.versions import labels_of
from books.transitions import provenance, revisions, texts, versions
from core.errors import Conflict


@transaction.atomic
def review_paragraphs(
    *, chapter: Chapter, by: User, version: int, places: Collection[int] | None, reviewed: bool = True
) -> int:
    """Mark paragraphs (from 0; None: all) of a chapter's version as reviewed, or take that back; how many changed.

    The text and its number stay as they are. Raises Conflict once the chapter is no longer of that version.
    """
    chapter = texts.lock(chapter)
    if chapter.version != version:
        raise Conflict(_("The chapter has changed meanwhile. Look at its paragraphs again."), code="changed")
    labels = labels_of(chapter)
    chosen = range(len(labels)) if places is None else places
    hand, today = (str(by.pk), timezone.now().date().isoformat()) if reviewed else ("", "")
    open_ones = [place for place in chosen if place < len(labels) and bool(labels[place].reviewed_by) != reviewed]
    if not open_ones:
        return 0
    after = provenance.reviewed(labels, open_ones, hand, today)
    revisions.take_daily(chapter.book)
    versions.relabel(chapter, after)
    chapter.labels = [label.as_json() for label in after]
    chapter.label_words = provenance.words_by_origin(chapter.markdown, after)
    chapter.save(update_fields=["labels", "label_words", "updated_at"])
    details = {"position": chapter.position, "paragraphs": len(open_ones)}
    audit.record("chapter.reviewed" if reviewed else "chapter.unreviewed", actor=by, target=chapter, details=details)
    return len(open_ones)
