"""What the language model is asked: pure functions of rows fixed at approval and of the chapter's earlier sections.

The same rows always give the same bytes: the journal's key is the hash of the input (ruling 16). Few words, whole
sentences and the order last: a small model copies lists of labels instead of following them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from books.jobs import wordings
from books.providers.language_models import Message, ModelRequest

TOKENS_PER_WORD = 1.7  # French prose in a byte-pair vocabulary; English needs less
TAIL_WORDS = 120
BLURB_WORDS = 80
NUMBERING = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+")
SENTENCE_START = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class PlannedChapter:
    """One line of the outline as prompts use it."""

    position: int
    title: str
    summary: str
    points: tuple[str, ...]
    words: int

    def points_of(self, sections: int, number: int) -> tuple[str, ...]:
        """The share of section `number` (from 1), without numbers or bullets before them."""
        share = self.points[(number - 1) * len(self.points) // sections : number * len(self.points) // sections]
        return tuple(NUMBERING.sub("", point).strip().rstrip(".") for point in share)


def outline_schema(chapters: int) -> dict[str, object]:
    """JSON schema of an outline of exactly that many chapters."""
    line = {"type": "string", "minLength": 3, "maxLength": 160}
    chapter = {
        "type": "object",
        "properties": {
            "title": {"type": "string", "minLength": 3, "maxLength": 60},
            "summary": line,
            "points": {"type": "array", "items": {**line, "maxLength": 100}, "minItems": 2, "maxItems": 4},
        },
        "required": ["title", "summary", "points"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"chapters": {"type": "array", "items": chapter, "minItems": chapters, "maxItems": chapters}},
        "required": ["chapters"],
        "additionalProperties": False,
    }


def outline(brief: Mapping[str, str], *, first: int, last: int, total: int, earlier: Sequence[str]) -> ModelRequest:
    """Ask for chapters `first` to `last` of `total`; `earlier` are the titles already planned."""
    say = wordings.of(brief["language"])
    whole = last - first + 1 == total
    order = [(say.plan_all if whole else say.plan_some), say.plan_rules]
    lines = ["\n".join([say.planned, *[f"- {title}" for title in earlier]])] if earlier else []
    lines.append(" ".join(order).format(**_names(brief), first=first, last=last, total=total))
    return ModelRequest(
        messages=(_system(brief), Message("user", "\n\n".join(lines))),
        max_tokens=200 + 220 * (last - first + 1),
        temperature=0.6,
        json_schema=outline_schema(last - first + 1),
        schema_name="outline",
        purpose="outline",
    )


def repair(request: ModelRequest, answer: str, fault: str) -> ModelRequest:
    """The one repair try: the same question, the broken answer, and what is wrong with it."""
    return ModelRequest(
        messages=(
            *request.messages,
            Message("assistant", answer[:2000] or "…"),
            Message("user", f"This answer cannot be used: {fault}. Answer again with valid JSON for the schema only."),
        ),
        max_tokens=request.max_tokens,
        temperature=0.2,
        json_schema=request.json_schema,
        schema_name=request.schema_name,
        purpose="repair",
    )


def section(
    brief: Mapping[str, str],
    outline_titles: Sequence[str],
    chapter: PlannedChapter,
    *,
    part: tuple[int, int],
    earlier_text: str,
) -> ModelRequest:
    """Ask for one section of a chapter, `part` (1, 3) for the first of three: its share of the points and words.

    What stands already is shown as the model's own earlier turn, from which it goes on.
    """
    number, sections = part
    say, words = wordings.of(brief["language"]), section_words(chapter.words, sections, number)
    points = chapter.points_of(sections, number)
    if earlier_text:
        turns: tuple[Message, ...] = (
            Message("user", _order(brief, chapter, chapter.words, ())),
            Message("assistant", tail(earlier_text)),
            Message("user", f"{say.go_on} {_order(brief, chapter, words, points)}"),
        )
    else:
        turns = (Message("user", _order(brief, chapter, words, points)),)
    return ModelRequest(
        messages=(_system(brief, outline_titles), *turns),
        max_tokens=int(words * TOKENS_PER_WORD) + 120,
        temperature=0.6,
        purpose="section",
    )


def blurb(brief: Mapping[str, str], chapters: Sequence[PlannedChapter]) -> ModelRequest:
    """Ask for the text on the back cover."""
    order = wordings.of(brief["language"]).blurb.format(**_names(brief), words=BLURB_WORDS)
    return ModelRequest(
        messages=(_system(brief, [chapter.title for chapter in chapters]), Message("user", order)),
        max_tokens=280,
        temperature=0.6,
        purpose="blurb",
    )


def section_words(chapter_words: int, sections: int, number: int) -> int:
    """Words of section `number` (from 1): an even share, the remainder on the first ones."""
    share, rest = divmod(chapter_words, sections)
    return share + (1 if number <= rest else 0)


def tail(text: str) -> str:
    """The last words of what stands, about TAIL_WORDS of them, from the start of a sentence where there is one."""
    words = text.split()
    last = " ".join(words[-TAIL_WORDS:])
    if len(words) <= TAIL_WORDS:
        return last
    start = SENTENCE_START.search(last)
    return last[start.end() :] if start else last


def as_json(text: str) -> object:
    """Parse an answer meant to be JSON, inside a Markdown fence or not. Raises ValueError."""
    bare = text.strip()
    if bare.startswith("```"):
        bare = bare.strip("`").removeprefix("json")
    return json.loads(bare)


def _names(brief: Mapping[str, str]) -> dict[str, str]:
    """What the sentences name of the brief."""
    say = wordings.of(brief["language"])
    return {
        "title": say.quoted.format(brief["title"]),
        "topic": say.quoted.format(brief["topic"]),
        "language": wordings.name(brief["language"]),
        "genre": say.genres.get(brief["genre"], brief["genre"]),
        "audience": say.audiences.get(brief["audience"], brief["audience"]),
        "level": say.levels.get(brief["difficulty"], brief["difficulty"]),
        "tone": say.tones.get(brief["tone"], brief["tone"]),
    }


def _system(brief: Mapping[str, str], titles: Sequence[str] = ()) -> Message:
    """Who writes, and the book: here and not in the order, or a small model writes about books and chapters."""
    say, names = wordings.of(brief["language"]), _names(brief)
    lines = [say.author.format(**names), say.called.format(**names)]
    if brief["subtitle"]:
        lines.append(say.subtitled.format(subtitle=say.quoted.format(brief["subtitle"])))
    if brief["goal"]:
        lines.append(say.goal.format(goal=brief["goal"]))
    if titles:
        lines.append(say.chapters.format(titles=", ".join(say.quoted.format(title) for title in titles)))
    return Message("system", " ".join(lines))


def _order(brief: Mapping[str, str], chapter: PlannedChapter, words: int, points: Sequence[str]) -> str:
    say, names = wordings.of(brief["language"]), _names(brief)
    lines = [say.write.format(**{**names, "words": words, "title": say.quoted.format(chapter.title)})]
    if chapter.summary:
        lines.append(chapter.summary.rstrip(".") + ".")
    if points:
        lines.append(say.explain.format(points="; ".join(points)))
    return " ".join(lines)
