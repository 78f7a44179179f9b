"""Labels of paragraphs, carried from a text to the one that replaces it.

What stands is matched first, then what was moved or copied, and only what is left is compared letter by letter, each
paragraph with the few that share its words: a text that changed everywhere costs no more than its length.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rapidfuzz import fuzz

from books.models.provenance import Hand, Label
from core.blocks import blocks
from core.diffs import aligned
from core.text import count_words

CONTAINED = 90.0  # per cent of the shorter one found in the longer: one was split, or two were joined
SAYS_SOMETHING = 12  # characters: fewer are found anywhere
ALIKE = 60.0  # per cent: two paragraphs less alike than this are two paragraphs, not one that was edited
FEW = 64  # pairs: so many are compared without asking which share words
NEAREST = 6  # paragraphs that one is compared with, those that share most of its words
COMMON = 12  # paragraphs with one word: a word that stands in more tells nothing
TELLING = 12  # words of a paragraph by which others are found: its rarest
MOST = 20_000  # paragraphs that went, and that came, are compared: a second or two under the book's lock
SHARED = 0.8  # of its words stand in the other: worth looking for it there
_WORD = re.compile(r"\w+")


def fresh(text: str, hand: Hand) -> tuple[Label, ...]:
    """Labels of a text that one hand wrote."""
    return (Label(hand.source, hand.name),) * len(blocks(text))


def parted(labels: Sequence[Label], head: str, tail: str) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    """Labels of both sides of a cut; a paragraph that was cut through has its label on both."""
    return tuple(labels[: len(blocks(head))]), tuple(labels[len(labels) - len(blocks(tail)) :])


def joined(text: str, *parts: Sequence[Label]) -> tuple[Label, ...] | None:
    """Labels of a text that was put together; None where its paragraphs are not those of its parts.

    A paragraph that a cut went through is one again where both halves have one label.
    """
    labels = [label for part in parts for label in part]
    first, last = parts[0], parts[-1]
    if len(labels) == len(blocks(text)) + 1 and first and last and first[-1] == last[0]:
        del labels[len(first)]
    return tuple(labels) if len(labels) == len(blocks(text)) else None


def carried(old: str, labels: Sequence[Label], new: str, hand: Hand) -> tuple[Label, ...]:
    """Labels of `new`, which that hand made of `old`.

    A paragraph that stands unchanged, was moved or copied keeps its label; one that is like a paragraph that went is
    that one edited, and so are the parts of a paragraph that was split; one that took up others was edited by their
    writers too; any other is new. A text without labels of its own is taken for the hand's.
    """
    before, after = [one.strip() for one in blocks(old)], [one.strip() for one in blocks(new)]
    known = tuple(labels) if len(labels) == len(before) else fresh(old, hand)
    found = _standing(before, after)
    standing = set(found.values())
    gone = [index for index in range(len(before)) if index not in standing]
    come = [index for index in range(len(after)) if index not in found]
    elsewhere = _elsewhere(before, after, gone, come)
    taken = set(elsewhere.values())
    gone = [index for index in gone if index not in taken]
    come = [place for place in come if place not in elsewhere]
    left = _Left(before, after, gone[:MOST], come[:MOST])
    kept = {place: known[index] for place, index in (found | elsewhere).items()}
    kept |= {place: _label(place, left, known, hand) for place in come}
    return tuple(kept[index] for index in range(len(after)))


def reviewed(labels: Sequence[Label], places: Collection[int], by: str, on: str = "") -> tuple[Label, ...]:
    """The labels once paragraphs at those places (from 0) were reviewed by that person's id; "" takes it back."""
    chosen = set(places)
    return tuple(
        replace(one, reviewed_by=by, reviewed_on=on) if place in chosen else one for place, one in enumerate(labels)
    )


def words_by_origin(text: str, labels: Sequence[Label]) -> dict[str, int]:
    """Words by writer (Label.key), and of all the `edited` and the `reviewed` ones: what a chapter adds to the sums."""
    words: Counter[str] = Counter()
    for block, label in zip(blocks(text), labels, strict=True):
        number = count_words(block)
        words[label.key] += number
        words["edited"] += number if label.edited_by else 0
        words["reviewed"] += number if label.reviewed_by else 0
    return {key: number for key, number in words.items() if number}


