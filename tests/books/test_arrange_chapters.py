"""Chapters added, named, moved, cut, joined, thrown away and taken back: what each act leaves, refuses and undoes."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from books.models import (
    Book,
    BookStatus,
    Chapter,
    CollaboratorRole,
    Comment,
    ReadingPlace,
    Revision,
    RunState,
    StepKind,
    Suggestion,
)
from books.models.runs import RunKind
from books.queries.manuscripts import manuscript_of
from books.queries.relevance import relevant_parts
from books.transitions.chapters import MOST_CHAPTERS
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
TEXT = "One roof.\n\nTwo hives, many bees.\n\n\nThree jars of honey.\n"


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of four chapters."""
    made = builders.make_book(organization, editor, status=BookStatus.REVIEW)
    for number, title in enumerate("ABCD", 1):
        builders.make_chapter(made, position=number, title=title, markdown=f"{title} {TEXT}", word_count=9)
    return made


def order(book: Book) -> str:
    """Titles of the standing chapters, in order; their places are 1 to n, as PostgreSQL holds too."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    chapters = sorted(desk.rows(Chapter, book.organization, book=book), key=lambda one: one.position)
    assert [one.position for one in chapters] == list(range(1, len(chapters) + 1))
    return "".join(one.title for one in chapters)


def chapter(book: Book, title: str) -> Chapter:
    """The standing chapter of that title."""
    return desk.rows(Chapter, book.organization, book=book, title=title)[0]


def everything(book: Book) -> list[Chapter]:
    """Its chapters, those in the trash too."""
    with tenancy.declared(book.organization_id), transaction.atomic():
        return list(Chapter.everything.filter(book=book).order_by("position"))


def post(client: Client, name: str, *ids: Any, **data: Any) -> int:
    """Press a button; the status of the answer."""
    return client.post(desk.address(name, "atelier", *ids), data).status_code


def undo(client: Client, book: Book) -> int:
    """Press the Undo button of the notice."""
    *_earlier, notice = client.get(desk.address("chapters", "atelier", book.pk)).context["messages"]
    return client.post(notice.extra_tags).status_code


def move(client: Client, book: Book, title: str, to: int) -> int:
    """Move a chapter to a place."""
    return post(client, "chapter_move", book.pk, chapter=chapter(book, title).pk, to=to)


def split(client: Client, one: Chapter, at: int, **extra: Any) -> int:
    """Cut a chapter at a character."""
    data = {"at": at, "title": "New", "version": one.version} | extra
    return post(client, "chapter_split", one.book_id, one.pk, **data)


def merge(client: Client, one: Chapter, other: Chapter, between: str = "blank") -> int:
    """Join a chapter and the next."""
    data = {"between": between, "version": one.version, "next_version": other.version}
    return post(client, "chapter_merge", one.book_id, one.pk, **data)


def comment(one: Chapter, by: User, quote: str, **extra: Any) -> Comment:
    """A comment on a passage, or without one on the chapter."""
    start = one.markdown.index(quote) if quote else 0
    place = {"start": start, "end": start + len(quote), "quote": quote} | extra
    with tenancy.declared(one.organization_id), transaction.atomic():
        return Comment.objects.create(
            organization_id=one.organization_id, book_id=one.book_id, chapter=one, author=by, text="Really?", **place
        )


def passage(row: Comment | Suggestion) -> tuple[UUID, str]:
    """The chapter it is in, and what stands at its place there."""
    row = desk.again(row)
    text = desk.rows(Chapter, row.organization, pk=row.chapter_id)[0].markdown
    return row.chapter_id, text[row.start : row.end]


@pytest.mark.parametrize(("place", "expected"), [("", "ABCDE"), ("1", "EABCD"), ("3", "ABECD"), ("900", "ABCDE")])
def test_a_chapter_is_added_anywhere(author: Client, book: Book, place: str, expected: str) -> None:
    assert post(author, "chapter_add", book.pk, title="E", place=place) == 302
    assert order(book) == expected
    assert desk.trail(chapter(book, "E")) == ["chapter.added"]


def test_a_chapter_without_a_title_is_refused_beside_its_field(author: Client, book: Book) -> None:
    assert post(author, "chapter_add", book.pk, title=" ") == 422
    assert order(book) == "ABCD"


def test_a_book_is_full_at_its_most_chapters(author: Client, book: Book) -> None:
    with tenancy.declared(book.organization_id), transaction.atomic():
        rows = range(5, MOST_CHAPTERS + 1)
        Chapter.objects.bulk_create(
            Chapter(organization=book.organization, book=book, position=one, title="x", planned_words=1) for one in rows
        )
    assert post(author, "chapter_add", book.pk, title="E") == 422
    assert len(desk.rows(Chapter, book.organization, book=book)) == MOST_CHAPTERS


@pytest.mark.parametrize(
    ("title", "to", "expected"), [("A", 3, "BCAD"), ("D", 1, "DABC"), ("B", 2, "ABCD"), ("A", 99, "BCDA")]
)
def test_a_chapter_moves_to_a_number_and_undo_moves_it_back(
    author: Client, book: Book, title: str, to: int, expected: str
) -> None:
    assert move(author, book, title, to) == 302
    assert order(book) == expected
    assert undo(author, book) == 302
    assert order(book) == "ABCD"


def test_buttons_move_a_chapter_by_one(author: Client, book: Book) -> None:
    assert post(author, "chapter_move", book.pk, up=chapter(book, "C").pk) == 302
    assert order(book) == "ACBD"
    assert post(author, "chapter_move", book.pk, down=chapter(book, "A").pk) == 302
    assert order(book) == "CABD"
    assert post(author, "chapter_move", book.pk, up=chapter(book, "C").pk) == 302
    assert order(book) == "CABD"


def test_a_title_and_a_target_change_what_they_name(author: Client, book: Book) -> None:
    one = chapter(book, "B")
    assert post(author, "chapter_edit", book.pk, one.pk, title="Bees", target="1200", place="4") == 302
    again = desk.again(one)
    assert (again.title, again.target_words, again.position, again.version) == ("Bees", 1200, 4, one.version + 1)
    page = author.get(desk.address("chapters", "atelier", book.pk)).context["page"]
    assert (page.goal, page.rows[3].goal) == (200 * 3 + 1200, 1200)
    assert desk.trail(one) == ["chapter.renamed", "chapter.aimed", "chapter.moved"]


def test_a_line_renamed_by_htmx_answers_the_list(author: Client, book: Book) -> None:
    one, headers = chapter(book, "B"), {"HX-Request": "true"}
    url = desk.address("chapter_edit", "atelier", book.pk, one.pk)
    assert b"<html" not in author.get(url, headers=headers).content
    refused = author.post(url, {"title": ""}, headers=headers)
    assert (refused.status_code, b"data-line" in refused.content) == (422, True)
    saved = author.post(url, {"title": "Bees", "target": ""}, headers=headers)
    assert (saved.status_code, b"Bees" in saved.content, b"<html" in saved.content) == (200, True, False)


def test_a_split_gives_the_new_chapter_what_stands_behind_the_cut(author: Client, book: Book, editor: User) -> None:
    one = chapter(book, "B")
    before = comment(one, editor, "Two hives")
    behind, whole = comment(one, editor, "jars of honey"), comment(one, editor, "")
    across = comment(one, editor, "bees.\n\n\nThree")
    reply = comment(one, editor, "", thread=behind)
    assert split(author, one, one.markdown.index("Three")) == 302
    made = chapter(book, "New")
    assert order(book) == "AB" + "New" + "CD"
    assert (desk.again(one).markdown, made.markdown) == (
        "B One roof.\n\nTwo hives, many bees.", "Three jars of honey.\n"
    )  # fmt: skip
    assert passage(before) == (one.pk, "Two hives")
    assert passage(behind) == (made.pk, "jars of honey")
    assert passage(across) == (one.pk, "bees.")
    assert (desk.again(reply).chapter_id, desk.again(whole).chapter_id) == (made.pk, one.pk)
    assert len(made.labels) == 1
    assert made.planned_words + desk.again(one).planned_words == one.planned_words
    assert desk.trail(one) == ["chapter.split"]


def test_a_split_is_undone_to_the_byte(author: Client, book: Book, editor: User) -> None:
    one = chapter(book, "B")
    behind = comment(one, editor, "jars of honey")
    assert split(author, one, one.markdown.index("many")) == 302
    assert undo(author, book) == 302
    again = desk.again(one)
    assert (order(book), again.markdown, again.planned_words) == ("ABCD", one.markdown, one.planned_words)
    assert passage(behind) == (one.pk, "jars of honey")
    assert again.labels == again.labels[:1] * 3
    assert len(everything(book)) == 4


def test_readers_behind_a_cut_go_on_in_the_new_chapter(author: Client, book: Book, editor: User) -> None:
    one = chapter(book, "B")
    with tenancy.declared(book.organization_id), transaction.atomic():
        ReadingPlace.objects.create(organization=book.organization, person=editor, book=book, chapter=one, paragraph=2)
    assert split(author, one, one.markdown.index("Three")) == 302
    (place,) = desk.rows(ReadingPlace, book.organization)
    assert (place.chapter_id, place.paragraph) == (chapter(book, "New").pk, 0)


@pytest.mark.parametrize("at", ["0", "1000000", "", "x"])
def test_a_cut_that_is_no_place_is_refused(author: Client, book: Book, at: str) -> None:
    assert split(author, chapter(book, "B"), at) == 422  # type: ignore[arg-type]  # what a form may send
    assert order(book) == "ABCD"


def test_the_cursor_is_a_place_to_cut(author: Client, book: Book) -> None:
    one = chapter(book, "B")
    url = desk.address("chapter_split", "atelier", book.pk, one.pk)
    inside, between = one.markdown.index("many"), one.markdown.index("Two") - 1
    page = author.get(f"{url}?at={inside}").context["page"]
    assert (page.cursor.at, page.chosen, len(page.places)) == (inside, inside, 2)
    page = author.get(f"{url}?at={between}").context["page"]
    assert (page.cursor, page.chosen) == (None, between + 1)
    assert author.get(f"{url}?at=999999").context["page"].chosen is None


def test_a_text_that_changed_meanwhile_is_not_cut(author: Client, book: Book) -> None:
    one = chapter(book, "B")
    assert split(author, one, one.markdown.index("Three"), version=one.version + 1) == 409


@pytest.mark.parametrize(
    ("between", "joint"), [("blank", "\n"), ("scene", "\n* * *\n\n")], ids=["blank line", "scene break"]
)
def test_a_merge_joins_texts_and_what_is_fixed_to_them(
    author: Client, book: Book, editor: User, between: str, joint: str
) -> None:
    one, other = chapter(book, "B"), chapter(book, "C")
    first, second = comment(one, editor, "honey"), comment(other, editor, "many bees")
    whole = comment(other, editor, "")
    assert merge(author, one, other, between) == 302
    merged = desk.again(one)
    assert (order(book), merged.markdown) == ("ABD", one.markdown + joint + other.markdown)
    assert passage(first) == (one.pk, "honey")
    assert passage(second) == (one.pk, "many bees")
    assert desk.again(whole).chapter_id == one.pk
    assert merged.planned_words == one.planned_words + other.planned_words
    assert len(merged.labels) == 6 + (between == "scene")
    assert len(desk.rows(Revision, book.organization)) == 1


def test_a_merge_is_undone_to_the_byte(author: Client, book: Book, editor: User) -> None:
    one, other = chapter(book, "B"), chapter(book, "C")
    second = comment(other, editor, "many bees")
    assert merge(author, one, other, "scene") == 302
    assert undo(author, book) == 302
    assert order(book) == "ABCD"
    assert [desk.again(each).markdown for each in (one, other)] == [one.markdown, other.markdown]
    assert passage(second) == (other.pk, "many bees")
    assert desk.again(one).planned_words == one.planned_words


def test_what_changed_since_is_not_undone(author: Client, book: Book) -> None:
    one, other = chapter(book, "B"), chapter(book, "C")
    assert merge(author, one, other) == 302
    notice = next(iter(author.get(desk.address("chapters", "atelier", book.pk)).context["messages"]))
    assert post(author, "chapter_edit", book.pk, one.pk, title="Bees") == 302
    assert author.post(notice.extra_tags).status_code == 409
    assert author.post(notice.extra_tags.replace("cut=", "cut=x")).status_code == 422


def test_the_last_chapter_has_none_to_merge_with(author: Client, book: Book) -> None:
    last = chapter(book, "D")
    assert b"last chapter" in author.get(desk.address("chapter_merge", "atelier", book.pk, last.pk)).content
    assert merge(author, last, last) == 422


def test_a_chapter_in_the_trash_is_nowhere_and_comes_back_to_its_place(author: Client, book: Book) -> None:
    one = chapter(book, "B")
    pages = [desk.address(name, "atelier", book.pk, one.pk) for name in ("chapter", "studio", "chapter_edit")]
    assert post(author, "chapter_trash", book.pk, one.pk) == 302
    assert order(book) == "ACD"
    assert {author.get(page).status_code for page in pages} == {404}
    assert move(author, book, "A", 3) == 302
    assert undo(author, book) == 302  # of the move: its notice is the newest
    assert post(author, "chapter_return", book.pk, one.pk) == 302
    assert order(book) == "ABCD"
    assert desk.trail(one) == ["chapter.trashed", "chapter.returned"]


def test_undo_takes_a_chapter_out_of_the_trash(author: Client, book: Book) -> None:
    one = chapter(book, "D")
    assert post(author, "chapter_trash", book.pk, one.pk) == 302
    assert post(author, "chapter_trash", book.pk, chapter(book, "C").pk) == 302
    assert post(author, "chapter_return", book.pk, one.pk) == 302
    assert order(book) == "ABD"  # the book is shorter: it stands at its end
    assert len(desk.rows(Revision, book.organization)) == 2


def test_erasing_takes_a_chapter_and_what_models_wrote_of_it(author: Client, book: Book) -> None:
    one = chapter(book, "B")
    run = builders.make_run(book, state=RunState.COMPLETED)
    call = builders.make_call(builders.make_step(run, kind=StepKind.CHAPTER, position=2, chapter=one), text="words")
    assert post(author, "chapter_erase", book.pk, one.pk) == 422
    assert post(author, "chapter_trash", book.pk, one.pk) == 302
    assert author.get(desk.address("chapter_erase", "atelier", book.pk, one.pk)).status_code == 200
    assert post(author, "chapter_erase", book.pk, one.pk) == 302
    assert [one.title for one in everything(book)] == ["A", "C", "D"]
    assert desk.again(call).text == ""


@pytest.mark.parametrize("state", [RunState.WRITING, RunState.AWAITING_APPROVAL, RunState.PAUSED])
def test_nothing_is_arranged_while_the_book_is_written(author: Client, book: Book, state: RunState) -> None:
    builders.make_run(book, state=state)
    one, other = chapter(book, "B"), chapter(book, "C")
    assert post(author, "chapter_add", book.pk, title="E") == 422
    assert move(author, book, "A", 3) == 422
    assert split(author, one, one.markdown.index("Three")) == 422
    assert merge(author, one, other) == 422
    assert post(author, "chapter_trash", book.pk, one.pk) == 422
    assert order(book) == "ABCD"


def test_a_chapter_a_model_works_on_is_neither_cut_nor_thrown_away(author: Client, book: Book) -> None:
    one = chapter(book, "B")
    run = builders.make_run(book, kind=RunKind.REWRITE, state=RunState.WRITING)
    builders.make_step(run, kind=StepKind.REWRITE, chapter=one)
    assert split(author, one, one.markdown.index("Three")) == 422
    assert merge(author, chapter(book, "A"), one) == 422
    assert post(author, "chapter_trash", book.pk, one.pk) == 422
    assert move(author, book, "B", 4) == 302


def test_a_reader_sees_the_chapters_and_arranges_nothing(book: Book, viewer: User, client_of: Any) -> None:
    builders.make_collaborator(book, viewer, role=CollaboratorRole.VIEWER)
    client = client_of(viewer)
    page = client.get(desk.address("chapters", "atelier", book.pk))
    assert (page.status_code, b"chapter-handle" in page.content) == (200, False)
    assert move(client, book, "A", 3) == 403
    assert post(client, "chapter_add", book.pk, title="E") == 403


def test_a_chapter_in_the_trash_is_in_no_copy_prompt_or_file(author: Client, book: Book) -> None:
    assert post(author, "chapter_trash", book.pk, chapter(book, "B").pk) == 302
    with tenancy.declared(book.organization_id), transaction.atomic():
        again = Book.objects.select_related("organization").get(pk=book.pk)
        assert [one.title for one in manuscript_of(again).chapters] == ["A", "C", "D"]
        assert {part.title for part in relevant_parts(again, "honey", most_words=1000)} == {"A", "C", "D"}
