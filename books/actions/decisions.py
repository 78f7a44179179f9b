"""Suggestions decided: accepted, rejected, ignored, one or many at once; withdrawn by who made them; and undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import (
    Book,
    Chapter,
    ChapterVersion,
    RevisionKind,
    Suggestion,
    SuggestionSource,
    SuggestionState,
    VersionOrigin,
)
from books.models.provenance import Hand, Label
from books.queries import versions
from books.transitions import anchors, proposals, provenance, revisions, shelf, texts
from core import events
from core.errors import Conflict
from core.ids import new_id
from core.text import digest

ACTS = {
    SuggestionState.APPLIED: "suggestion.applied",
    SuggestionState.REJECTED: "suggestion.rejected",
    SuggestionState.IGNORED: "suggestion.ignored",
}


@dataclass(frozen=True)
class Decided:
    """One press of a button: its id, how many suggestions it decided, how many of those meant it could not."""

    decision: UUID
    done: int
    left: int


@transaction.atomic
def accept_suggestions(*, book: Book, by: User, chosen: QuerySet[Suggestion]) -> Decided:
    """Put the proposals of the chosen open suggestions into their chapters, one new version a chapter.

    Of two that overlap the first by place, then age, is accepted; what does not stand in the text any more is left
    open. More than one at once are accepted after a revision. Raises Conflict when none of them fits.
    """
    book = shelf.lock(book)
    rows = _open(book, chosen)
    decision = new_id()
    if not rows:
        return Decided(decision, 0, 0)
    if len(rows) > 1:
        number = len(rows)
        said = ngettext(
            "Before %(number)d suggestion was accepted", "Before %(number)d suggestions were accepted", number
        )
        revisions.take(book, RevisionKind.BEFORE, by=by, message=said % {"number": number})
    done: list[UUID] = []
    # Chapters that had no text: what is put in at an empty place is not behind it; and white space looks like nothing.
    begun = []
    for chapter, group in _by_chapter(book, rows):
        fitting = proposals.fitting(chapter.markdown, group)
        begun += [] if chapter.markdown and all(one.proposal.strip() for one in fitting) else [chapter]
        _put_in(chapter, fitting, by)
        done += [one.pk for one in fitting]
    if not done:
        raise Conflict(_("The passage has changed meanwhile: the proposal does not fit any more. You can reject it."))
    _settle(book, done, SuggestionState.APPLIED, decision, by)
    for chapter in begun:
        anchors.mend(chapter)
    return Decided(decision, len(done), len(rows) - len(done))


@transaction.atomic
def reject_suggestions(*, book: Book, by: User, chosen: QuerySet[Suggestion]) -> Decided:
    """Refuse the chosen open suggestions: the text stays as it is."""
    return _leave_text(book, by, chosen, SuggestionState.REJECTED)


@transaction.atomic
def ignore_suggestions(*, book: Book, by: User, chosen: QuerySet[Suggestion]) -> Decided:
    """Put the chosen open suggestions aside, neither right nor wrong: the text stays as it is."""
    return _leave_text(book, by, chosen, SuggestionState.IGNORED)


@transaction.atomic
def withdraw_suggestions(*, book: Book, by: User, chosen: QuerySet[Suggestion]) -> Decided:
    """Take one's own open suggestions back."""
    own = chosen.filter(author=by, source=SuggestionSource.PERSON)
    return _leave_text(book, by, own, SuggestionState.REJECTED)


@transaction.atomic
def undo_decision(*, book: Book, by: User, decision: UUID) -> Decided:
    """Make a decision not have been: text and states as before, exactly when nothing has changed since.

    Otherwise each accepted suggestion whose words still stand is taken back, and the others are left accepted. Undone
    twice is undone once. Raises BookRefused where nothing of it can be taken back.
    """
    book = shelf.lock(book)
    rows = list(_of_decision(book, decision))
    accepted = [one for one in rows if one.state == SuggestionState.APPLIED]
    back = [one.pk for one in rows if one.state != SuggestionState.APPLIED]
    changed = []
    for chapter, group in _by_chapter(book, accepted):
        changed.append(chapter)
        lately = [one for one in group if one.decided_at and timezone.now() - one.decided_at < anchors.UNDOABLE]
        standing = proposals.standing(chapter.markdown, lately)
        _take_out(chapter, standing, by)
        back += [one.pk for one in standing]
    if rows and not back:
        raise BookRefused(
            _("The text has changed there since: nothing of it can be taken back by itself. The history has the text "
              "from before."),
            code="changed",
        )  # fmt: skip
    for chapter, group in _by_chapter(book, [one for one in rows if one not in accepted]):
        _place_again(chapter, group)
    if back:
        reopened = Suggestion.objects.of(book.organization).filter(pk__in=back)
        reopened.update(state=SuggestionState.PENDING, decided_by=None, decided_at=None, decision=None)
        for chapter in changed:
            anchors.mend(chapter)
        _tell(book, "suggestion.undone", len(back), by)
    return Decided(decision, len(back), len(rows) - len(back))


