"""What is kept of a model's prose, and how sections are put together."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from books.jobs.outcome import Unusable
from books.models import LanguageModelCall
from core.text import count_words

SHORTEST_SECTION = 0.1  # of the words asked for; shorter is no section
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)
# What small models repeat of the order before they begin; a sentence of prose does not start like this.
LABEL = re.compile(
    r"(?:title|language|topic|subtitle|goal|summary|cover|points|chapter \d+|part \d+(?: of \d+)?"
    r"|titre|langue|sujet|sous-titre|résumé|chapitre \d+|partie \d+(?: sur \d+)?)\s*:",
    re.IGNORECASE,
)
ORDER = re.compile(r"(?:write about \d+ (?:words|pages)|écris environ \d+ (?:mots|pages))\b", re.IGNORECASE)
PREAMBLE = re.compile(r"(?:sure|certainly|of course|here (?:is|are)|bien sûr|voici)\b[^.!?\n]*:$", re.IGNORECASE)
BULLET = re.compile(r"(?:[-*•]|\d{1,2}[.)])\s+")
MARKS = " \t#*_\"'“”«»\u00a0.,;:!?…"
NOTE = re.compile(r"\[\^([^\]\s]+)\]")
SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]*_]*(?=\s|$)")


def join(text: str, section: str) -> str:
    """Put a section after what stands, as a new paragraph."""
    return f"{text}\n\n{section}" if text else section


def own_notes(section: str, number: int) -> str:
    """Footnote labels made the section's own: every part of a chapter may count its notes from 1."""
    return NOTE.sub(rf"[^{number}-\1]", section) if number > 1 else section


def usable(call: LanguageModelCall, words: int, *, echoes: Sequence[str] = (), headings: bool = False) -> str:
    """The section's prose. Raises Unusable when less than SHORTEST_SECTION of the `words` asked for is left.

    Echoes of the order are dropped (`echoes`: the chapter's title, summary and points), and headings unless they may
    have been asked for; an answer cut by its length limit ends at its last whole sentence.
    """
    text = without_echoes(call.text if headings else HEADING.sub("", call.text), echoes)
    text = whole_sentences(text) if call.finish == "length" else text
    text = re.sub(r"\n{3,}", "\n\n", text)
    if count_words(text) < words * SHORTEST_SECTION:
        raise Unusable(_("The model's answer was too short to be a part of the chapter. Try again, or another model."))
    return text


def whole_sentences(text: str) -> str:
    """The text up to the end of its last whole sentence; nothing if there is none."""
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


def without_echoes(text: str, echoes: Sequence[str]) -> str:
    """Drop lines before the prose that repeat the order, and list lines anywhere that only repeat one of `echoes`."""
    known = {_bare(echo) for echo in echoes} - {""}
    lines = [line for line in text.splitlines() if not (BULLET.match(line.strip()) and _bare(line) in known)]
    start = next((index for index, line in enumerate(lines) if line.strip() and not _is_echo(line, known)), len(lines))
    return "\n".join(lines[start:]).strip()


def _is_echo(line: str, known: set[str]) -> bool:
    bare = line.strip().lstrip(MARKS)
    return bool(LABEL.match(bare) or ORDER.match(bare) or PREAMBLE.match(line.strip())) or _bare(line) in known


def _bare(line: str) -> str:
    """A line without bullet, number, emphasis and closing marks, in one case: what an echo is recognized by."""
    return BULLET.sub("", line.strip(), count=1).strip(MARKS).casefold()
