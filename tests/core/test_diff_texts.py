"""What became of one text in another, whatever both are. Pure functions: no database."""

import time
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diffs import MOST, Edit, aligned, edits, moved, replay

# Few distinct paragraphs, so that many are equal; what a person typed; and blank lines of every kind.
SENTENCES = [
    "Bees fly far.",
    "Bees fly home in June!",
    "« Où ? »",
    "* * *",
    "a",
    "\U0001f41d \U0001f41d",
    "1. One 2. Two",
]
PARAGRAPHS = st.lists(st.sampled_from(SENTENCES), min_size=0, max_size=4).map(" ".join)
BOOKS = st.lists(PARAGRAPHS, max_size=12).map("\n\n".join)
ANYTHING = st.text(alphabet=st.sampled_from("ab .!\n\t  é\x00\U0001f41d"), max_size=60)
TEXTS = st.one_of(BOOKS, ANYTHING, st.text(max_size=40))


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_the_changes_done_to_the_old_text_give_the_new_one(old: str, new: str) -> None:
    assert replay(old, new, edits(old, new)) == new


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_edits_are_in_order_and_neither_empty_nor_touching(old: str, new: str) -> None:
    found = edits(old, new)
    assert all(one.start <= one.end and one.new_start <= one.new_end for one in found)
    assert all((one.start, one.new_start) != (one.end, one.new_end) for one in found)
    # Between two edits stands text that both have.
    assert all(a.end < b.start and b.start - a.end == b.new_start - a.new_end for a, b in pairwise(found))


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_what_was_moved_stands_in_both_texts(old: str, new: str) -> None:
    changes = edits(old, new)
    assert list(changes.moves) == sorted(changes.moves)
    for start, new_start, length in changes.moves:
        assert old[start : start + length] == new[new_start : new_start + length] != ""
        assert any(one.start <= start and start + length <= one.end for one in changes)
        assert any(one.new_start <= new_start and new_start + length <= one.new_end for one in changes)