def _leave_text(book: Book, by: User, chosen: QuerySet[Suggestion], state: SuggestionState) -> Decided:
    book = shelf.lock(book)
    decision = new_id()
    rows = _open(book, chosen)
    _settle(book, [one.pk for one in rows], state, decision, by)
    return Decided(decision, len(rows), 0)


def _open(book: Book, chosen: QuerySet[Suggestion]) -> list[Suggestion]:
    """The chosen ones that are still open, read under the book's lock, chapter by chapter."""
    rows = chosen.of(book.organization)  # type: ignore[attr-defined]  # every tenant row's queryset has it
    rows = rows.filter(book=book, state=SuggestionState.PENDING, chapter__trashed_at__isnull=True)
    return list(rows.order_by("chapter_id", "start", "id"))


def _of_decision(book: Book, decision: UUID) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.of(book.organization).filter(book=book, decision=decision)
    return rows.filter(chapter__trashed_at__isnull=True).order_by("chapter_id", "start", "id")


def _by_chapter(book: Book, rows: Sequence[Suggestion]) -> Iterable[tuple[Chapter, list[Suggestion]]]:
    """Each chapter of a locked book, locked in the order of their ids, with its suggestions."""
    for chapter_id, group in groupby(rows, key=lambda one: one.chapter_id):
        yield texts.lock(Chapter(pk=chapter_id, book=book, organization=book.organization)), list(group)


def _put_in(chapter: Chapter, fitting: Sequence[Suggestion], by: User) -> None:
    if not fitting:
        return
    text, changes = proposals.exchanged(chapter.markdown, [(one.start, one.end, one.proposal) for one in fitting])
    texts.replace(
        chapter,
        text,
        hand=_hand(fitting[0], by),
        origin=VersionOrigin.CORRECTED,
        by=by,
        labels=_labels(chapter, fitting, by),
        changes=changes,
    )


def _labels(chapter: Chapter, fitting: Sequence[Suggestion], by: User) -> tuple[Label, ...]:
    """Labels after all of them, each edited by whoever proposed it: carried from hand to hand."""
    text, labels = chapter.markdown, versions.labels_of(chapter)
    done: list[Suggestion] = []
    for hand in dict.fromkeys(_hand(one, by) for one in fitting):
        done = sorted([*done, *(one for one in fitting if _hand(one, by) == hand)], key=lambda one: one.start)
        after, _changes = proposals.exchanged(chapter.markdown, [(one.start, one.end, one.proposal) for one in done])
        text, labels = after, provenance.carried(text, labels, after, hand)
    return labels


def _hand(one: Suggestion, by: User) -> Hand:
    """Whose words a proposal is made of; a checker's rules are in the hand of who accepts them."""
    if one.source == SuggestionSource.MODEL:
        return Hand.of_model(one.source_name)
    return Hand.of_person(one.author_id or by.pk)


def _take_out(chapter: Chapter, standing: Sequence[Suggestion], by: User) -> None:
    """Put the quotes back where their proposals stand; with the labels from before when it is that very text again."""
    text, changes = proposals.exchanged(chapter.markdown, [(one.start, one.end, one.quote) for one in standing])
    before = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter, number__lt=chapter.version)
    below = before.order_by("-number").first()
    same = below is not None and below.text_digest == digest(text)
    texts.replace(
        chapter,
        text,
        hand=Hand.of_person(by.pk),
        origin=VersionOrigin.RESTORED,
        by=by,
        labels=versions.document(below).labels if below is not None and same else None,
        changes=changes,
    )


def _place_again(chapter: Chapter, group: Sequence[Suggestion]) -> None:
    """Nothing follows the text for what is rejected: a passage that stands elsewhere now is looked for."""
    for one in group:
        if proposals.stands(chapter.markdown, one.start, one.end, one.quote):
            continue
        known = bool(one.quote) and chapter.markdown.count(one.quote) == 1
        one.start = chapter.markdown.index(one.quote) if known else 0
        one.end = one.start + len(one.quote) * known
    Suggestion.objects.of(chapter.organization).bulk_update(group, ["start", "end"], batch_size=500)


def _settle(book: Book, ids: Sequence[UUID], state: SuggestionState, decision: UUID, by: User) -> None:
    if not ids:
        return
    rows = Suggestion.objects.of(book.organization).filter(pk__in=ids)
    rows.update(state=state, decided_by=by, decided_at=timezone.now(), decision=decision)
    _tell(book, ACTS[state], len(ids), by)


def _tell(book: Book, act: str, number: int, by: User) -> None:
    audit.record(act, actor=by, target=book, details={"suggestions": number})
    events.changed(book.pk)
