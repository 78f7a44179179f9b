"""What the model is asked in the chat: pure functions of the run's brief, fixed when the question was (ruling 16).

The outline always stands in the prompt; what else fits the model's window is taken in the order of its use: the last
turns of the conversation, then the passages of the text, best first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from books.jobs import chat_wordings, wordings
from books.jobs.chat_wordings import ChatWording
from books.models import ChatKind
from books.providers.language_models import Message, ModelRequest

ANSWER_TOKENS = 700
IDEAS = 5
# Characters of one idea at most; tokens for all five and the JSON around them.
IDEA_LENGTH = {ChatKind.TITLES: 100, ChatKind.OPENINGS: 400, ChatKind.SCENES: 400}
IDEAS_TOKENS = {ChatKind.TITLES: 350, ChatKind.OPENINGS: 900, ChatKind.SCENES: 900}
CHARACTERS_A_TOKEN = 3  # French in a byte-pair vocabulary has more; what is left over is the margin
TOKENS_A_MESSAGE = 8

Brief = Mapping[str, Any]


def question(brief: Brief) -> ModelRequest:
    """Ask for an answer, in the language of whoever asks, that fits the brief's window (tokens)."""
    say = chat_wordings.of(brief["speaks"])
    room = brief["window"] - ANSWER_TOKENS
    known = [*_book(brief, say), *_outline(brief, say, room // 2)]
    if brief["about"]:
        known.append(say.about.format(title=_quoted(brief, brief["about"])))
    rule = say.answer.format(language=wordings.name(brief["speaks"]))
    room -= _tokens("\n\n".join([*known, rule, brief["question"]]))
    turns = _latest(brief["turns"], room // 2)
    room -= sum(_tokens(message.text) for message in turns)
    system = "\n\n".join([*known, *_passages(brief, say, room), rule])
    return ModelRequest(
        messages=(Message("system", system), *turns, Message("user", brief["question"])),
        max_tokens=ANSWER_TOKENS,
        temperature=0.6,
        purpose="chat",
    )


def ideas(brief: Brief) -> ModelRequest:
    """Ask for five ideas of the brief's kind as JSON, none of those proposed before."""
    kind = ChatKind(brief["kind"])
    say = chat_wordings.of(brief["speaks"])
    system = [*_book(brief, say), *_outline(brief, say, (brief["window"] - IDEAS_TOKENS[kind]) // 2)]
    known = ["\n".join([say.known, *[f"- {idea}" for idea in brief["known"]]])] if brief["known"] else []
    order = f"{say.ideas[kind].format(language=wordings.name(brief['language']))} {say.ideas_rule}"
    return ModelRequest(
        messages=(Message("system", "\n\n".join(system)), Message("user", "\n\n".join([*known, order]))),
        max_tokens=IDEAS_TOKENS[kind],
        temperature=0.9,
        json_schema=ideas_schema(kind),
        schema_name="ideas",
        purpose="chat",
    )


def ideas_schema(kind: ChatKind) -> dict[str, object]:
    """JSON schema of five ideas."""
    idea = {"type": "string", "minLength": 3, "maxLength": IDEA_LENGTH[kind]}
    return {
        "type": "object",
        "properties": {"ideas": {"type": "array", "items": idea, "minItems": IDEAS, "maxItems": IDEAS}},
        "required": ["ideas"],
        "additionalProperties": False,
    }


def _book(brief: Brief, say: ChatWording) -> list[str]:
    """The book as its brief describes it, as one paragraph."""
    choices = wordings.of(brief["speaks"])
    lines = [
        say.editor.format(
            title=_quoted(brief, brief["title"]),
            topic=_quoted(brief, brief["topic"]),
            genre=choices.genres.get(brief["genre"], brief["genre"]),
            audience=choices.audiences.get(brief["audience"], brief["audience"]),
            level=choices.levels.get(brief["difficulty"], brief["difficulty"]),
            tone=choices.tones.get(brief["tone"], brief["tone"]),
        )
    ]
    if brief["subtitle"]:
        lines.append(say.subtitled.format(subtitle=_quoted(brief, brief["subtitle"])))
    if brief["goal"]:
        lines.append(say.goal.format(goal=brief["goal"]))
    return [" ".join(lines)]


def _quoted(brief: Brief, text: str) -> str:
    return wordings.of(brief["speaks"]).quoted.format(text)


def _outline(brief: Brief, say: ChatWording, room: int) -> list[str]:
    """Every chapter with its summary; the titles alone when the summaries would need more than `room` tokens."""
    if not brief["outline"]:
        return [say.no_outline]
    titles = [f"{number}. {title}" for number, title, _summary in brief["outline"]]
    summaries = [summary for _number, _title, summary in brief["outline"]]
    whole = [f"{title}: {summary}" if summary else title for title, summary in zip(titles, summaries, strict=True)]
    return ["\n".join([say.outline, *(whole if _tokens("\n".join(whole)) <= room else titles)])]


def _latest(turns: Sequence[Sequence[str]], room: int) -> list[Message]:
    """The last turns of the conversation that fit into `room` tokens, oldest first."""
    kept: list[Message] = []
    for asked, answered in reversed(turns):
        room -= _tokens(asked) + _tokens(answered)
        if room < 0:
            break
        kept[:0] = [Message("user", asked), Message("assistant", answered)]
    return kept


def _passages(brief: Brief, say: ChatWording, room: int) -> list[str]:
    """The best passages that fit into `room` tokens, in the order of the book."""
    kept: list[tuple[int, int, str]] = []
    room -= _tokens(say.passages)
    for chapter, number, title, text in brief["passages"]:
        shown = f"{say.passage.format(chapter=chapter, title=_quoted(brief, title))}\n{text}"
        room -= _tokens(shown)
        if room < 0:
            break
        kept.append((chapter, number, shown))
    return [say.passages, *[shown for _chapter, _number, shown in sorted(kept)]] if kept else []


def _tokens(text: str) -> int:
    """Tokens the text needs at most, with what surrounds a message."""
    return len(text) // CHARACTERS_A_TOKEN + TOKENS_A_MESSAGE
