"""What a run has delivered by now, at the tariff it was sold at: never more than was quoted."""

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing import queries as prices
from billing.models import Act
from billing.queries.credits import Delivery
from books.models import (
    CallState,
    Chapter,
    ChapterVersion,
    ChatKind,
    ChatTurn,
    LanguageModelCall,
    Rewrite,
    RewriteTask,
    Run,
    RunKind,
    RunState,
    Step,
    StepKind,
    StepState,
    VersionOrigin,
)
from core.text import count_words


def delivered(run: Run) -> tuple[Delivery, ...]:
    """By act. A book: its outline, and every started block of its delivered words; any other order: all or nothing."""
    if run.kind == RunKind.BOOK:
        return _of_book(run)
    act, units = _ordered(run)
    done = (units, run.credits_quoted) if run.state == RunState.COMPLETED else (0, 0)
    return (Delivery(act, *done, _cost(_calls(run))),)


def written_words(run: Run) -> int:
    """Words that count as delivered: of each chapter the run wrote what was planned, at most (ruling 18).

    Counted as they were written: what people have done to the text since changes no price.
    """
    wrote = Step.objects.of(run.organization).filter(run=run, kind=StepKind.CHAPTER, state=StepState.DONE)
    texts = ChapterVersion.objects.of(run.organization).filter(chapter=OuterRef("pk"), origin=VersionOrigin.WRITTEN)
    chapters = Chapter.everything.of(run.organization).filter(pk__in=wrote.values("chapter"))
    first = Coalesce(Subquery(texts.order_by("number").values("word_count")[:1]), "word_count")
    return sum(min(planned, written) for planned, written in chapters.values_list("planned_words", first))


def act_of(task: RewriteTask) -> Act:
    """What a task is priced as."""
    return Act.TRANSLATE if task == RewriteTask.TRANSLATE else Act.REWRITE


def _of_book(run: Run) -> tuple[Delivery, ...]:
    tariff = prices.book_tariff(run.tariff_version)
    outlined = Step.objects.of(run.organization).filter(run=run, kind=StepKind.OUTLINE, state=StepState.DONE).exists()
    words = written_words(run)
    outline = min(tariff.outline, run.credits_quoted) if outlined else 0
    text = min(tariff.words * -(-words // tariff.words_per), run.credits_quoted - outline)
    calls = _calls(run)
    return (
        Delivery(Act.OUTLINE, int(outlined), outline, _cost(calls.filter(step__kind=StepKind.OUTLINE))),
        Delivery(Act.WORDS, words, text, _cost(calls.exclude(step__kind=StepKind.OUTLINE))),
    )


def _ordered(run: Run) -> tuple[Act, int]:
    """The act an order of one step was priced as, and how many units of it were ordered."""
    if run.kind == RunKind.SUGGEST:
        return Act.SUGGEST, run.planned_words
    if run.kind == RunKind.REWRITE:
        order = Rewrite.objects.of(run.organization).filter(run=run).values_list("task", "base_markdown").first()
        return (act_of(RewriteTask(order[0])), count_words(order[1])) if order else (Act.REWRITE, 0)
    turn = ChatTurn.objects.of(run.organization).filter(run=run).values_list("kind", "ideas").first()
    return (Act.IDEA, len(turn[1])) if turn and turn[0] != ChatKind.QUESTION else (Act.CHAT, 1)


def _calls(run: Run) -> "QuerySet[LanguageModelCall]":
    return LanguageModelCall.objects.of(run.organization).filter(run=run, state=CallState.ANSWERED)


def _cost(calls: "QuerySet[LanguageModelCall]") -> int | None:
    """What these calls cost; None where no price is known."""
    total: int | None = calls.aggregate(total=Sum("cost_micros"))["total"]
    return total
