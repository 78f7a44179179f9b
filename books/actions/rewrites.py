"""A chapter or passage in other words: ordered, taken or discarded."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.actions import assistance
from books.actions.runs import cancel_run
from books.errors import BookRefused, IllegalMove
from books.models import (
    ACTIVE_RUN_STATES,
    Chapter,
    ChapterVersion,
    Decision,
    Rewrite,
    RewriteTask,
    RunKind,
    RunState,
    VersionOrigin,
)
from books.models.provenance import Hand
from books.queries import extracts
from books.queries.deliveries import act_of
from books.queries.extracts import Extract
from books.transitions import runs, texts
from core import events
from core.errors import Conflict
from core.text import count_words, digest


@dataclass(frozen=True)
class Wanted:
    """What is asked of a model, of the chapter or the `chosen` passage; `into` is the language to translate into."""

    task: RewriteTask
    instruction: str = ""
    into: str = ""
    chosen: Extract | None = None


@transaction.atomic
def order_rewrite(*, chapter: Chapter, by: User, wanted: Wanted, accepted_credits: int) -> Rewrite:
    """Have a chapter or a passage written anew beside what stands; the same order again is the order that is open.

    Raises BookRefused without text, at a price not agreed to, or while the book's own run is not over; Conflict while
    another rewrite of the whole chapter waits for a decision, or when the passage has changed.
    """
    chapter = texts.lock(chapter)
    assistance.refuse_unwritten(chapter)
    chosen = assistance.standing(chapter, wanted.chosen) if wanted.chosen else None
    base = chosen.quote if chosen else chapter.markdown
    place = {"start": chosen.start, "end": chosen.end} if chosen else {"start": 0, "end": 0}
    if waiting := _waiting(chapter, wanted, base, place):
        return waiting
    words = count_words(base)
    if not words:
        raise BookRefused(_("Choose a passage with at least one word."), code="empty")
    brief: dict[str, Any] = {"into": wanted.into}
    if chosen:
        brief |= {
            "inline": extracts.is_inline(chapter.markdown, chosen),
            "around": extracts.around(chapter.markdown, chosen, assistance.AROUND_WORDS),
        }
    run = assistance.place(
        chapter=chapter, by=by, kind=RunKind.REWRITE, act=act_of(wanted.task), words=words,
        aim=wanted.task.aim(words), accepted=accepted_credits, brief=brief,
    )  # fmt: skip
    return Rewrite.objects.create(
        organization=chapter.organization, chapter=chapter, run=run, task=wanted.task, instruction=wanted.instruction,
        is_whole=chosen is None, base_markdown=base, **place,
    )  # fmt: skip


@transaction.atomic
def order_again(*, rewrite: Rewrite, by: User, accepted_credits: int) -> Rewrite:
    """Another try of the same order on what stands there now; the earlier proposal is discarded, and can be taken yet.

    Raises what `order_rewrite` raises, and Conflict when nothing of the passage is left.
    """
    runs.lock(rewrite.run)  # before the book, and that before the rewrite: whoever saves the text moves its passage
    chapter = texts.lock(rewrite.chapter)
    discard_rewrite(rewrite=rewrite, by=by)
    rewrite = Rewrite.objects.of(chapter.organization).select_related("run").get(pk=rewrite.pk)
    if rewrite.decision == Decision.ACCEPTED:
        raise IllegalMove(_("This text was taken already: order a new one."), code="illegal_move")
    chosen = None
    if not rewrite.is_whole:
        chosen = Extract(rewrite.start, rewrite.end, rewrite.standing(chapter.markdown))
    task, into = RewriteTask(rewrite.task), str(rewrite.run.brief.get("into", ""))
    wanted = Wanted(task, rewrite.instruction, into, chosen)
    return order_rewrite(chapter=chapter, by=by, wanted=wanted, accepted_credits=accepted_credits)


@transaction.atomic
def take_rewrite(*, rewrite: Rewrite, by: User, present: str) -> None:
    """Put the proposal in the place of what it was asked for; the text before becomes a version to go back to.

    `present` is the digest of the text the person saw beside it: one that has changed since is not overwritten unseen
    (Conflict). A discarded proposal can be taken after all; taking it twice changes nothing.
    """
    chapter = texts.lock(rewrite.chapter)
    rewrite = (
        Rewrite.objects.of(chapter.organization)
        .select_for_update(of=("self",))
        .select_related("run")
        .get(pk=rewrite.pk)
    )
    if rewrite.decision == Decision.ACCEPTED:
        return
    if not rewrite.markdown:
        raise IllegalMove(_("There is no new text to take yet."), code="illegal_move")
    standing = rewrite.standing(chapter.markdown)
    if not standing and not rewrite.is_whole:
        raise Conflict(_("Nothing is left of the passage this was written for. Copy what you need of it."), code="gone")
    if present != digest(standing):
        raise Conflict(_("The text has changed meanwhile. Look at both texts again, then decide."), code="changed")
    version = texts.replace(
        chapter,
        rewrite.put_into(chapter.markdown),
        hand=Hand.of_model(rewrite.run.model_label or rewrite.run.model_name),
        origin=VersionOrigin.REWRITTEN,
        by=by,
        note=rewrite.instruction or str(RewriteTask(rewrite.task).label),
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


def _waiting(chapter: Chapter, wanted: Wanted, base: str, place: dict[str, int]) -> Rewrite | None:
    """The same order, if it is open; one whose run was cancelled waits for none.

    Raises Conflict for another one of the whole chapter while one is open.
    """
    open_ones = Rewrite.objects.of(chapter.organization).filter(
        chapter=chapter, decision=Decision.OPEN, is_whole=wanted.chosen is None
    )
    open_ones.filter(run__state=RunState.CANCELLED).update(decision=Decision.DISCARDED, decided_at=Now())
    same = open_ones.filter(
        task=wanted.task, instruction=wanted.instruction, base_markdown=base, run__brief__into=wanted.into, **place
    ).first()
    if same is None and wanted.chosen is None and open_ones.exists():
        raise Conflict(_("Another rewrite of this chapter waits for your decision: take or discard it first."))
    return same


def _record(chapter: Chapter, version: ChapterVersion | None, by: User) -> None:
    if version:
        details = {"chapter": chapter.position, "version": version.number}
        audit.record(f"chapter.{version.origin}", actor=by, target=chapter, details=details)


def _decide(rewrite: Rewrite, decision: Decision, by: User) -> None:
    rewrite.decision, rewrite.decided_by, rewrite.decided_at = decision, by, timezone.now()
    rewrite.save(update_fields=["decision", "decided_by", "decided_at", "updated_at"])
    audit.record(f"rewrite.{decision}", actor=by, target=rewrite, details={"words": rewrite.word_count})
    events.changed(rewrite.run_id)
