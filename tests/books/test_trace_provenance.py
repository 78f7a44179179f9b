"""Whose each paragraph is, after every kind of change: scripted edits give the labels expected, pages show them."""

from time import perf_counter
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from books.models import Book, BookStatus, Chapter, VersionOrigin
from books.models.provenance import Hand, Label, Source, label_from
from books.queries.versions import documents
from books.transitions import provenance, texts
from core import tenancy
from core.blocks import blocks
from core.ids import new_id
from organizations.models import Organization
from tests import builders
from tests.books import desk

MODEL, ANN, BOB = Hand(Source.MODEL, "m"), Hand(Source.PERSON, "ann"), Hand(Source.PERSON, "bob")
PARTS = {
    "A": "A roof is a meadow that nobody mows, said the keeper of the hives.",
    "B": "Two hundred bees came home before the rain, and none of them was wet.",
    "C": "In winter the cluster turns slowly, like a planet made of wings.",
    "D": "Honey keeps for three thousand years if nobody finds the jar.",
}
TEXT = "\n\n".join(PARTS.values())
SHORT = {"model": "m", "person": "p", "import": "i"}


def told(labels: tuple[Label, ...]) -> str:
    """Labels in short: m or p for who wrote, then who edited, and ! when it was reviewed."""
    return " ".join(
        SHORT[one.source] + ("" if one.source == "model" else f":{one.name}")
        + "".join(f"+{name}" for name in one.edited_by) + ("!" if one.reviewed_by else "")
        for one in labels
    )  # fmt: skip


def after(*texts: str, hand: Hand = ANN, first: tuple[Label, ...] | None = None) -> str:
    """The labels once the model's text became each of these, by that hand, one after the other."""
    labels, old = first or provenance.fresh(TEXT, MODEL), TEXT
    for text in texts:
        labels, old = provenance.carried(old, labels, text, hand), text
    return told(labels)


def text(*parts: str) -> str:
    """Paragraphs by their letter, or as they are."""
    return "\n\n".join(PARTS.get(part, part) for part in parts)


B_EDITED = PARTS["B"].replace("hundred", "thousand")
B_FIRST, B_SECOND = PARTS["B"].split(", ")


@pytest.mark.parametrize(
    ("new", "labels"),
    [
        (text("A", "B", "C", "D"), "m m m m"),
        (text("A", B_EDITED, "C", "D"), "m m+ann m m"),
        (text("A", "Mine is a line of its own.", "B", "C", "D"), "m p:ann m m m"),
        (text("A", "C", "D"), "m m m"),
        (text("D", "B", "A", "C"), "m m m m"),
        (text("C", B_EDITED, "A", "D"), "m m+ann m m"),
        (text("A", B_FIRST, B_SECOND, "C", "D"), "m m+ann m+ann m m"),
        (text("A", f"{PARTS['B']} {PARTS['C']}", "D"), "m m+ann m"),
        (text("A", "B", "B", "C", "D"), "m m m m m"),
        ("\n\n\n".join(PARTS.values()), "m m m m"),
        (TEXT + "\n", "m m m m"),
        (TEXT.replace("nobody", "no one"), "m+ann m m m+ann"),
        (text("Something", "else", "entirely"), "p:ann p:ann p:ann"),
        ("", ""),
    ],
    ids=["unchanged", "edited", "added", "removed", "moved", "moved and edited", "split", "joined", "copied",
         "blank lines", "final line feed", "replaced in two", "written anew", "emptied"],
)  # fmt: skip
def test_an_edit_gives_the_expected_labels(new: str, labels: str) -> None:
    assert after(new) == labels


def test_one_who_edits_twice_is_named_once_and_others_beside_them() -> None:
    again = PARTS["B"].replace("hundred", "thousand").replace("rain", "storm")
    labels = provenance.carried(TEXT, provenance.fresh(TEXT, MODEL), text("A", B_EDITED, "C", "D"), ANN)
    labels = provenance.carried(text("A", B_EDITED, "C", "D"), labels, text("A", again, "C", "D"), ANN)
    assert told(labels) == "m m+ann m m"
    labels = provenance.carried(text("A", again, "C", "D"), labels, text("A", again + " Not one.", "C", "D"), BOB)
    assert told(labels) == "m m+ann+bob m m"


def test_ones_own_paragraph_stays_ones_own() -> None:
    assert after(text("A", "A line of mine."), text("A", "A line of mine, longer.")) == "m p:ann"


def test_paragraphs_of_two_writers_that_become_one_name_both() -> None:
    mine = "And then I asked the keeper what the bees would say to that."
    old, new = text("A", mine), f"{PARTS['A']} {mine}"
    labels = (*provenance.fresh(PARTS["A"], MODEL), Label(Source.PERSON, "bob"))
    assert told(provenance.carried(old, labels, new, ANN)) == "m+bob+ann"


def test_an_edit_takes_the_mark_of_a_reviewer_away_and_a_move_does_not() -> None:
    reviewed = provenance.reviewed(provenance.fresh(TEXT, MODEL), [0, 1], "bob", "2026-11-21")
    assert after(text("C", B_EDITED, "A", "D"), first=reviewed) == "m m+ann m! m"


