"""What was found in a whole book replaced, and that undone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import Book, Chapter, ChapterVersion, Revision, RevisionKind, VersionOrigin
from books.models.provenance import Hand
from books.queries import versions
from books.queries.replacing import MOST_HITS, search_for
from books.queries.states import held_by
from books.transitions import chapters, revisions, texts
from core.diffs import Changes, Edit
from core.patterns import Hit, Sought
from core.text import normalize


@dataclass(frozen=True)
class Replaced:
    """What was done: places, chapters, how many chapters had changed since they were looked at, and what undoes it."""

    places: int
    chapters: int
    changed: int
    before: UUID | None


@transaction.atomic
def replace_in_book(
    *,
    book: Book,
    by: User,
    sought: Sought,
    replacement: str,
    seen: Mapping[UUID, int],
    chosen: Mapping[UUID, set[int]] | None,
) -> Replaced:
    """Replace places in chapters that are still of the version they were seen in; `chosen` None means every place.

    Raises BadPattern for what cannot be searched, BookRefused for a text that would become too long.
    """
    book = chapters.lock(book)
    wanted = seen if chosen is None else chosen.keys() & seen.keys()
    rows = Chapter.objects.of(book.organization).filter(book=book, pk__in=wanted).order_by("id").select_for_update()
    standing = {row.pk: row for row in rows}
    changed = [pk for pk in wanted if pk not in standing or standing[pk].version != seen[pk]]
    search, left = search_for(sought, replacement), MOST_HITS
    hits: dict[UUID, list[Hit]] = {}
    for chapter in sorted(standing.values(), key=lambda one: one.position):
        if chapter.pk not in changed:
            found = (one for one in search.hits(chapter.markdown) if chosen is None or one.start in chosen[chapter.pk])
            hits[chapter.pk] = list(islice(found, left))
            left -= len(hits[chapter.pk])
    done = {pk: places for pk, places in hits.items() if places}
    before = revisions.take(book, RevisionKind.BEFORE, by=by, message=_("Before find and replace")) if done else None
    for pk, places in done.items():
        _replace(book, standing[pk], places, by=by, note=f"{sought.text} → {replacement}")
    number = sum(map(len, done.values()))
    if done:
        audit.record("book.replaced", actor=by, target=book, details={"places": number, "chapters": len(done)})
    return Replaced(number, len(done), len(changed), before.pk if before else None)


@transaction.atomic
def undo_replacing(*, book: Book, by: User, before: UUID) -> tuple[int, int]:
    """Give the chapters that the person's replacing changed back the texts of the revision before it.

    Returns how many came back, and how many have changed since and stay as they are.
    """
    book = chapters.lock(book)
    revision = Revision.objects.of(book.organization).filter(book=book, pk=before).first()
    if revision is None:
        raise BookRefused(_("This can no longer be undone."), code="no_revision")
    back, stay = 0, 0
    for chapter, held, since in _replaced_since(book, revision):
        if len(since) > 1 or since[0].made_by_id != by.pk:
            stay += 1
            continue
        earlier = versions.documents(chapter, [held])[held]
        texts.replace(
            chapter,
            earlier.markdown,
            hand=Hand.of_person(by.pk),
            origin=VersionOrigin.RESTORED,
            by=by,
            labels=earlier.labels,
        )
        back += 1
    if back:
        audit.record("book.replacing_undone", actor=by, target=book, details={"chapters": back})
    return back, stay


def _replaced_since(book: Book, revision: Revision) -> Iterator[tuple[Chapter, int, list[ChapterVersion]]]:
    """Locked chapters whose version after the revision's was a replacement: the revision's number, those since."""
    numbers = dict(held_by(book, revision).values_list("chapter_id", "version__number"))
    rows = Chapter.objects.of(book.organization).filter(book=book, pk__in=numbers).order_by("id").select_for_update()
    for chapter in rows:
        later = chapter.versions.of(book.organization).filter(number__gt=numbers[chapter.pk]).order_by("number")
        since = list(later.defer("payload"))
        if since and since[0].origin == VersionOrigin.REPLACED:
            chapter.book, chapter.organization = book, book.organization
            yield chapter, numbers[chapter.pk], since


def _replace(book: Book, chapter: Chapter, hits: list[Hit], *, by: User, note: str) -> None:
    chapter.book, chapter.organization = book, book.organization
    pieces, edits, reached, shift = [], [], 0, 0
    for hit in hits:
        pieces += [chapter.markdown[reached : hit.start], hit.becomes]
        edits.append(Edit(hit.start, hit.end, hit.start + shift, hit.start + shift + len(hit.becomes)))
        reached, shift = hit.end, shift + len(hit.becomes) - (hit.end - hit.start)
    exact = "".join([*pieces, chapter.markdown[reached:]])
    text = normalize(exact)  # a letter and an accent that were put beside each other are one
    changes, hand = Changes(edits) if text == exact else None, Hand.of_person(by.pk)
    texts.replace(chapter, text, hand=hand, origin=VersionOrigin.REPLACED, by=by, note=note[:1000], changes=changes)
