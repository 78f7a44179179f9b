"""What a run does when a step is done. Called with the run locked, inside the transaction that finished the step."""

from django.utils import timezone

from books.models import Chapter, OutlineEntry, Run, RunState, Step, StepKind, StepState
from books.transitions import runs, steps


def after_outline(run: Run) -> None:
    """Wait for the author, or go on when the author said so beforehand."""
    if run.state == RunState.PAUSED and run.approves_itself:
        run.resume_state = RunState.AWAITING_APPROVAL
        run.save(update_fields=["resume_state", "updated_at"])
        return
    runs.move(run, RunState.AWAITING_APPROVAL)
    if run.approves_itself:
        start_writing(run)


def start_writing(run: Run) -> None:
    """Fix the outline: its entries become the book's chapters, each with a step on offer."""
    runs.move(run, RunState.WRITING)
    run.approved_at = timezone.now()
    run.save(update_fields=["approved_at", "updated_at"])
    run.book.chapters.of(run.organization).filter(markdown="").delete()
    entries = OutlineEntry.objects.of(run.organization).filter(run=run)
    chapters = Chapter.objects.bulk_create(
        Chapter(
            organization=run.organization,
            book=run.book,
            position=entry.position,
            title=entry.title,
            summary=entry.summary,
            points=entry.points,
            planned_words=entry.words,
        )
        for entry in entries
    )
    made = Step.objects.bulk_create(
        Step(
            organization=run.organization,
            run=run,
            kind=StepKind.CHAPTER,
            position=chapter.position,
            chapter=chapter,
        )
        for chapter in chapters
    )
    steps.offer(run, *made)


def after_chapter(run: Run) -> None:
    """Finish the book once every chapter is written; fail when the rest cannot be."""
    chapters = Step.objects.of(run.organization).filter(run=run, kind=StepKind.CHAPTER)
    if chapters.exclude(state=StepState.DONE).exists():
        runs.fail_when_settled(run)
    elif run.state == RunState.WRITING:
        _start_finishing(run)


def _start_finishing(run: Run) -> None:
    runs.move(run, RunState.FINALIZING)
    step, _created = Step.objects.get_or_create(
        run=run, kind=StepKind.FINISH, position=0, defaults={"organization": run.organization}
    )
    steps.offer(run, step)
