"""The texts of a chapter as a chain of rows: each what changed since the one before, now and then one whole."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from books.models import Book, Chapter, ChapterVersion, RevisionChapter, VersionOrigin
from books.models.provenance import Label
from books.queries.versions import Document, documents, labels_of
from core import deltas
from core.text import digest

ONE_SITTING = timedelta(minutes=10)  # saves of one person within it are one version
# Reading one text undoes at most so many changes, whose payloads together are no longer than the text.
LONGEST_CHAIN = 400


def version_now(chapter: Chapter) -> ChapterVersion:
    """The version that is the text of a locked chapter; made now for a text that came before there were any."""
    if version := newest_of(chapter):
        return version
    version = _first(chapter)
    version.save()
    return version


def newest_of(chapter: Chapter) -> ChapterVersion | None:
    """The newest version, without its payload (one query)."""
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter)
    return rows.order_by("-number").defer("payload").first()


def versions_now(book: Book) -> dict[UUID, UUID]:
    """The version that is the text of each chapter of a locked book (three queries, however many they are)."""
    newest = ChapterVersion.objects.of(book.organization).filter(chapter=OuterRef("pk")).order_by("-number")
    chapters = Chapter.objects.of(book.organization).filter(book=book)
    found = dict(chapters.annotate(newest=Subquery(newest.values("pk")[:1])).values_list("pk", "newest"))
    bare = list(chapters.filter(pk__in=[pk for pk, version in found.items() if version is None]))
    for chapter in bare:
        chapter.organization = book.organization
    made = ChapterVersion.objects.bulk_create(map(_first, bare))
    return found | {version.chapter_id: version.pk for version in made}


def keep(
    chapter: Chapter,
    newest: ChapterVersion,
    after: Document,
    *,
    origin: VersionOrigin,
    by: User | None = None,
    note: str = "",
) -> ChapterVersion:
    """Keep a locked chapter's new title or text: in the newest version where both are of one sitting, else after it."""
    version, below = ChapterVersion(), newest
    if _is_one_sitting(newest, origin, by):
        version, below = newest, _below(newest) or newest
    if version.pk == below.pk:  # the first of all: there is nothing below it
        version.payload, version.is_whole, version.chain_bytes = deltas.whole(after.packed()), True, 0
    else:
        pack(version, below, documents(chapter, [below.number])[below.number], after)
    version.organization, version.chapter, version.number = chapter.organization, chapter, chapter.version
    version.title, version.origin, version.made_by, version.note = chapter.title, origin, by, note
    version.text_digest, version.word_count = digest(after.markdown), chapter.word_count
    version.save()
    return version


def relabel(chapter: Chapter, labels: Sequence[Label]) -> None:
    """Give the version that is a locked chapter's text other labels: nothing else changes, in revisions neither."""
    version, after = version_now(chapter), Document(chapter.markdown, tuple(labels))
    if below := _below(version):
        pack(version, below, documents(chapter, [below.number])[below.number], after)
    else:
        version.payload = deltas.whole(after.packed())
    version.save(update_fields=["payload", "is_whole", "chain_bytes", "updated_at"])


def _first(chapter: Chapter) -> ChapterVersion:
    """The text that stands as the chapter's first version, not saved yet."""
    return ChapterVersion(
        organization=chapter.organization,
        chapter=chapter,
        number=chapter.version,
        title=chapter.title,
        origin=VersionOrigin.WRITTEN,
        payload=deltas.whole(Document(chapter.markdown, labels_of(chapter)).packed()),
        is_whole=True,
        text_digest=digest(chapter.markdown),
        word_count=chapter.word_count,
    )


def pack(version: ChapterVersion, below: ChapterVersion, base: Document, after: Document) -> None:
    """Pack a text as what changed since the one below it, or whole when the chain below has grown as long.

    Or when the changes do not give the text: differences are found by hashes, and what is kept must be exact.
    """
    before, text = base.packed(), after.packed()
    payload = deltas.delta(before, text)
    chain = below.chain_bytes + max(len(payload), len(text) // LONGEST_CHAIN)
    version.is_whole = chain > len(text) or deltas.restored(before, payload) != text
    version.payload, version.chain_bytes = (deltas.whole(text), 0) if version.is_whole else (payload, chain)


def _below(version: ChapterVersion) -> ChapterVersion | None:
    rows = ChapterVersion.objects.of(version.organization).filter(chapter=version.chapter_id)
    return rows.filter(number__lt=version.number).order_by("-number").defer("payload").first()


def _is_one_sitting(newest: ChapterVersion, origin: VersionOrigin, by: User | None) -> bool:
    """Whether a save goes on with the newest version: typing of the same person, which no revision holds."""
    if origin != VersionOrigin.EDITED or newest.origin != origin or by is None or newest.made_by_id != by.pk:
        return False
    if timezone.now() - newest.created_at > ONE_SITTING:
        return False
    return not RevisionChapter.objects.of(newest.organization).filter(version=newest).exists()