def test_equal_paragraphs_keep_their_own_labels() -> None:
    lines = ["The refrain comes again.", "One verse of it.", "The refrain comes again.", "Another verse of it."]
    labels = tuple(Label(Source.PERSON, name) for name in ("one", "two", "three", "four"))
    old = "\n\n".join(lines)
    without_first = "\n\n".join(lines[1:])
    assert told(provenance.carried(old, labels, without_first, ANN)) == "p:two p:three p:four"
    assert told(provenance.carried(old, labels, f"New.\n\n{old}", ANN)) == "p:ann p:one p:two p:three p:four"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*PARTS.values(), "x", "* * *"]), max_size=9),
       st.lists(st.sampled_from([*PARTS.values(), "x", "* * *", B_EDITED]), max_size=9))  # fmt: skip
def test_every_paragraph_has_one_label_and_what_stands_has_its_own(old: list[str], new: list[str]) -> None:
    before, text_after = "\n\n".join(old), "\n\n".join(new)
    labels = tuple(Label(Source.PERSON, str(number)) for number in range(len(old)))
    found = provenance.carried(before, labels, text_after, MODEL)
    assert len(found) == len(blocks(text_after))
    assert old != new or found == labels
    taken = [one.name for one, part in zip(found, new, strict=True) if part in old and one.source == Source.PERSON]
    assert all(old[int(name)] in new for name in taken)


@given(st.text(alphabet="ab \n", max_size=60), st.integers(min_value=0, max_value=60))
def test_both_sides_of_a_cut_have_as_many_labels_as_paragraphs(whole: str, at: int) -> None:
    head, tail = whole[:at].rstrip("\n"), whole[at:].lstrip("\n")
    first, second = provenance.parted(provenance.fresh(whole, MODEL), head, tail)
    assert (len(first), len(second)) == (len(blocks(head)), len(blocks(tail)))


def test_a_text_changed_everywhere_costs_no_more_than_a_moment() -> None:
    old = "\n\n".join(f"Paragraph {number} says {number * 7919} and {number * 104729} of it." for number in range(500))
    new = "\n\n".join(f"Line {number}: {number * 7907} was {number * 104723}, they said." for number in range(500))
    began = perf_counter()
    provenance.carried(old, provenance.fresh(old, MODEL), new, ANN)
    assert perf_counter() - began < 5  # five hundred against five hundred, letter by letter, is a minute


def test_a_text_of_countless_lines_is_compared_as_far_as_the_bound_and_new_behind_it() -> None:
    lines = [f"{number} {number * 7919}." for number in range(provenance.MOST + 1)]
    old, new = "\n\n".join(lines), "\n\n".join(line.replace(".", "!") for line in lines)
    labels = provenance.carried(old, provenance.fresh(old, MODEL), new, ANN)
    assert (labels[0], labels[-2], labels[-1]) == (
        Label(Source.MODEL, "m", ("ann",)), Label(Source.MODEL, "m", ("ann",)), Label(Source.PERSON, "ann"),
    )  # fmt: skip


def test_a_label_is_stored_without_empty_parts_and_read_back() -> None:
    label = Label(Source.MODEL, "m", ("ann",), "bob", "2026-11-21")
    assert Label(Source.MODEL, "m").as_json() == {"source": "model", "name": "m"}
    assert label_from(label.as_json()) == label


# ── the pages ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """A chapter that a model wrote, of four paragraphs."""
    book = builders.make_book(organization, editor, status=BookStatus.REVIEW)
    return builders.make_chapter(book, markdown=TEXT, word_count=47)


def panel(client: Client, chapter: Chapter) -> Any:
    """The panel's page."""
    return client.get(desk.address("origin", "atelier", chapter.book_id, chapter.pk))


def review(client: Client, chapter: Chapter, act: str, *places: int, **extra: Any) -> Any:
    """Press one of the panel's buttons."""
    data = {"act": act, "paragraph": places, "version": chapter.version} | extra
    return client.post(desk.address("origin_review", "atelier", chapter.book_id, chapter.pk), data)


@pytest.mark.django_db
def test_reviewed_paragraphs_are_marked_and_unmarked(author: Client, chapter: Chapter, editor: User) -> None:
    assert review(author, chapter, "ticked", 1, 2).status_code == 302
    paragraphs = panel(author, chapter).context["page"].paragraphs
    assert [one.reviewed_by for one in paragraphs] == ["", editor.name, editor.name, ""]
    assert all(one.reviewed_on for one in paragraphs[1:3])
    assert desk.again(chapter).version == chapter.version
    assert review(author, chapter, "all").status_code == 302
    assert panel(author, chapter).context["page"].reviewed == 4
    assert review(author, chapter, "none", 0).status_code == 302
    assert panel(author, chapter).context["page"].reviewed == 3
    assert review(author, chapter, "none").status_code == 302
    assert panel(author, chapter).context["page"].reviewed == 0
    assert desk.trail(chapter) == ["chapter.reviewed"] * 2 + ["chapter.unreviewed"] * 2


