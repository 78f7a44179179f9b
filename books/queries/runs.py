"""A run as its page shows it: the steps, the share done, the time left, what it used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from books.models import (
    ACTIVE_RUN_STATES,
    WORKING_RUN_STATES,
    Book,
    BookAct,
    CallState,
    LanguageModelCall,
    OutlineEntry,
    Run,
    RunKind,
    RunState,
    Step,
    StepKind,
    StepState,
)
from books.queries.caps import Reach
from books.queries.spending import near
from organizations.access import Member
from organizations.models import Organization

A_MINUTE_OR_SO = 90
WAITING = set(ACTIVE_RUN_STATES) - set(WORKING_RUN_STATES)  # for a person
# What a run is made of; facts and summaries come on top, as many as they are needed.
PARTS = ["outline", "section", "blurb"]
# Steps whose words can be watched as they come.
LIVE = [StepKind.CHAPTER, StepKind.REWRITE, StepKind.CHAT]


@dataclass(frozen=True)
class StepLine:
    """One row of the steps list."""

    kind: StepKind
    number: int
    title: str
    state: StepState
    words: int
    problem: str
    waits_until: datetime | None
    chapter_id: UUID | None

    @property
    def is_done(self) -> bool:
        """Whether the step's work stands; a done chapter can be read."""
        return self.state == StepState.DONE

    @property
    def tone(self) -> str:
        """Which tag colour the state has: ok, run, wait or bad."""
        return {StepState.DONE: "ok", StepState.WORKING: "run", StepState.FAILED: "bad"}.get(self.state, "wait")

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(self.state.label)


@dataclass(frozen=True)
class Usage:
    """What a run's calls used so far; `parts` are those that the progress counts."""

    calls: int
    parts: int
    tokens_in: int
    tokens_out: int
    uncertain: int
    mean_ms: float


