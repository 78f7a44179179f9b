"""The one way a chapter's text changes: numbered, kept as a version, its labels and its readers' passages with it."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from books.models import Book, Chapter, ChapterVersion, RevisionChapter, VersionOrigin
from books.models.provenance import Hand, Label, Source, labels_from
from books.queries.versions import Document, documents
from books.transitions import anchors, provenance, shelf
from core import deltas, events
from core.diffs import Changes
from core.text import count_words, digest

ONE_SITTING = timedelta(minutes=10)  # saves of one person within it are one version


def lock(chapter: Chapter) -> Chapter:
    """The chapter under its book's lock, which files are read under too, and its own.

    Raises BookRefused while the book is in the trash, Chapter.DoesNotExist for a chapter that is.
    """
    book = shelf.lock(chapter.book)
    locked = Chapter.objects.of(book.organization).select_for_update(of=("self",)).get(pk=chapter.pk)
    locked.book, locked.organization = book, book.organization
    return locked


def replace(
    chapter: Chapter,
    markdown: str,
    *,
    hand: Hand,
    origin: VersionOrigin,
    by: User | None = None,
    note: str = "",
    labels: Sequence[Label] | None = None,
    changes: Changes | None = None,
) -> ChapterVersion | None:
    """Give a locked chapter another text; None when it is the same one already.

    `labels` of the new text, and the `changes` that made it, where the caller knows better than what can be told from
    both texts.
    """
    if markdown == chapter.markdown:
        return None
    newest = _newest(chapter) or _first(chapter)
    before = Document(chapter.markdown, labels_of(chapter))
    after = Document(
        markdown,
        tuple(labels) if labels is not None else provenance.carried(before.markdown, before.labels, markdown, hand),
    )
    anchors.move(chapter, before.markdown, markdown, changes)
    _store(chapter, after, chapter.version + 1)
    version = _keep(chapter, newest, before, after, origin=origin, by=by, note=note)
    touch(chapter.book)
    return version


def begin(chapter: Chapter, markdown: str, hand: Hand) -> None:
    """Give a chapter the first text it has: what stood before it was never a version."""
    _store(chapter, Document(markdown, provenance.fresh(markdown, hand)), chapter.version)
    touch(chapter.book)


def rename(chapter: Chapter, title: str) -> None:
    """Give a locked chapter another title: its number rises, for whoever edits it meanwhile."""
    chapter.title, chapter.version = title, chapter.version + 1
    chapter.save(update_fields=["title", "version", "updated_at"])
    touch(chapter.book)


def touch(book: Book) -> None:
    """What a reader sees has changed."""
    Book.objects.of(book.organization).filter(pk=book.pk).update(content_changed_at=Now(), updated_at=Now())
    events.changed(book.pk)


def version_now(chapter: Chapter) -> ChapterVersion:
    """The version that is the text of a locked chapter; made now for a text that came before there were any."""
    return _newest(chapter) or _first(chapter)


def labels_of(chapter: Chapter) -> tuple[Label, ...]:
    """The labels of a chapter's text; the model's for a text from before there were labels."""
    if chapter.labels or not chapter.markdown:
        return labels_from(chapter.labels)
    return provenance.fresh(chapter.markdown, Hand(Source.MODEL, ""))


def _newest(chapter: Chapter) -> ChapterVersion | None:
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter)
    return rows.order_by("-number").defer("payload").first()


def _first(chapter: Chapter) -> ChapterVersion:
    """Keep the text that stands as the chapter's first version."""
    payload = deltas.whole(Document(chapter.markdown, labels_of(chapter)).packed())
    return ChapterVersion.objects.create(
        organization=chapter.organization,
        chapter=chapter,
        number=chapter.version,
        title=chapter.title,
        origin=VersionOrigin.WRITTEN,
        payload=payload,
        is_whole=True,
        text_digest=digest(chapter.markdown),
        word_count=chapter.word_count,
    )


def _store(chapter: Chapter, document: Document, number: int) -> None:
    chapter.markdown, chapter.word_count = document.markdown, count_words(document.markdown)
    chapter.labels = [label.as_json() for label in document.labels]
    chapter.label_words = provenance.words_by_origin(document.markdown, document.labels)
    chapter.version = number
    chapter.save(update_fields=["markdown", "word_count", "labels", "label_words", "version", "updated_at"])


def _keep(
    chapter: Chapter,
    newest: ChapterVersion,
    before: Document,
    after: Document,
    *,
    origin: VersionOrigin,
    by: User | None,
    note: str,
) -> ChapterVersion:
    """Keep the new text: in the place of the newest version where both are of one sitting, else after it."""
    version = newest if _is_one_sitting(newest, origin, by) else ChapterVersion()
    base, below = before, newest
    if version is newest and not newest.is_whole:
        below = _below(newest)
        base = documents(chapter, [below.number])[below.number]
    _pack(version, base, below, after)
    version.organization, version.chapter, version.number = chapter.organization, chapter, chapter.version
    version.title, version.origin, version.made_by, version.note = chapter.title, origin, by, note
    version.text_digest, version.word_count = digest(after.markdown), chapter.word_count
    version.save()
    return version


def _pack(version: ChapterVersion, base: Document, below: ChapterVersion, after: Document) -> None:
    """Pack a text as what changed since the one below, or whole when that has grown as long."""
    whole = deltas.whole(after.packed())
    if version.pk == below.pk and version.is_whole:
        version.payload, version.is_whole, version.chain_bytes = whole, True, 0
        return
    delta = deltas.delta(base.packed(), after.packed())
    chain = below.chain_bytes + len(delta)
    version.is_whole = chain > len(whole)
    version.payload, version.chain_bytes = (whole, 0) if version.is_whole else (delta, chain)


def _below(version: ChapterVersion) -> ChapterVersion:
    rows = ChapterVersion.objects.of(version.organization).filter(chapter=version.chapter_id)
    return rows.filter(number__lt=version.number).order_by("-number").defer("payload")[0]


def _is_one_sitting(newest: ChapterVersion, origin: VersionOrigin, by: User | None) -> bool:
    """Whether a save goes on with the newest version: typing of the same person, which no revision holds."""
    if origin != VersionOrigin.EDITED or newest.origin != origin or by is None or newest.made_by_id != by.pk:
        return False
    if timezone.now() - newest.created_at > ONE_SITTING:
        return False
    return not RevisionChapter.objects.of(newest.organization).filter(version=newest).exists()
