"""Texts a book follows: pasted or uploaded, cut into passages, chosen for the outline and for every section."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from books.actions import sources as actions
from books.actions.sources import SourceDraft
from books.models import Book, PassageUse, Run, RunState, Source, SourcePassage
from books.queries.sources import best_passages
from books.transitions.passages import MOST_WORDS, cut
from core import tenancy
from core.decoding import NoText, decode
from core.text import count_words
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]

HIVES = "A hive on a roof needs shade at noon and a basin of water near by.\n\nNeighbours are told before the swarm is."
HONEY = "Honey is spun in June, when the lindens are over. It is never heated above forty degrees."


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    return builders.make_book(organization, editor)


def give(book: Book, *texts: str) -> int:
    with tenancy.declared(book.organization_id):
        return actions.add_sources(book=book, by=book.author, drafts=[SourceDraft(one[:20], one) for one in texts])


def best(book: Book, about: str, **options: Any) -> list[str]:
    with tenancy.declared(book.organization_id):
        return [one.text for one in best_passages(book, about, **{"most_words": 100, **options})]


def sources(book: Book) -> list[Source]:
    return sorted(desk.rows(Source, book.organization, book=book), key=lambda source: source.pk)


def post(author: Client, book: Book, **data: Any) -> Any:
    return author.post(desk.address("sources", "atelier", book.pk), data)


def file(data: bytes, name: str = "notes.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def uses(run: Run) -> list[PassageUse]:
    found = desk.rows(PassageUse, run.organization, run=run)
    return sorted(found, key=lambda use: (use.chapter, use.section, use.rank))


# ── What is text ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "data",
    ["Été\r\nà Nîmes".encode(), b"\xef\xbb\xbf" + "Été\nà Nîmes".encode(), "Été\rà Nîmes".encode("utf-16"),
     "Été\nà Nîmes".encode("cp1252"), "E\u0301te\u0301\nà Nîmes".encode(),
     b"\xfe\xff" + "Été\nà Nîmes".encode("utf-16-be")],
)  # fmt: skip
def test_text_in_every_usual_encoding_is_read_alike(data: bytes) -> None:
    assert decode(data) == "Été\nà Nîmes"


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\x00\x00", b"%PDF-1.7 text", b"PK\x03\x04word", b"{\\rtf1 text}", b"text\x00text",
     b"\x81\x8d\x8f" * 9, bytes(range(1, 32)) * 4, b"\xff\xfeodd"],
)  # fmt: skip
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(NoText):
        decode(data)


def test_a_page_break_is_no_reason_to_refuse_a_text() -> None:
    assert decode(b"One page of text that is long enough to be one.\x0c" + b"Another page." * 20).startswith("One page")


# ── Passages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_passages_are_whole_paragraphs_of_a_good_length() -> None:
    text = "\n\n".join("A paragraph of exactly seven words here." for _ in range(100))
    passages = cut(text)
    assert "\n\n".join(passages) == text
    assert all(150 <= count_words(passage) <= MOST_WORDS for passage in passages[:-1])


@pytest.mark.parametrize("text", ["word " * 2000, "One sentence stands here. " * 400, "", "\n\n \n\n", "Short."])
def test_no_word_is_lost_and_no_passage_is_too_long(text: str) -> None:
    passages = cut(text)
    assert " ".join(passages).split() == text.split()
    assert all(0 < count_words(passage) <= MOST_WORDS for passage in passages)


def test_the_passage_that_fits_is_found_whatever_its_accents_and_endings(
    book: Book, organization: Organization, editor: User
) -> None:
    give(book, HIVES, HONEY)
    assert best(book, "spinning honeys") == [HONEY]
    assert (
        best(book, "") == best(book, "the of and") == best(book, "volcano") == best(book, "honey", most_words=3) == []
    )
    french = builders.make_book(organization, editor, language="fr")
    give(french, "Les abeilles butinent les tilleuls l’été.", "Une ruche au cœur de la ville.")
    assert best(french, "butiner en ete") == ["Les abeilles butinent les tilleuls l’été."]
    assert best(french, "le coeur des villes") == ["Une ruche au cœur de la ville."]


@pytest.mark.parametrize("about", ["'; DROP TABLE books", "a & | ! <-> b", "\\' :* honey", "%s {0}", "ɦøñẽý honey"])
def test_any_subject_is_only_words_to_look_for(about: str, book: Book) -> None:
    give(book, HONEY)
    assert best(book, about) in ([], [HONEY])


def test_every_source_comes_before_a_second_passage_of_one(book: Book) -> None:
    give(book, f"Honey honey honey.\n\n{'word ' * 160}\n\nHoney honey again.", "Some honey.")
    found = best(book, "honey", most_words=1000, from_each=True)
    assert "Some honey." in found[:2]


# ── Giving and taking back ──────────────────────────────────────────────────────────────────────────────────────────


def test_texts_are_pasted_and_uploaded_and_the_same_text_is_there_once(author: Client, book: Book) -> None:
    data = {
        "source_text": HIVES.replace("\n", "\r\n"),
        "source_files": [file(HONEY.encode(), "honey.md"), file(HIVES.encode())],
    }
    assert post(author, book, **data).status_code == 302
    kept = sources(book)
    assert [(one.text, one.file_name) for one in kept] == [(HIVES, "notes.txt"), (HONEY, "honey.md")]
    assert [(one.size, one.word_count) for one in kept] == [(len(one.text), count_words(one.text)) for one in kept]
    assert kept[1].title == "honey"
    assert post(author, book, source_text=HIVES).status_code == 302
    assert len(sources(book)) == 2
    shown = author.get(desk.address("sources", "atelier", book.pk)).content.decode()
    assert "This text is there already" in shown
    assert desk.trail(kept[0]) == ["source.added"]


@pytest.mark.parametrize(
    ("data", "words"),
    [({}, "Paste a text or choose a file"), ({"source_text": " \n "}, "Paste a text"),
     ({"source_text": "***"}, "no words"),
     ({"source_files": [file(b"%PDF-1.7 \x00")]}, "not a text file"), ({"source_files": [file(b"")]}, "empty"),
     ({"source_files": [file(b"a " * (1024 * 1024 + 1))]}, "larger than 2"),
     ({"source_files": [file("é ".encode("cp1252") * 800_000)]}, "larger than 2"),
     ({"source_files": [file(f"text {number}".encode()) for number in range(11)]}, "at most 10")],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_its_reason(
    data: dict[str, Any], words: str, author: Client, book: Book
) -> None:
    answer = post(author, book, **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert sources(book) == []


def test_a_book_has_ten_sources_at_most(author: Client, book: Book) -> None:
    give(book, *[f"Text number {number}." for number in range(9)])
    two = {"source_files": [file(b"One more."), file(b"And another.")]}
    answer = post(author, book, **two)
    assert (answer.status_code, len(sources(book))) == (422, 9)
    assert "room for 1 more" in answer.content.decode()


def test_a_source_is_taken_back_after_a_question(author: Client, book: Book) -> None:
    source = builders.make_source(book)
    address = desk.address("source_remove", "atelier", source.pk)
    assert source.title in author.get(address).content.decode()
    assert len(sources(book)) == 1
    assert author.post(address).status_code == 302
    assert (sources(book), desk.rows(SourcePassage, book.organization)) == ([], [])


@pytest.mark.parametrize(
    ("state", "status"),
    [(RunState.OUTLINING, 409), (RunState.WRITING, 409), (RunState.PAUSED, 409), (RunState.AWAITING_APPROVAL, 302)],
)
def test_sources_stay_as_they_are_while_they_are_being_followed(
    state: RunState, status: int, author: Client, book: Book
) -> None:
    source = builders.make_source(book)
    builders.make_run(book, state=state)
    assert (post(author, book, source_text=HONEY).status_code == 302) == (status == 302)
    assert author.post(desk.address("source_remove", "atelier", source.pk)).status_code == status


def test_others_cannot_read_or_change_them(book: Book, stranger: Client, viewer: User, client_of: Any) -> None:
    source = builders.make_source(book)
    for browser in (stranger, client_of(viewer)):
        assert browser.get(desk.address("sources", "atelier", book.pk)).status_code == 404
        assert post(browser, book, source_text=HONEY).status_code == 404
        assert browser.post(desk.address("source_remove", "atelier", source.pk)).status_code == 404
    assert len(sources(book)) == 1


# ── Followed ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_book_follows_its_sources_from_the_outline_on(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    notes = "Bees above the streets drink from a basin."
    run = desk.begin(author, source_text=notes, source_title="My notes")
    run_queue()
    assert [(use.chapter, use.text, use.source_title) for use in uses(run)] == [(0, notes, "My notes")]
    page = author.get(desk.address("outline", "atelier", run.pk)).content.decode()
    assert notes in page
    desk.approve(
        author, run, **{"form-0-points": "where bees drink", "form-1-title": "Vulcanology", "form-1-points": ""}
    )
    run_queue()
    assert {use.chapter for use in uses(run)} >= {0, 1}
    chapter = desk.chapters_of(run)[0]
    reader = author.get(desk.address("chapter", "atelier", run.book_id, chapter.pk)).content.decode()
    assert "Sources used" in reader
    assert notes in reader


def test_sources_given_beside_the_outline_guide_the_chapters(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = desk.begin(author)
    run_queue()
    assert post(author, desk.book_of(run), source_text="Bees drink from a basin.").status_code == 302
    desk.approve(author, run, **{"form-0-points": "where bees drink"})
    run_queue()
    assert [use.chapter for use in uses(run)][:1] == [1]


def test_what_was_followed_stays_when_its_source_goes(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = desk.begin(author, source_text="Bees above the streets drink from a basin.")
    run_queue()
    (source,) = sources(desk.book_of(run))
    author.post(desk.address("source_remove", "atelier", source.pk))
    (use,) = uses(run)
    assert (use.passage_id, use.text) == (None, "Bees above the streets drink from a basin.")


def test_a_new_book_with_a_source_that_is_none_is_not_begun(author: Client, organization: Organization) -> None:
    answer = author.post(desk.address("book_new", "atelier"), desk.brief(source_files=[file(b"%PDF-1.7 \x00")]))
    assert answer.status_code == 422
    assert "not a text file" in answer.content.decode()
    assert desk.rows(Book, organization) == []
