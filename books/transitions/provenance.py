"""Labels of paragraphs, carried from a text to the one that replaces it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz, process

from books.models.provenance import Hand, Label
from core.blocks import blocks
from core.text import count_words

CONTAINED = 90.0  # per cent of the shorter one found in the longer: one was split, or two were joined
SAYS_SOMETHING = 12  # characters: fewer are found anywhere
ALIKE = 60.0  # per cent: two paragraphs less alike than this are two paragraphs, not one that was edited


def fresh(text: str, hand: Hand) -> tuple[Label, ...]:
    """Labels of a text that one hand wrote."""
    return (Label(hand.source, hand.name),) * len(blocks(text))


def carried(old: str, labels: Sequence[Label], new: str, hand: Hand) -> tuple[Label, ...]:
    """Labels of `new`, which that hand made of `old`.

    A paragraph that stands unchanged, or was moved, keeps its label; one that is like a paragraph that went is that one
    edited; any other is new. A text without labels of its own is taken for the hand's.
    """
    before, after = [one.strip() for one in blocks(old)], [one.strip() for one in blocks(new)]
    known = list(labels) if len(labels) == len(before) else list(fresh(old, hand))
    found: dict[int, Label] = {}
    gone: list[int] = []
    come: list[int] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found |= {c + offset: known[a + offset] for offset in range(b - a)}
        else:
            gone += range(a, b)
            come += range(c, d)
    places = defaultdict(list)
    for index in gone:
        places[before[index]].append(index)
    for index in come:
        if same := places.get(after[index]):
            found[index] = known[same.pop(0)]
    texts = {index: before[index] for index in gone}
    for index in come:
        if index not in found:
            found[index] = _like(after[index], texts, known, hand)
    return tuple(found[index] for index in range(len(after)))


def words_by_origin(text: str, labels: Sequence[Label]) -> dict[str, int]:
    """Words by source, and of those the edited and the reviewed ones: what a chapter adds to its book's sums."""
    words: Counter[str] = Counter()
    for block, label in zip(blocks(text), labels, strict=True):
        number = count_words(block)
        words[label.source] += number
        words["edited"] += number if label.edited_by else 0
        words["reviewed"] += number if label.reviewed_by else 0
    return {key: number for key, number in words.items() if number}


def _like(text: str, gone: dict[int, str], known: Sequence[Label], hand: Hand) -> Label:
    """The label of the paragraph that went and is most like this one, or in which this one stood; else a new one."""
    best = process.extractOne(text, gone, scorer=fuzz.ratio, score_cutoff=ALIKE)
    if best is None and len(text) >= SAYS_SOMETHING:
        long_enough = {index: other for index, other in gone.items() if len(other) >= SAYS_SOMETHING}
        best = process.extractOne(text, long_enough, scorer=fuzz.partial_ratio, score_cutoff=CONTAINED)
    return known[best[2]].touched(hand) if best else Label(hand.source, hand.name)
