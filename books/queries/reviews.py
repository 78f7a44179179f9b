"""A review of a chapter by a model, as its page shows it."""

from dataclasses import dataclass

from books.models import (
    ACTIVE_RUN_STATES,
    WORKING_RUN_STATES,
    Book,
    CallState,
    Chapter,
    LanguageModelCall,
    Review,
    Run,
    RunState,
)
from books.queries.assistant import kinds_named
from core.sentences import Sentence, in_parts, sentences


@dataclass(frozen=True)
class ReviewPage:
    """An order of suggestions: how far it is, and what came of it."""

    review: Review
    run: Run
    chapter: Chapter
    book: Book
    problem: str
    parts: int
    parts_done: int

    @property
    def kinds(self) -> str:
        """The kinds that were ordered."""
        return kinds_named(self.review)

    @property
    def is_of_passage(self) -> bool:
        """Whether a passage is read alone."""
        return bool(self.run.brief.get("passage"))

    @property
    def is_working(self) -> bool:
        """Whether workers are, or will be, at it."""
        return self.run.state in WORKING_RUN_STATES

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen by itself any more."""
        return self.run.state not in ACTIVE_RUN_STATES

    @property
    def percent(self) -> int:
        """Share of the parts that are read: 0 to 99."""
        return min(99, 100 * self.parts_done // max(1, self.parts))


def review_page(review: Review) -> ReviewPage:
    """Read a review's page (two queries beside the review with its run, chapter and book)."""
    run = review.run
    step = run.steps.of(review.organization).first()
    calls = LanguageModelCall.objects.of(review.organization).filter(run=run, state=CallState.ANSWERED)
    parts = len(parts_of(run, review)) if run.state != RunState.COMPLETED else 0
    return ReviewPage(
        review=review,
        run=run,
        chapter=review.chapter,
        book=review.chapter.book,
        problem=run.problem or (step.problem if step else ""),
        parts=max(1, parts),
        parts_done=min(parts, calls.exclude(purpose="repair").count()),
    )


def parts_of(run: Run, review: Review) -> list[list[Sentence]]:
    """The sentences to read, in the parts they are read in; one part before the model's window is known."""
    start, end = run.brief.get("passage") or (0, None)
    return list(in_parts(sentences(review.base_markdown, start, end), run.section_words or 1_000_000))
