"""A chapter written anew by an instruction: ordered, taken or discarded; and the texts it had, to go back to."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from billing import queries as prices
from billing.models import Act
from books.actions.runs import brief_of, cancel_run
from books.errors import BookRefused, IllegalMove
from books.models import (
    ACTIVE_RUN_STATES,
    Chapter,
    ChapterVersion,
    Decision,
    Rewrite,
    Run,
    RunKind,
    RunState,
    VersionOrigin,
)
from books.models.provenance import Hand
from books.queries import versions
from books.transitions import runs, texts
from books.transitions.orders import place_order
from core import events
from core.errors import Conflict
from core.text import digest


@transaction.atomic
def order_rewrite(*, chapter: Chapter, by: User, instruction: str, accepted_credits: int) -> Rewrite:
    """Have a chapter written anew beside its present text; the same order again is the order that is open.

    Raises BookRefused without text, at a price not agreed to, or while the book's own run is not over; Conflict while
    another rewrite of the chapter waits for a decision.
    """
    chapter = texts.lock(chapter)
    book = chapter.book
    own_runs = Run.objects.of(book.organization).filter(book=book, kind=RunKind.BOOK).order_by("-id")
    if not chapter.is_written:
        raise BookRefused(_("This chapter is not written yet."), code="empty")
    if own_runs.filter(state__in=ACTIVE_RUN_STATES).exists():
        raise BookRefused(
            _("The book itself is still being written: a chapter can be rewritten after that."), code="active"
        )
    if waiting := _waiting(chapter):
        if waiting.instruction != instruction:
            raise Conflict(_("Another rewrite of this chapter waits for your decision: take or discard it first."))
        return waiting
    price = prices.quote(Act.REWRITE, chapter.planned_words)
    if price.credits > accepted_credits:
        raise BookRefused(_("The price has changed. Look at it again, then order."), code="requote")
    run = place_order(
        book=book,
        by=by,
        kind=RunKind.REWRITE,
        price=price,
        brief={**brief_of(book), **_place_of(chapter), "instruction": instruction},
        planned_words=chapter.planned_words,
        chapter=chapter,
    )
    run.facts = own_runs.values_list("facts", flat=True).first() or []
    run.save(update_fields=["facts", "updated_at"])
    return Rewrite.objects.create(
        organization=book.organization,
        chapter=chapter,
        run=run,
        instruction=instruction,
        base_markdown=chapter.markdown,
    )


@transaction.atomic
def take_rewrite(*, rewrite: Rewrite, by: User, present: str) -> None:
    """Put the proposal in the place of the chapter's text, which becomes a version to go back to.

    `present` is the digest of the text the person saw beside it: one that has changed since is not overwritten unseen
    (Conflict). A discarded proposal can be taken after all; taking it twice changes nothing.
    """
    chapter = texts.lock(rewrite.chapter)
    rewrite = Rewrite.objects.of(chapter.organization).select_for_update().get(pk=rewrite.pk)
    if rewrite.decision == Decision.ACCEPTED:
        return
    if not rewrite.markdown:
        raise IllegalMove(_("There is no new text to take yet."), code="illegal_move")
    if present != digest(chapter.markdown):
        raise Conflict(_("The chapter has changed meanwhile. Look at both texts again, then decide."), code="changed")
    hand = Hand.of_model(rewrite.run.model_label or rewrite.run.model_name)
    version = texts.replace(
        chapter, rewrite.markdown, hand=hand, origin=VersionOrigin.REWRITTEN, by=by, note=rewrite.instruction
    )
    _record(chapter, version, by)
    _decide(rewrite, Decision.ACCEPTED, by)


@transaction.atomic
def discard_rewrite(*, rewrite: Rewrite, by: User) -> None:
    """Leave the chapter as it is; a rewrite still at work is cancelled. Discarding twice changes nothing."""
    run = runs.lock(rewrite.run)
    if run.state in ACTIVE_RUN_STATES:
        cancel_run(run=run, by=by)
    rewrite = Rewrite.objects.of(run.organization).select_for_update().get(pk=rewrite.pk)
    if rewrite.decision == Decision.OPEN:
        _decide(rewrite, Decision.DISCARDED, by)


@transaction.atomic
def restore_version(*, version: ChapterVersion, by: User) -> None:
    """Make an earlier text the chapter's text again: a version of its own, so that it can be undone."""
    chapter = texts.lock(version.chapter)
    earlier = versions.document(version)
    restored = texts.replace(
        chapter,
        earlier.markdown,
        hand=Hand.of_person(by.pk),
        origin=VersionOrigin.RESTORED,
        by=by,
        note=_("Version %(number)d") % {"number": version.number},
        labels=earlier.labels,
    )
    _record(chapter, restored, by)


def _waiting(chapter: Chapter) -> Rewrite | None:
    """The rewrite that waits for a decision; one whose run was cancelled waits for none."""
    open_ones = Rewrite.objects.of(chapter.organization).filter(chapter=chapter, decision=Decision.OPEN)
    open_ones.filter(run__state=RunState.CANCELLED).update(decision=Decision.DISCARDED, decided_at=Now())
    return open_ones.first()


def _place_of(chapter: Chapter) -> dict[str, Any]:
    """The chapter and those around it as prompts use them, fixed for the order (ruling 16)."""
    rows = Chapter.objects.of(chapter.organization).filter(book=chapter.book).order_by("position")
    lines = [
        {"position": position, "title": title, "summary": summary, "points": points, "words": words}
        for position, title, summary, points, words in rows.values_list(
            "position", "title", "summary", "points", "planned_words"
        )
    ]
    return {"outline": lines, "chapter": chapter.position}


def _record(chapter: Chapter, version: ChapterVersion | None, by: User) -> None:
    if version:
        details = {"chapter": chapter.position, "version": version.number}
        audit.record(f"chapter.{version.origin}", actor=by, target=chapter, details=details)


def _decide(rewrite: Rewrite, decision: Decision, by: User) -> None:
    rewrite.decision, rewrite.decided_by, rewrite.decided_at = decision, by, timezone.now()
    rewrite.save(update_fields=["decision", "decided_by", "decided_at", "updated_at"])
    audit.record(f"rewrite.{decision}", actor=by, target=rewrite, details={"words": rewrite.word_count})
    events.changed(rewrite.run_id)