@pytest.mark.django_db
def test_a_version_of_another_text_is_not_reviewed(author: Client, chapter: Chapter) -> None:
    assert review(author, chapter, "all", version=99).status_code == 422
    assert review(author, chapter, "ticked", 9).status_code == 422
    assert panel(author, chapter).context["page"].reviewed == 0


@pytest.mark.django_db
def test_a_review_lasts_through_a_split_a_merge_and_find_and_replace(author: Client, chapter: Chapter) -> None:
    assert review(author, chapter, "all").status_code == 302
    split = {"at": TEXT.index("In winter"), "title": "Winter", "version": chapter.version}
    url = desk.address("chapter_split", "atelier", chapter.book_id, chapter.pk)
    assert author.post(url, split).status_code == 302
    first, second = sorted(desk.rows(Chapter, chapter.organization), key=lambda one: one.position)
    assert [len(one.labels) for one in (first, second)] == [2, 2]
    assert [bool(label.get("reviewed")) for label in first.labels + second.labels] == [True] * 4
    find = desk.address("replace", "atelier", chapter.book_id)
    seen = author.get(find, {"find": "meadow"}).context["findings"].seen
    data = {"find": "meadow", "replace": "field", "seen": list(seen), "every": "1"}
    assert author.post(find, data).status_code == 302
    first = desk.again(first)
    merge = {"between": "scene", "version": first.version, "next_version": second.version}
    url = desk.address("chapter_merge", "atelier", chapter.book_id, first.pk)
    assert author.post(url, merge).status_code == 302
    paragraphs = panel(author, chapter).context["page"].paragraphs
    assert [one.source for one in paragraphs] == ["model", "model", "person", "model", "model"]
    assert [bool(one.reviewed_by) for one in paragraphs] == [False, True, False, True, True]
    assert [len(one.edited_by) for one in paragraphs] == [1, 0, 0, 0, 0]


@pytest.mark.django_db
def test_a_restored_version_has_the_labels_it_had(author: Client, chapter: Chapter) -> None:
    assert review(author, chapter, "all").status_code == 302
    with tenancy.declared(chapter.organization_id), transaction.atomic():
        locked = texts.lock(Chapter.objects.select_related("book__organization").get(pk=chapter.pk))
        by = locked.book.author
        texts.replace(locked, "All else.", hand=Hand.of_person(by.pk), origin=VersionOrigin.EDITED, by=by)
        before = documents(locked, [chapter.version])[chapter.version]
        texts.replace(
            locked, before.markdown, hand=Hand.of_person(by.pk), origin=VersionOrigin.RESTORED, by=by,
            labels=before.labels,
        )  # fmt: skip
    assert panel(author, chapter).context["page"].reviewed == 4


@pytest.mark.django_db
def test_a_books_sums_say_who_wrote_how_much(author: Client, chapter: Chapter, editor: User) -> None:
    find = desk.address("replace", "atelier", chapter.book_id)
    seen = author.get(find, {"find": "meadow"}).context["findings"].seen
    data = {"find": "meadow", "replace": "field", "seen": list(seen), "every": "1"}
    assert author.post(find, data).status_code == 302
    builders.make_chapter(chapter.book, position=2, markdown="Older than labels.", word_count=3)
    answer = author.get(desk.address("origins", "atelier", chapter.book_id))
    page = answer.context["page"]
    assert [(one.source, one.words, one.percent, one.width) for one in page.shares] == [
        ("model", page.words, 100, 1000)
    ]
    assert (page.words, page.edited) == (desk.again(chapter).word_count + 3, 14)
    assert [(one.model, one.edited) for one in page.chapters] == [(page.words - 3, 14), (3, 0)]


@pytest.mark.django_db
def test_who_has_left_is_said_so(author: Client, chapter: Chapter, organization: Organization) -> None:
    gone = "00000000-0000-7000-8000-000000000000"
    labels = [{"source": "person", "name": gone, "edited": ["model:gpt"]}] * 4
    with tenancy.declared(organization.pk), transaction.atomic():
        Chapter.objects.filter(pk=chapter.pk).update(labels=labels, label_words={gone: 46, "edited": 46})
    (first, *_rest) = panel(author, chapter).context["page"].paragraphs
    assert (first.written_by, first.edited_by) == ("Somebody who has left", ("gpt",))
    shares = author.get(desk.address("origins", "atelier", chapter.book_id)).context["page"].shares
    assert [(one.name, one.words) for one in shares] == [("Somebody who has left", 46)]


@pytest.mark.django_db
def test_a_copy_of_a_book_keeps_who_wrote_it(author: Client, chapter: Chapter) -> None:
    assert review(author, chapter, "all").status_code == 302
    copied = author.post(
        desk.address("book_copy", "atelier", chapter.book_id), {"with_text": "yes", "request_key": str(new_id())}
    )
    assert copied.status_code == 302
    books = desk.rows(Book, chapter.organization)
    (made,) = [one for one in books if one.pk != chapter.book_id]
    (copy,) = desk.rows(Chapter, chapter.organization, book=made)
    assert (copy.labels, copy.label_words) == (desk.again(chapter).labels, desk.again(chapter).label_words)
