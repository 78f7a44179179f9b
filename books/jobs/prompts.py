"""What the language model is asked: pure functions of rows fixed at approval and of the chapter's earlier sections.

The same rows always give the same bytes: the journal's key is the hash of the input (ruling 16). Few words, whole
sentences and the order last: a small model copies lists of labels instead of following them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from books.jobs import wordings
from books.models.runs import LONGEST_FACT, MOST_FACTS
from books.providers.language_models import Message, ModelRequest

TOKENS_PER_WORD = 1.7  # French prose in a byte-pair vocabulary; English needs less
TAIL_WORDS = 120
BLURB_WORDS = 80
SUMMARY_WORDS = 100
LONGEST_GLIMPSE = 200  # characters of a neighbour's summary
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


@dataclass(frozen=True)
class Passage:
    """An excerpt of a source that is to be followed."""

    source: str
    text: str


@dataclass(frozen=True)
class Neighbour:
    """The chapter before or after, by its title and summary."""

    title: str
    summary: str


@dataclass(frozen=True)
class Memory:
    """What a section keeps to beside its order: facts of the whole book, the chapters around, sources to follow.

    `passages` are by number of section, from 1.
    """

    facts: Sequence[str] = ()
    before: Neighbour | None = None
    after: Neighbour | None = None
    passages: Mapping[int, Sequence[Passage]] = field(default_factory=dict)


NOTHING = Memory()


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


def outline(
    brief: Mapping[str, str],
    *,
    first: int,
    last: int,
    total: int,
    earlier: Sequence[str],
    passages: Sequence[Passage] = (),
) -> ModelRequest:
    """Ask for chapters `first` to `last` of `total`; `earlier` are the titles already planned."""
    say = wordings.of(brief["language"])
    whole = last - first + 1 == total
    order = [(say.plan_all if whole else say.plan_some), say.plan_rules]
    lines = ["\n".join([say.planned, *[f"- {title}" for title in earlier]])] if earlier else []
    lines.append(" ".join(order).format(**names_of(brief), first=first, last=last, total=total))
    return ModelRequest(
        messages=(system_message(brief, passages=passages), Message("user", "\n\n".join(lines))),
        max_tokens=200 + 220 * (last - first + 1),
        temperature=0.6,
        json_schema=outline_schema(last - first + 1),
        schema_name="outline",
        purpose="outline",
    )


def facts(brief: Mapping[str, str], chapters: Sequence[Neighbour]) -> ModelRequest:
    """Ask what a long book keeps to from its first chapter to its last, by its outline."""
    plan = "\n".join(f"- {chapter.title}. {_glimpse(chapter.summary)}" for chapter in chapters)
    names = {**names_of(brief), "most": MOST_FACTS}
    line = {"type": "string", "minLength": 3, "maxLength": LONGEST_FACT}
    return ModelRequest(
        messages=(system_message(brief), Message("user", f"{plan}\n\n{_say(brief).list_facts.format(**names)}")),
        max_tokens=200 + 40 * MOST_FACTS,
        temperature=0.3,
        json_schema={
            "type": "object",
            "properties": {"facts": {"type": "array", "items": line, "minItems": 1, "maxItems": MOST_FACTS}},
            "required": ["facts"],
            "additionalProperties": False,
        },
        schema_name="facts",
        purpose="facts",
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
    memory: Memory = NOTHING,
    told: str = "",
) -> ModelRequest:
    """Ask for one section of a chapter, `part` (1, 3) for the first of three: its share of the points and words.

    What stands already is shown as the model's own earlier turn, from which it goes on: its end, and in `told` a
    summary of the rest where there is one.
    """
    number, sections = part
    say, words = wordings.of(brief["language"]), section_words(chapter.words, sections, number)
    points = chapter.points_of(sections, number)
    if earlier_text:
        turns: tuple[Message, ...] = (
            Message("user", _order(brief, chapter, chapter.words, ())),
            Message("assistant", tail(earlier_text)),
            Message("user", f"{_told(brief, told)}{say.go_on} {_order(brief, chapter, words, points)}"),
        )
    else:
        turns = (Message("user", _order(brief, chapter, words, points)),)
    return ModelRequest(
        messages=(system_message(brief, outline_titles, memory, memory.passages.get(number, ())), *turns),
        max_tokens=answer_tokens(words),
        temperature=0.6,
        purpose="section",
    )


def summary(brief: Mapping[str, str], text: str, *, told: str) -> ModelRequest:
    """Ask for a summary of what a chapter tells so far: of `text`, and of what `told` sums up of the part before."""
    say, names = _say(brief), {**names_of(brief), "words": SUMMARY_WORDS}
    before = f"{say.told_before.format(summary=told)}\n\n" if told else ""
    return ModelRequest(
        messages=(system_message(brief), Message("user", f"{before}{text}\n\n{say.summarize.format(**names)}")),
        max_tokens=answer_tokens(SUMMARY_WORDS),
        temperature=0.3,
        purpose="summary",
    )


def blurb(brief: Mapping[str, str], chapters: Sequence[PlannedChapter]) -> ModelRequest:
    """Ask for the text on the back cover."""
    order = wordings.of(brief["language"]).blurb.format(**names_of(brief), words=BLURB_WORDS)
    return ModelRequest(
        messages=(system_message(brief, [chapter.title for chapter in chapters]), Message("user", order)),
        max_tokens=280,
        temperature=0.6,
        purpose="blurb",
    )


def section_words(chapter_words: int, sections: int, number: int) -> int:
    """Words of section `number` (from 1): an even share, the remainder on the first ones."""
    share, rest = divmod(chapter_words, sections)
    return share + (1 if number <= rest else 0)


def answer_tokens(words: int) -> int:
    """Tokens that an answer of so many words may take."""
    return int(words * TOKENS_PER_WORD) + 120


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


def names_of(brief: Mapping[str, str]) -> dict[str, str]:
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


def system_message(
    brief: Mapping[str, str],
    titles: Sequence[str] = (),
    memory: Memory = NOTHING,
    passages: Sequence[Passage] = (),
) -> Message:
    """Who writes, and the book: here and not in the order, or a small model writes about books and chapters."""
    say, names = _say(brief), names_of(brief)
    lines = [say.author.format(**names), say.called.format(**names)]
    if brief["subtitle"]:
        lines.append(say.subtitled.format(subtitle=say.quoted.format(brief["subtitle"])))
    if brief["goal"]:
        lines.append(say.goal.format(goal=brief["goal"]))
    if titles:
        lines.append(say.chapters.format(titles=", ".join(say.quoted.format(title) for title in titles)))
    if memory.facts:
        lines.append(say.facts.format(facts="; ".join(fact.rstrip(".;") for fact in memory.facts)))
    for sentence, chapter in ((say.before, memory.before), (say.after, memory.after)):
        if chapter and chapter.summary:
            title = say.quoted.format(chapter.title)
            lines.append(sentence.format(title=title, summary=ended(_glimpse(chapter.summary))))
    return Message("system", "\n\n".join([" ".join(lines), *_excerpts(say, passages)]))


def _excerpts(say: wordings.Wording, passages: Sequence[Passage]) -> list[str]:
    """The sources to follow, each by its title, and what to follow them means."""
    said = [say.excerpt.format(source=say.quoted.format(one.source), text=one.text) for one in passages]
    return [say.follow, *said] if said else []


def _told(brief: Mapping[str, str], told: str) -> str:
    return f"{_say(brief).told.format(summary=told)} " if told else ""


def _say(brief: Mapping[str, str]) -> wordings.Wording:
    return wordings.of(brief["language"])


def ended(text: str) -> str:
    """Text with an end, so that the next sentence does not run into it."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _glimpse(summary: str) -> str:
    """The beginning of a summary, whole words."""
    short = summary.strip()[:LONGEST_GLIMPSE]
    return short if len(summary.strip()) <= LONGEST_GLIMPSE else short.rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _order(brief: Mapping[str, str], chapter: PlannedChapter, words: int, points: Sequence[str]) -> str:
    say, names = wordings.of(brief["language"]), names_of(brief)
    lines = [say.write.format(**{**names, "words": words, "title": say.quoted.format(chapter.title)})]
    if chapter.summary:
        lines.append(chapter.summary.rstrip(".") + ".")
    if points:
        lines.append(say.explain.format(points="; ".join(points)))
    return " ".join(lines)
