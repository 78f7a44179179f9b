"""What the model is asked for in the place of a text: pure functions of rows fixed when it was ordered (ruling 16)."""

from collections.abc import Mapping, Sequence
from typing import Any

from books.jobs import rewrite_wordings, wordings
from books.jobs.prompts import NOTHING, Memory, answer_tokens, ended, names_of, system_message, tail
from books.jobs.rewrite_wordings import RewriteWording
from books.models import RewriteTask
from books.providers.language_models import Message, ModelRequest
from core.text import count_words


def rewritten(
    brief: Mapping[str, Any],
    titles: Sequence[str],
    *,
    task: RewriteTask,
    stands: str,
    instruction: str,
    number: int,
    earlier_text: str,
    memory: Memory = NOTHING,
) -> ModelRequest:
    """Ask for part `number` (from 1) of a text in the place of `stands`; `earlier_text` is what came before it.

    The brief may name `into`, the language to translate into, and `around`, what stands before and after a passage.
    """
    is_translation = task == RewriteTask.TRANSLATE
    say, words = rewrite_wordings.of(_language(brief, task)), count_words(stands)
    order = _order(brief, say, task, instruction, task.aim(words))
    turns: tuple[Message, ...] = (Message("user", f"{say.stands.format(text=stands)}\n\n{order}"),)
    if earlier_text:
        go_on = wordings.of(_language(brief, task)).go_on
        turns = (
            Message("user", order),
            Message("assistant", tail(earlier_text)),
            Message("user", f"{say.stands_next.format(text=stands)}\n\n{go_on} {order}"),
        )
    return ModelRequest(
        messages=(_translator(brief, say) if is_translation else _author(brief, say, titles, memory, number), *turns),
        max_tokens=answer_tokens(max(task.room(words), len(stands.split()))),
        temperature=0.3 if is_translation else 0.6,
        purpose="rewrite",
    )


def _language(brief: Mapping[str, Any], task: RewriteTask) -> str:
    """What the answer is written in."""
    return str(brief["into"] if task == RewriteTask.TRANSLATE else brief["language"])


def _order(brief: Mapping[str, Any], say: RewriteWording, task: RewriteTask, instruction: str, words: int) -> str:
    language = _language(brief, task)
    spoken = rewrite_wordings.INTO[language] if task == RewriteTask.TRANSLATE else wordings.name(language)
    asked = ended(instruction) if instruction else ""
    sentences = [say.orders[task].format(language=spoken, words=words, instruction=asked)]
    if asked and task != RewriteTask.REWRITE:
        sentences.append(say.besides.format(instruction=asked))
    return " ".join([*sentences, say.rules[task], say.only])


def _author(
    brief: Mapping[str, Any], say: RewriteWording, titles: Sequence[str], memory: Memory, number: int
) -> Message:
    """The book's author, who knows what stands around a passage."""
    author = system_message(brief, titles, memory, memory.passages.get(number, ()))
    around = zip((say.before, say.after), brief.get("around", ("", "")), strict=True)
    return Message("system", "\n\n".join([author.text, *[line.format(text=text) for line, text in around if text]]))


def _translator(brief: Mapping[str, Any], say: RewriteWording) -> Message:
    """The book's translator, who needs to know no more of it than what it is."""
    names = names_of({**brief, "language": brief["into"]})
    return Message("system", say.translator.format(**names | {"language": rewrite_wordings.INTO[brief["into"]]}))