def _standing(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Places of paragraphs that stand in the same order in both: new place → old place."""
    places, new_places = range(len(before)), range(len(after))
    return {
        place: index
        for step in aligned(before, after)
        for index, place in zip(places[step.kept], new_places[step.found], strict=True)
    }


def _elsewhere(before: Sequence[str], after: Sequence[str], gone: Sequence[int], come: Sequence[int]) -> dict[int, int]:
    """Paragraphs that were moved, the first of equal ones first, and those that were copied: new place → old place."""
    moved, copied = defaultdict(list), {text: at for at, text in enumerate(before) if len(text) >= SAYS_SOMETHING}
    for at in reversed(gone):
        moved[before[at]].append(at)
    found = {}
    for place in come:
        if same := moved.get(after[place]):
            found[place] = same.pop()
        elif after[place] in copied:
            found[place] = copied[after[place]]
    return found


@dataclass
class _Left:
    """Paragraphs that went and paragraphs that came, and who is compared with whom."""

    before: Sequence[str]
    after: Sequence[str]
    gone: list[int]
    come: list[int]
    words: dict[str, set[str]] = field(default_factory=dict)

    @cached_property
    def origin(self) -> dict[int, int]:
        """The paragraph that went and became this one; the most alike find each other first, each once."""
        pairs = sorted(self._alike(), key=lambda pair: (-pair[0], pair[1], pair[2]))
        found: dict[int, int] = {}
        used: set[int] = set()
        for _score, place, index in pairs:
            if place not in found and index not in used:
                found[place] = index
                used.add(index)
        for place in self.come:
            if place not in found and (whole := self._whole_of(place)) is not None:
                found[place] = whole
        return found

    @cached_property
    def taken_up(self) -> dict[int, list[int]]:
        """Paragraphs that went into another one, by the place of that one."""
        found = defaultdict(list)
        used = set(self.origin.values())
        for index in self.gone:
            near = () if index in used else self._near(self.before[index], self.come, self.after)
            place = next((at for at in near if self._stands_in(self.before[index], self.after[at])), None)
            if place is not None:
                found[place].append(index)
        return found

    def _alike(self) -> Iterator[tuple[float, int, int]]:
        for place in self.come:
            for index in self._near(self.after[place], self.gone, self.before):
                score = fuzz.ratio(self.after[place], self.before[index], score_cutoff=ALIKE)
                if score:
                    yield score, place, index

    def _whole_of(self, place: int) -> int | None:
        """The paragraph that went and of which this one is a part."""
        near = self._near(self.after[place], self.gone, self.before)
        return next((index for index in near if self._stands_in(self.after[place], self.before[index])), None)

    def _near(self, text: str, among: Sequence[int], texts: Sequence[str]) -> list[int]:
        """The few of those paragraphs that share most words with the text, the nearest first."""
        if len(self.gone) * len(self.come) <= FEW:
            return list(among)
        holders = self._holders_gone if texts is self.before else self._holders_come
        held = sorted((len(holders[word]), word) for word in self._words(text) if word in holders)
        votes = Counter(at for number, word in held[:TELLING] if number <= COMMON for at in holders[word])
        return [at for at, _votes in votes.most_common(NEAREST)]

    def _stands_in(self, part: str, whole: str) -> bool:
        """Whether nearly all of the shorter one is found in the longer, in one piece."""
        if not SAYS_SOMETHING <= len(part) <= len(whole):
            return False
        words = self._words(part)
        if len(words & self._words(whole)) < SHARED * len(words):
            return False
        return fuzz.partial_ratio(part, whole, score_cutoff=CONTAINED) > 0

    @cached_property
    def _holders_gone(self) -> dict[str, list[int]]:
        return self._holders(self.gone, self.before)

    @cached_property
    def _holders_come(self) -> dict[str, list[int]]:
        return self._holders(self.come, self.after)

    def _holders(self, among: Sequence[int], texts: Sequence[str]) -> dict[str, list[int]]:
        found = defaultdict(list)
        for at in among:
            for word in self._words(texts[at]):
                found[word].append(at)
        return found

    def _words(self, text: str) -> set[str]:
        if text not in self.words:
            self.words[text] = set(_WORD.findall(text))
        return self.words[text]


def _label(place: int, left: _Left, known: Sequence[Label], hand: Hand) -> Label:
    """The label of a paragraph that came: an edited one's, with those whose paragraphs it took up; else a new one."""
    if place not in left.origin:
        return Label(hand.source, hand.name)
    label = known[left.origin[place]]
    for index in left.taken_up.get(place, ()):
        other = known[index]
        label = label.touched(Hand(other.source, other.name))
        label = replace(label, edited_by=tuple(dict.fromkeys([*label.edited_by, *other.edited_by])))
    return label.touched(hand)
