"""Scripted books: every answer is a function of the request alone, and long enough to be a book."""

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from tests.fakes.llm import prose

WORDS = re.compile(r"(?:about|around|roughly|environ)\s+(\d{2,5})\s+(?:words|mots)", re.IGNORECASE)
LANGUAGE = re.compile(r"^(?:language|langue)\s*:\s*(\w\w)", re.IGNORECASE | re.MULTILINE)
IN_FRENCH = re.compile(r"\b(?:writes|words|all) in French\b|\b(?:écrit|mots|tout) en français\b")
TOPIC = re.compile(r"\b(?:about|sur) [“«]\s*(.+?)\s*[”»]")
POINTS = re.compile(r"\b(?:Explain|Explique) ([^.\n]+)\.")
ITEM = re.compile(r"^\s*[-*]\s+(.+)$", re.MULTILINE)
LABEL = r"^{}\s*:\s*(.+)$"
ELISION = re.compile(r"\b([Qq]u|[Dd])e (?=une?\b)")
DEFAULT_WORDS = 60
# What a prompt says when it asks for each purpose; the first that is found.
TOLD_JSON = {
    "facts": re.compile(r"must stay the same|doit rester le même"),
    "review": re.compile(r"[“«]\s?quote\s?[”»]"),
}
TOLD = {
    "summary": re.compile(r"Summarize this text|Résume ce texte"),
    "translation": re.compile(r"Translate this text|Traduis ce texte"),
    "blurb": re.compile(r"back cover|quatrième de couverture|blurb", re.IGNORECASE),
    "section": WORDS,
}


@dataclass(frozen=True)
class Subject:
    """What the prompt speaks of: the topic, the points to cover, and the language of the answer."""

    topic: str
    points: tuple[str, ...]
    language: prose.Language


def rng(*parts: str) -> random.Random:
    """A generator seeded by the request's own text."""
    return random.Random(hashlib.sha256("\0".join(parts).encode()).hexdigest())


def subject(prompt: str) -> Subject:
    """Read topic, points and language from the sentences or labelled lines; without them there is prose still."""
    code = LANGUAGE.search(prompt)
    spoken = code[1].lower() if code else "fr" if IN_FRENCH.search(prompt) else "en"
    language = prose.LANGUAGES.get(spoken, prose.ENGLISH)
    said = TOPIC.search(prompt)
    topic = said[1] if said else _labelled(prompt, "topic") or _labelled(prompt, "title") or "the work"
    asked = POINTS.findall(prompt)
    listed = asked[-1].split("; ") if asked else ITEM.findall(prompt)
    points = tuple(_bare(point) for point in listed[:6])
    return Subject(topic=_bare(topic), points=points or (_bare(topic),), language=language)


def purpose(prompt: str, *, schema: bool, turns: int) -> str:
    """What the call is for, guessed as a person reading the prompt would."""
    if schema and turns > 1:
        return "repair"
    told = next((name for name, words in (TOLD_JSON if schema else TOLD).items() if words.search(prompt)), None)
    return told or ("outline" if schema else "chat")


def asked_words(prompt: str) -> int:
    """How many words the prompt asks for."""
    found = WORDS.findall(prompt)
    return int(found[-1]) if found else DEFAULT_WORDS


def section(prompt: str) -> str:
    """Markdown of about as many words as asked for: paragraphs, sometimes emphasis, a break, a footnote."""
    chance, about, wanted = rng("section", prompt), subject(prompt), asked_words(prompt)
    paragraphs: list[str] = []
    written, opening = 0, True
    while written < wanted:
        paragraph = _paragraph(chance, about, min(wanted - written, chance.randint(55, 110)), opening=opening)
        opening = False
        written += len(paragraph.split())
        paragraphs.append(paragraph)
        if chance.random() < 0.08 and wanted - written > 120:
            paragraphs.append("* * *")
    notes = _footnote(chance, about, paragraphs, wanted)  # puts the reference into one of the paragraphs
    return "\n\n".join([*paragraphs, *notes])