@given(TEXTS, TEXTS, st.data())
@settings(max_examples=300, deadline=None)
def test_a_passage_stays_in_the_text_and_in_order(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    place, until = moved(edits(old, new), start, end)
    assert 0 <= place <= until <= len(new)


@given(TEXTS)
def test_equal_texts_have_no_change(text: str) -> None:
    assert list(edits(text, text)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Bees fly far.", "Bees fly home.", [("far", "home")]),
        ("Bees fly.", "The bees fly.", [("Bees", "The bees")]),
        ("One. Two.", "One. And two more. Two.", [("", "And two more. ")]),
        ("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.", [("", "\n\nThree.")]),
        ("One.\n\nTwo.", "One.", [("\n\nTwo.", "")]),
        ("Bees fly.", "Bees fly far.\n\nBees fly.", [("", "Bees fly far.\n\n")]),
        ("a roof stands", "a roof, stands", [("", ",")]),
    ],
)
def test_no_more_is_changed_than_was(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert [(old[one.start : one.end], new[one.new_start : one.new_end]) for one in edits(old, new)] == expected


def test_a_paragraph_that_was_moved_is_found_and_its_passages_with_it() -> None:
    first, second, third = "The first hive stands.", "The second one waits.", "The third is empty."
    old, new = "\n\n".join([first, second, third]), "\n\n".join([third, first, second + " Still."])
    changes = edits(old, new)
    assert [old[one.start :][: one.length] for one in changes.moves] == [third]
    start = old.index("is empty")
    place, until = moved(changes, start, start + len("is empty"))
    assert new[place:until] == "is empty"


@pytest.mark.parametrize(
    ("old", "new", "passage", "now"),
    [
        ("Bees fly far.", "Bees fly far away.", "far", "far"),
        ("Bees fly far.", "Bees soon fly far.", "fly", "fly"),
        ("Bees fly far.", "Bees fly far.\n\nAnd home.", "far.", "far."),
        ("Bees fly far.", "Bees walk far.", "fly", "walk"),
        ("Bees fly far.", "Bees far.", "fly", ""),
        ("Bees fly very far.", "Bees fly, dance, and go far.", "fly very far", "fly, dance, and go far"),
    ],
)
def test_a_passage_keeps_what_was_put_in_its_place_and_not_what_stands_beside(
    old: str, new: str, passage: str, now: str
) -> None:
    start = old.index(passage)
    place, until = moved(edits(old, new), start, start + len(passage))
    assert new[place:until] == now


def hostile(name: str) -> tuple[str, str]:
    """Two texts that a diff of whole texts, or of equal blocks, would be slow at."""
    words = [f"word{number}" for number in range(10_000)]
    other = [f"other{number}" for number in range(10_000)]
    same = ["“Yes.”"] * 6000
    return {
        "thousands of equal paragraphs": ("\n\n".join(same), "\n\n".join([*same[100:], "“No.”", *same[:300]])),
        "one paragraph": (" ".join(words), " ".join([*words[:5000], "new", *words[5003:]])),
        "unrelated": (" ".join(words), " ".join(other)),
        "unrelated, of paragraphs": (
            "\n\n".join(" ".join(words[at : at + 60]) for at in range(0, 10_000, 60)),
            "\n\n".join(" ".join(other[at : at + 60]) for at in range(0, 10_000, 60)),
        ),
        "a hundred thousand words without a stop": (" ".join(words * 10), " ".join(other * 10)),
        "no word at all": ("." * 100_000, "\n" * 100_000),
    }[name]


@pytest.mark.parametrize(
    "name",
    ["thousands of equal paragraphs", "one paragraph", "unrelated", "unrelated, of paragraphs",
     "a hundred thousand words without a stop", "no word at all"],
)  # fmt: skip
def test_no_pair_of_texts_takes_long(name: str) -> None:
    old, new = hostile(name)
    began = time.process_time()
    changes = edits(old, new)
    assert time.process_time() - began < 2  # a hundred times what it takes; a diff of whole texts takes minutes
    assert replay(old, new, changes) == new


def test_a_small_change_in_a_long_paragraph_is_small() -> None:
    old, new = hostile("one paragraph")
    assert list(edits(old, new)) == [Edit(*span(old, new, "word5000 word5001 word5002", "new"))]


def span(old: str, new: str, gone: str, come: str) -> tuple[int, int, int, int]:
    start, new_start = old.index(gone), new.index(come)
    return start, start + len(gone), new_start, new_start + len(come)


def test_no_more_is_compared_than_fits_into_memory_whoever_asks() -> None:
    many = int(MOST**0.5) + 100
    before, after = [f"a{number}" for number in range(many)], [f"b{number}" for number in range(many)]
    before[many // 2] = after[many // 2] = "both"
    assert [step.gone for step in aligned(before, after)] == [slice(0, many)]
    ends = list(aligned(["head", *before, "tail"], ["head", *after, "tail"]))
    assert [(step.gone, step.kept) for step in ends] == [
        (slice(0, 0), slice(0, 1)), (slice(1, many + 1), slice(many + 1, many + 2)),
        (slice(many + 2, many + 2), slice(0)),
    ]  # fmt: skip


def test_every_other_paragraph_moved_among_thousands_is_followed() -> None:
    old = [f"Paragraph {number}." for number in range(3000)]
    new = old.copy()
    new[1::2] = reversed(old[1::2])
    changes = edits("\n\n".join(old), "\n\n".join(new))
    assert replay("\n\n".join(old), "\n\n".join(new), changes) == "\n\n".join(new)
    assert len(changes.moves) >= 1490
    text, starts = "\n\n".join(new), list(accumulate((len(one) + 2 for one in old), initial=0))
    for number in range(1, 3000, 2):
        start = starts[number]
        first, last = moved(changes, start, start + len(old[number]))
        assert text[first:last] == old[number]
