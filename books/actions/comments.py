"""Comments: begun on a passage or a chapter, answered, edited, deleted, resolved and opened again."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import Book, Chapter, Comment, Mention
from books.queries.people import readers_of
from books.transitions import comment_letters, shelf, texts
from books.transitions.erasing import NOTHING
from core import events
from core.errors import Conflict, Forbidden

MOST_OPEN = 1000  # threads of one chapter: all of them lie over its text


@transaction.atomic
def begin_thread(
    *,
    chapter: Chapter,
    by: User,
    text: str,
    quote: str = "",
    start: int = 0,
    mentioned: Sequence[UUID] = (),
    request_key: UUID | None = None,
) -> Comment:
    """A comment on the passage `quote`, at `start` or the nearest place where it stands; without one, on the chapter.

    The second submit of one form is the comment of the first. Raises Conflict when the passage stands nowhere,
    BookRefused when MOST_OPEN threads of the chapter are open.
    """
    chapter = texts.lock(chapter)
    if earlier := _of_request(chapter.book, request_key):
        return earlier
    _refuse_full(chapter)
    place = _nearest(chapter.markdown, quote, start)
    comment = Comment.objects.create(
        organization=chapter.organization, book=chapter.book, chapter=chapter, author=by, text=text, quote=quote,
        start=place, end=place + len(quote), request_key=request_key,
    )  # fmt: skip
    _tell(comment, by, mentioned)
    return comment


@transaction.atomic
def reply(
    *, thread: Comment, by: User, text: str, mentioned: Sequence[UUID] = (), request_key: UUID | None = None
) -> Comment:
    """An answer in a thread, which is open again by it."""
    book = shelf.lock(thread.book)
    if earlier := _of_request(book, request_key):
        return earlier
    thread = _lock(thread, book)
    comment = Comment.objects.create(
        organization=book.organization, book=book, chapter=thread.chapter, thread=thread, author=by, text=text,
        request_key=request_key,
    )  # fmt: skip
    if thread.resolved_at:
        _resolve(thread, None)
    _tell(comment, by, mentioned)
    return comment


@transaction.atomic
def edit_comment(*, comment: Comment, by: User, text: str, mentioned: Sequence[UUID] = ()) -> None:
    """Say one's own comment in other words; who is newly mentioned is told. Raises Forbidden for another's."""
    comment = _own(comment, by)
    if comment.deleted_at:
        raise BookRefused(_("This comment is deleted."), code="deleted")
    if text != comment.text:
        comment.text, comment.edited_at = text, timezone.now()
        comment.save(update_fields=["text", "edited_at", "updated_at"])
    _tell(comment, by, mentioned, is_new=False)


@transaction.atomic
def delete_comment(*, comment: Comment, by: User) -> None:
    """Delete one's own comment; one that others answered loses its words alone. Deleted twice is deleted once."""
    if not Comment.objects.of(comment.organization).filter(pk=comment.pk).exists():
        return
    comment = _own(comment, by)
    answers = Comment.objects.of(comment.organization).filter(thread=comment)
    if comment.thread is None and answers.exists():
        Mention.objects.of(comment.organization).filter(comment=comment).delete()
        comment.text, comment.deleted_at = NOTHING, timezone.now()
        comment.save(update_fields=["text", "deleted_at", "updated_at"])
    else:
        _take_away(comment)
    audit.record("comment.deleted", actor=by, target=comment.chapter)
    events.changed(comment.book_id)


@transaction.atomic
def resolve_thread(*, thread: Comment, by: User, may_decide: bool, resolved: bool = True) -> None:
    """Close a thread, or open it again: whoever began it, or who may decide about the text; refused to others."""
    thread = _lock(thread, shelf.lock(thread.book))
    if not may_decide and thread.author_id != by.pk:
        raise BookRefused(_("Only who began a thread, or may change the text, resolves it."), code="not_theirs")
    if bool(thread.resolved_at) == resolved:
        return
    _resolve(thread, by if resolved else None)
    audit.record("comment.resolved" if resolved else "comment.reopened", actor=by, target=thread.chapter)
    events.changed(thread.book_id)


def _of_request(book: Book, request_key: UUID | None) -> Comment | None:
    made = Comment.objects.of(book.organization).filter(request_key=request_key)
    return made.select_related("chapter").first() if request_key else None


def _refuse_full(chapter: Chapter) -> None:
    threads = Comment.objects.of(chapter.organization).filter(chapter=chapter, thread__isnull=True)
    if threads.filter(resolved_at__isnull=True).count() >= MOST_OPEN:
        said = _("A chapter holds %(most)d open threads at most: resolve some of them first.") % {"most": MOST_OPEN}
        raise BookRefused(said, code="full")


def _nearest(text: str, quote: str, start: int) -> int:
    """Where the quote stands, nearest to that place; 0 without a quote. Raises Conflict where it stands nowhere."""
    if not quote or text.startswith(quote, start):
        return start if quote else 0
    before, behind = text.rfind(quote, 0, start + len(quote)), text.find(quote, start)
    found = [place for place in (before, behind) if place >= 0]
    if not found:
        raise Conflict(_("This passage is not in the text as it is stored now. Save the text, then comment again."))
    return min(found, key=lambda place: abs(place - start))


def _lock(comment: Comment, book: Book) -> Comment:
    """The comment under its row's lock, after its book's."""
    rows = Comment.objects.of(book.organization).select_for_update(of=("self",))
    locked = rows.select_related("thread", "chapter").get(pk=comment.pk)
    locked.book, locked.organization = book, book.organization
    return locked


def _own(comment: Comment, by: User) -> Comment:
    locked = _lock(comment, shelf.lock(comment.book))
    if locked.author_id != by.pk:
        raise Forbidden(_("Only who wrote a comment changes it."))
    return locked


def _take_away(comment: Comment) -> None:
    """Delete a row, and what began its thread when that was deleted before and nobody else has answered."""
    above = comment.thread
    comment.delete()
    if above and above.deleted_at and not Comment.objects.of(comment.organization).filter(thread=above).exists():
        above.delete()


def _resolve(thread: Comment, by: User | None) -> None:
    if by is None:
        _refuse_full(thread.chapter)
    thread.resolved_by, thread.resolved_at = by, timezone.now() if by else None
    thread.save(update_fields=["resolved_by", "resolved_at", "updated_at"])


def _tell(comment: Comment, by: User, mentioned: Sequence[UUID], *, is_new: bool = True) -> None:
    """Keep who is mentioned, of those who can read the book; write to the new ones and, of a new reply, to its thread.

    Words said in another way tell nobody but who is mentioned by them now.
    """
    known = set(Mention.objects.of(comment.organization).filter(comment=comment).values_list("person_id", flat=True))
    asked = set(readers_of(comment.book).filter(pk__in=mentioned).values_list("pk", flat=True)) if mentioned else set()
    new = asked - known
    Mention.objects.bulk_create(
        Mention(organization=comment.organization, comment=comment, person_id=person_id) for person_id in sorted(new)
    )
    if is_new or new:
        comment_letters.tell(comment, mentioned=new, only_mentioned=not is_new)
    audit.record("comment.made" if is_new else "comment.edited", actor=by, target=comment.chapter)
    events.changed(comment.book_id)
