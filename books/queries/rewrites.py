"""A rewrite of a chapter as its page shows it."""

from dataclasses import dataclass

from books.models import (
    ACTIVE_RUN_STATES,
    WORKING_RUN_STATES,
    Book,
    CallState,
    Chapter,
    Decision,
    LanguageModelCall,
    Rewrite,
    RewriteTask,
    Run,
    RunState,
)
from books.providers.exports import chapter_html
from books.queries.assistant import into, named
from books.queries.comparisons import Comparison, compare
from core.text import count_words, digest


@dataclass(frozen=True)
class RewritePage:
    """A proposal beside the text that stands, or how far it is."""

    rewrite: Rewrite
    run: Run
    chapter: Chapter
    book: Book
    problem: str
    sections: int
    sections_done: int
    comparison: Comparison | None

    @property
    def standing(self) -> str:
        """What stands now where the proposal would go."""
        return self.rewrite.standing(self.chapter.markdown)

    @property
    def present(self) -> str:
        """Digest of the text shown as the present one: taking the proposal says by it what was seen."""
        return digest(self.standing)

    @property
    def present_html(self) -> str:
        """The present text, sanitized, before there is anything to compare it with."""
        return chapter_html(self.standing, self.book.language)

    @property
    def name(self) -> str:
        """What the proposal is, in the reader's language."""
        return named(self.rewrite)

    @property
    def into(self) -> str:
        """The language it was translated into, in the reader's; empty for any other task."""
        return into(self.rewrite)

    @property
    def language(self) -> str:
        """The proposal's own language (ISO 639-1)."""
        return str(self.run.brief.get("into") or self.book.language)

    @property
    def is_gone(self) -> bool:
        """Whether nothing is left of the passage it was asked for."""
        return not self.rewrite.is_whole and not self.standing and not self.is_taken

    @property
    def has_moved(self) -> bool:
        """Whether the text has changed since the rewrite was ordered."""
        return not self.is_taken and not self.is_gone and self.standing != self.rewrite.base_markdown

    @property
    def is_working(self) -> bool:
        """Whether workers are, or will be, at it."""
        return self.run.state in WORKING_RUN_STATES

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen by itself any more."""
        return self.run.state not in ACTIVE_RUN_STATES

    @property
    def may_retry(self) -> bool:
        """Whether the model's failure can be tried once more."""
        return self.run.state == RunState.FAILED and self.rewrite.decision == Decision.OPEN

    @property
    def is_paused(self) -> bool:
        """Whether the run waits to be resumed, for example after a spending cap."""
        return self.run.state == RunState.PAUSED

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to be made."""
        return self.rewrite.decision == Decision.OPEN and self.run.state != RunState.CANCELLED

    @property
    def may_take(self) -> bool:
        """Whether there is a text to take, a discarded one included."""
        return bool(self.rewrite.markdown) and not self.is_taken and not self.is_gone

    @property
    def may_order_again(self) -> bool:
        """Whether the same can be asked once more: of what is over, not taken, and still has its passage."""
        return self.is_over and not self.is_taken and not self.is_gone

    @property
    def is_taken(self) -> bool:
        """Whether the proposal became the chapter's text."""
        return self.rewrite.decision == Decision.ACCEPTED

    @property
    def percent(self) -> int:
        """Share of the sections that are written: 0 to 99."""
        return min(99, 100 * self.sections_done // max(1, self.sections))


def rewrite_page(rewrite: Rewrite) -> RewritePage:
    """Read a rewrite's page (two queries beside the rewrite with its run, chapter and book)."""
    run, chapter = rewrite.run, rewrite.chapter
    step = run.steps.of(rewrite.organization).first()
    calls = LanguageModelCall.objects.of(rewrite.organization).filter(run=run, state=CallState.ANSWERED)
    length = RewriteTask(rewrite.task).room(count_words(rewrite.base_markdown))
    taken = rewrite.decision == Decision.ACCEPTED
    old = rewrite.base_markdown if taken else rewrite.standing(chapter.markdown)
    return RewritePage(
        rewrite=rewrite,
        run=run,
        chapter=chapter,
        book=chapter.book,
        problem=run.problem or (step.problem if step else ""),
        sections=run.sections_of(length) if run.section_words else 1,
        sections_done=calls.count(),
        comparison=compare(old, rewrite.markdown) if rewrite.markdown else None,
    )