@dataclass(frozen=True)
class RunPage:
    """Everything the run page shows."""

    run: Run
    state: RunState
    steps: tuple[StepLine, ...]
    chapters: int
    chapters_done: int
    sections: int
    sections_done: int
    usage: Usage
    seconds_left: int | None
    reaches: tuple[Reach, ...] = ()

    @property
    def percent(self) -> int:
        """Share of the calls that are done, outline and finish included: 0 to 100."""
        if self.state == RunState.COMPLETED:
            return 100
        return min(99, 100 * self.sections_done // max(1, self.sections))

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(self.state.label)

    @property
    def tone(self) -> str:
        """Which tag colour the state has: ok, run, wait or bad."""
        special = {RunState.COMPLETED: "ok", RunState.FAILED: "bad"}
        return special.get(self.state, "run" if self.is_working else "wait")

    @property
    def is_working(self) -> bool:
        """Whether workers are (or will be) at it, so that the page follows along."""
        return self.state in WORKING_RUN_STATES

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen any more, so that the page need not follow along."""
        return self.state not in ACTIVE_RUN_STATES

    @property
    def waits_for_approval(self) -> bool:
        """Whether the author has to read the outline."""
        return self.state == RunState.AWAITING_APPROVAL

    @property
    def may_resume(self) -> bool:
        """Whether the run is paused."""
        return self.state == RunState.PAUSED

    @property
    def words(self) -> int:
        """Words of the chapters written by this run."""
        return sum(step.words for step in self.steps if step.is_done)

    @property
    def can_read(self) -> bool:
        """Whether a chapter is written."""
        return self.chapters_done > 0

    @property
    def uses_trial_model(self) -> bool:
        """Whether the small model of the machine itself writes: good for trying out, not for books."""
        return self.run.model_label.startswith("local")

    @property
    def may_pause(self) -> bool:
        """Whether there is work to pause."""
        return self.is_working

    @property
    def may_cancel(self) -> bool:
        """Whether there is anything left to cancel."""
        return not self.is_over

    @property
    def may_retry(self) -> bool:
        """Whether a failed step waits for another try."""
        return any(step.state == StepState.FAILED for step in self.steps) and (
            self.is_working or self.state == RunState.FAILED
        )

    @property
    def time_left(self) -> str:
        """The time left in words, or nothing when it is not known."""
        if self.seconds_left is None:
            return ""
        if self.seconds_left < A_MINUTE_OR_SO:
            return _("about a minute left")
        return _("about %(minutes)d minutes left") % {"minutes": round(self.seconds_left / 60)}


def run_page(run: Run) -> RunPage:
    """Read a run's page (three queries beside the run)."""
    rows = Step.objects.of(run.organization).filter(run=run).select_related("chapter").defer("chapter__markdown")
    steps = sorted(rows, key=lambda step: (list(StepKind).index(StepKind(step.kind)), step.position))
    entries = list(OutlineEntry.objects.of(run.organization).filter(run=run).values_list("words", flat=True))
    usage = usage_of(run)
    section_words = run.section_words or 1
    planned = entries or [int(run.brief.get("words_per_chapter", 0))] * int(run.brief.get("chapter_count", 0))
    sections = sum(max(1, -(-words // section_words)) for words in planned) + 2
    state = RunState(run.state)
    lines = tuple(_line(step, at_work=state in WORKING_RUN_STATES) for step in steps)
    chapters = [line for line in lines if line.kind == StepKind.CHAPTER]
    return RunPage(
        run=run,
        state=state,
        steps=lines,
        chapters=len(chapters) or len(planned),
        chapters_done=sum(line.state == StepState.DONE for line in chapters),
        sections=sections,
        sections_done=min(usage.parts, sections),
        usage=usage,
        seconds_left=_seconds_left(state, sections - usage.parts, usage.mean_ms, lines),
        reaches=near(run) if state in ACTIVE_RUN_STATES else (),
    )


def outline_words(run: Run) -> int:
    """Planned words of the outline as it is stored (one query)."""
    return sum(OutlineEntry.objects.of(run.organization).filter(run=run).values_list("words", flat=True))


def usage_of(run: Run) -> Usage:
    """Sums over the journal (one query)."""
    answered = Q(state=CallState.ANSWERED)
    sums = (
        LanguageModelCall.objects.of(run.organization)
        .filter(run=run)
        .aggregate(
            calls=Count("id", filter=answered),
            parts=Count("id", filter=answered & Q(purpose__in=PARTS)),
            tokens_in=Sum("tokens_in", default=0),
            tokens_out=Sum("tokens_out", default=0),
            uncertain=Count("id", filter=Q(state=CallState.UNCERTAIN)),
            mean_ms=Avg("total_ms", filter=answered, default=0.0),
        )
    )
    return Usage(**sums)


def _line(step: Step, *, at_work: bool) -> StepLine:
    """A row; what a paused or failed run has begun is shown as waiting, because nobody works on it."""
    state = StepState(step.state)
    title = step.chapter.title if step.chapter else StepKind(step.kind).label
    return StepLine(
        kind=StepKind(step.kind),
        number=step.position,
        title=str(title),
        state=state if at_work or state != StepState.WORKING else StepState.OPEN,
        words=step.chapter.word_count if step.chapter else 0,
        problem=step.problem,
        waits_until=step.waits_until,
        chapter_id=step.chapter_id,
    )


def _seconds_left(state: RunState, calls_left: int, mean_ms: float, lines: tuple[StepLine, ...]) -> int | None:
    if state not in {RunState.WRITING, RunState.FINALIZING} or not mean_ms:
        return None
    side_by_side = max(1, sum(line.state == StepState.WORKING for line in lines))
    return int(max(1, calls_left) * mean_ms / 1000 / side_by_side)


def open_to(member: Member) -> QuerySet[Run]:
    """Runs of books that the member may read; orders for texts they may change, and of chats what they asked."""
    runs = Run.objects.of(member.organization).filter(book__in=Book.objects.visible_to(member))
    theirs = Q(kind=RunKind.BOOK) | Q(kind=RunKind.CHAT, started_by=member.person)
    orders = Q(kind__in=[RunKind.REWRITE, RunKind.SUGGEST], book__in=Book.objects.allowing(member, BookAct.EDIT))
    return runs.filter(theirs | orders)


def live_chapters(run_id: UUID, organization: Organization) -> list[int]:
    """Numbers of the texts that are being written right now: chapters, or 0 for an answer in the chat (one query)."""
    return list(
        Step.objects.of(organization)
        .filter(run_id=run_id, kind__in=LIVE, state=StepState.WORKING)
        .order_by("position")
        .values_list("position", flat=True)
    )
