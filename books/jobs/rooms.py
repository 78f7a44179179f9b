"""How much of a model's window is there for what: fixed on the run before anything is asked of it."""

from collections.abc import Callable

from django.db import transaction

from books.jobs import prompts, review_prompts, route
from books.models import Run, Step

MOST_PASSAGE_WORDS = 600  # more excerpts than that drown the order
WANTED_PASSAGE_TOKENS = 700  # two passages: sections are shortened rather than left without
SMALLEST_SECTION = 120
OUTLINE_TOKENS = 2400  # the longest answer of an outline call
INSTRUCTION_TOKENS = 400
MOST_READ = 1200  # words of a chapter that is read for suggestions, at a time
NUMBERED_TOKENS = 0.4  # for each word, of the numbers before sentences


def for_passages(context_tokens: int, answer_tokens: int) -> int:
    """Words of sources that fit beside a prompt and its answer."""
    left = context_tokens - route.PROMPT_TOKENS - answer_tokens
    return max(0, min(MOST_PASSAGE_WORDS, int(left / prompts.TOKENS_PER_WORD)))


def section_beside_passages(context_tokens: int, section_words: int) -> int:
    """Words of a section, fewer than `section_words` in a window where two passages would not fit beside it."""
    left = context_tokens - route.PROMPT_TOKENS - WANTED_PASSAGE_TOKENS - prompts.answer_tokens(0)
    return min(section_words, max(SMALLEST_SECTION, int(left / prompts.TOKENS_PER_WORD)))


def section_beside_itself(context_tokens: int, section_words: int) -> int:
    """Words of a section that is rewritten: it stands in the prompt as well, and the instruction with it."""
    left = context_tokens - route.PROMPT_TOKENS - WANTED_PASSAGE_TOKENS - INSTRUCTION_TOKENS - prompts.answer_tokens(0)
    return min(section_words, max(SMALLEST_SECTION, int(left / prompts.TOKENS_PER_WORD / 2)))


@transaction.atomic
def fix(step: Step, context_tokens: int, choose: Callable[[Run], None], *, rewrites: bool = False) -> None:
    """Fix, once a run, how long its sections are and how much of the sources they get; then `choose` passages.

    Done in one transaction: a worker killed before its end leaves nothing, one killed after it finds everything.
    """
    run = step.run
    if run.passage_words is not None:
        return
    beside = section_beside_itself if rewrites else section_beside_passages
    run.section_words = beside(context_tokens, run.section_words)
    answer = prompts.answer_tokens(run.section_words)
    present = answer + INSTRUCTION_TOKENS if rewrites else 0
    run.passage_words = for_passages(context_tokens, answer + present)
    run.save(update_fields=["section_words", "passage_words", "updated_at"])
    choose(run)


@transaction.atomic
def fix_reading(step: Step, context_tokens: int) -> None:
    """Fix, once a run, how many words are read at a time: a model that is given too much says nothing of most of it."""
    run = step.run
    if run.passage_words is not None:
        return
    left = context_tokens - route.PROMPT_TOKENS - review_prompts.answer_tokens(review_prompts.MOST)
    fitting = int(left / (prompts.TOKENS_PER_WORD + NUMBERED_TOKENS))
    run.section_words = max(SMALLEST_SECTION, min(MOST_READ, 2 * run.section_words, fitting))
    run.passage_words = 0
    run.save(update_fields=["section_words", "passage_words", "updated_at"])