def blurb(prompt: str) -> str:
    """One paragraph for the back cover."""
    chance, about = rng("blurb", prompt), subject(prompt)
    first = about.language.blurb.format(topic=_inner(about.topic))
    rest = max(20, asked_words(prompt) - len(first.split()))
    return f"{first} {_paragraph(chance, about, rest, opening=False)}"


def title(chance: random.Random, about: Subject, taken: set[str]) -> str:
    """A chapter title that none of `taken` has yet; it is added to them."""
    for _attempt in range(60):
        first, second = chance.sample(about.language.title_words, 2)
        words = chance.choice(about.language.title_patterns).format(a=first, b=second)
        if words.lower() not in taken:
            break
    taken.add(words.lower())
    return _capital(words)


def line(chance: random.Random, about: Subject, patterns: str) -> str:
    """One summary or point; `patterns` names which."""
    found = {"summary": about.language.summaries, "point": about.language.points}[patterns]
    return _filled(chance, about, chance.choice(found))


def sentence(chance: random.Random, about: Subject) -> str:
    """One sentence of prose."""
    return _filled(chance, about, chance.choice(about.language.sentences))


def _paragraph(chance: random.Random, about: Subject, words: int, *, opening: bool) -> str:
    sentences = [_filled(chance, about, chance.choice(about.language.openings))] if opening else []
    patterns: list[str] = []
    while sum(len(one.split()) for one in sentences) < words:
        # A shuffled deck: no pattern comes twice in a paragraph before all have come once.
        patterns = patterns or chance.sample(about.language.sentences, len(about.language.sentences))
        sentences.append(_filled(chance, about, patterns.pop()))
    return " ".join(_emphasized(chance, one) for one in sentences)


def _emphasized(chance: random.Random, sentence: str) -> str:
    if chance.random() > 0.06:
        return sentence
    words = sentence.split()
    at = chance.randrange(len(words))
    bare = words[at].strip(".,;:«»")
    words[at] = words[at].replace(bare, f"*{bare}*") if bare.isalpha() and len(bare) > 5 else words[at]
    return " ".join(words)


def _footnote(chance: random.Random, about: Subject, paragraphs: list[str], wanted: int) -> list[str]:
    if wanted < 150 or chance.random() > 0.5:
        return []
    label = f"[^{chance.randrange(100, 10_000)}]"  # sections of one chapter are joined: their notes must not meet
    proses = [index for index, text in enumerate(paragraphs) if text != "* * *"]
    paragraphs[chance.choice(proses)] += label
    return [f"{label}: {chance.choice(about.language.notes)}"]


def _filled(chance: random.Random, about: Subject, pattern: str) -> str:
    names = [name for _text, name, _spec, _conversion in Formatter().parse(pattern) if name]
    words: Mapping[str, str] = {
        name: chance.choice(about.language.phrases[name])
        for name in dict.fromkeys(names)
        if name not in {"topic", "point"}
    }
    text = pattern.format(topic=_inner(about.topic), point=_inner(chance.choice(about.points)), **words)
    return _capital(ELISION.sub(r"\1'", text) if about.language is prose.FRENCH else text)


def _labelled(prompt: str, label: str) -> str:
    found = re.search(LABEL.format(label), prompt, re.IGNORECASE | re.MULTILINE)
    return found[1].strip() if found else ""


def _bare(text: str) -> str:
    """The first words of a prompt's line, without what would be markup or end a sentence."""
    words = re.sub(r"[^\w\s'’,-]", "", text).split()
    return " ".join(words[:10]).strip(" ,-") or "it"


def _inner(text: str) -> str:
    """As it stands inside a sentence: the first letter small unless the word is all capitals."""
    return text if text[:2].isupper() else text[0].lower() + text[1:]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
