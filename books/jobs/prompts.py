"""What the language model is asked: pure functions of rows fixed at approval and of the chapter's earlier sections.

The same rows always give the same bytes: the journal's key is the hash of the input (ruling 16).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from books.providers.language_models import Message, ModelRequest

LANGUAGES = {"en": "English", "fr": "French"}
TOKENS_PER_WORD = 1.7  # French prose in a byte-pair vocabulary; English needs less
TAIL_WORDS = 120


@dataclass(frozen=True)
class PlannedChapter:
    """One line of the outline as prompts use it."""

    position: int
    title: str
    summary: str
    points: tuple[str, ...]
    words: int


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


def outline(brief: dict[str, str], *, first: int, last: int, total: int, earlier: Sequence[str]) -> ModelRequest:
    """Ask for chapters `first` to `last` of `total`; `earlier` are the titles already planned."""
    lines = [
        *_about(brief),
        f"Plan chapters {first} to {last} of a book of {total} chapters.",
        "Each chapter has its own subject, a one-sentence summary and two to four points, in a sensible order.",
        "Titles are short and concrete, without the word “chapter” and without numbers.",
    ]
    if earlier:
        lines += ["Chapters already planned, not to be repeated:", *[f"- {title}" for title in earlier]]
    return ModelRequest(
        messages=(_system(brief), Message("user", "\n".join(lines))),
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


def section(  # noqa: PLR0913  # everything that decides the words, by name
    brief: dict[str, str],
    outline_titles: Sequence[str],
    chapter: PlannedChapter,
    *,
    number: int,
    sections: int,
    earlier_text: str,
) -> ModelRequest:
    """Ask for one section of a chapter: its share of the points and words, after the tail of what stands already."""
    words = section_words(chapter.words, sections, number)
    points = chapter.points[(number - 1) * len(chapter.points) // sections : number * len(chapter.points) // sections]
    lines = [
        *_about(brief),
        "The chapters: " + "; ".join(f"{index}. {title}" for index, title in enumerate(outline_titles, 1)),
        f"This is chapter {chapter.position}: {chapter.title}",
        f"Summary: {chapter.summary}",
    ]
    if points:
        lines += ["Cover:", *[f"- {point}" for point in points]]
    if earlier_text:
        lines += ["The chapter so far ends with:", "…" + " ".join(earlier_text.split()[-TAIL_WORDS:])]
        lines.append("Go on from there without repeating it.")
    lines += [
        f"Write about {words} words (part {number} of {sections} of this chapter) in {_language(brief)}.",
        "Plain Markdown paragraphs; no title, no heading, no comment about the task.",
    ]
    return ModelRequest(
        messages=(_system(brief), Message("user", "\n".join(lines))),
        max_tokens=int(words * TOKENS_PER_WORD) + 120,
        temperature=0.6,
        purpose="section",
    )


def blurb(brief: dict[str, str], chapters: Sequence[PlannedChapter]) -> ModelRequest:
    """Ask for the text on the back cover."""
    lines = [
        *_about(brief),
        "The chapters: " + "; ".join(chapter.title for chapter in chapters),
        f"Write about 80 words for the back cover in {_language(brief)}: one paragraph, no title, no quotation marks.",
    ]
    return ModelRequest(
        messages=(_system(brief), Message("user", "\n".join(lines))),
        max_tokens=280,
        temperature=0.7,
        purpose="blurb",
    )


def section_words(chapter_words: int, sections: int, number: int) -> int:
    """Words of section `number` (from 1): an even share, the remainder on the first ones."""
    share, rest = divmod(chapter_words, sections)
    return share + (1 if number <= rest else 0)


def as_json(text: str) -> object:
    """Parse an answer meant to be JSON, inside a Markdown fence or not. Raises ValueError."""
    bare = text.strip()
    if bare.startswith("```"):
        bare = bare.strip("`").removeprefix("json")
    return json.loads(bare)


def _language(brief: dict[str, str]) -> str:
    return LANGUAGES.get(brief["language"], brief["language"])


def _system(brief: dict[str, str]) -> Message:
    text = (
        f"You write books in {_language(brief)}. Tone: {brief['tone']}. Reader: {brief['audience']},"
        f" {brief['difficulty']}. You state no fact you are not sure of and name no living person."
    )
    return Message("system", text)


def _about(brief: dict[str, str]) -> list[str]:
    about = [f"Title: {brief['title']}", f"Language: {brief['language']}", f"Topic: {brief['topic']}"]
    about += [f"Subtitle: {brief['subtitle']}"] if brief["subtitle"] else []
    about += [f"Goal: {brief['goal']}"] if brief["goal"] else []
    return [*about, f"Kind of book: {brief['genre']}"]
