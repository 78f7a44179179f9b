"""A book's history: when a revision is kept, what it is called, and the list of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from accounts.models import User
from books.models import Book, Chapter, Revision, RevisionChapter, RevisionKind, VersionOrigin
from books.models.provenance import Hand
from books.queries.states import state_at, state_now
from books.transitions import revisions, shelf, texts
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of three chapters."""
    made = builders.make_book(organization, editor, status="review")
    for place in (1, 2, 3):
        builders.make_chapter(made, position=place, title=f"Loaf {place}", markdown=f"Text {place}.", word_count=2)
    return made


@transaction.atomic
def take(book: Book, kind: RevisionKind, **how: Any) -> Revision:
    with tenancy.declared(book.organization_id):
        return revisions.take(shelf.lock(book), kind, **how)


@transaction.atomic
def put(book: Book, place: int, text: str, by: User) -> None:
    """Replace a chapter's text as a request would."""
    with tenancy.declared(book.organization_id):
        chapter = texts.lock(
            Chapter.objects.of(book.organization).select_related("book").get(book=book, position=place)
        )
        texts.replace(chapter, text, hand=Hand.of_person(by.pk), origin=VersionOrigin.EDITED, by=by)


def kept(book: Book) -> list[Revision]:
    return sorted(desk.rows(Revision, book.organization, book=book), key=lambda one: one.place)


def keep(author: Client, book: Book, message: str = "") -> Any:
    return author.post(desk.address("revision_keep", "atelier", book.pk), {"message": message})


def shown(author: Client, book: Book, **asked: Any) -> list[str]:
    page = author.get(desk.address("history", "atelier", book.pk), asked).context["page"]
    return [line.number for line in page.lines]


def test_a_written_book_is_its_first_revision(
    author: Client, organization: Organization, language_model: Any, run_queue: Callable[[], int]
) -> None:
    run = desk.begin(author)
    run_queue()
    desk.approve(author, run)
    run_queue()
    (first,) = kept(desk.book_of(run))
    assert (first.number, first.kind, first.chapter_count) == ("v1.0", RevisionKind.GENERATED, 2)
    assert first.word_count == sum(chapter.word_count for chapter in desk.chapters_of(run)) > 100


def test_majors_are_what_was_written_imported_and_published_and_all_else_is_minor(book: Book, editor: User) -> None:
    kinds = [RevisionKind.KEPT, RevisionKind.BEFORE, RevisionKind.PUBLISHED, RevisionKind.KEPT, RevisionKind.IMPORTED]
    for place, kind in enumerate(kinds):
        put(book, 1, f"Another text {place}.", editor)
        take(book, kind)
    numbers = [one.number for one in kept(book) if one.kind != RevisionKind.DAILY]
    assert numbers == ["v1.0", "v1.1", "v2.0", "v2.1", "v3.0"]


def test_keeping_a_revision_says_its_number_and_is_audited(author: Client, book: Book, editor: User) -> None:
    answer = keep(author, book, "First readers")
    (one,) = kept(book)
    assert (one.number, one.message, one.made_by_id, one.kind) == ("v1.0", "First readers", editor.pk, "kept")
    assert desk.trail(one) == ["revision.kept"]
    assert b"Kept as v1.0" in author.get(answer["Location"]).content


def test_the_same_submit_twice_is_one_revision_and_another_message_is_another(author: Client, book: Book) -> None:
    for message in ("First readers", "First readers", "Second readers"):
        assert keep(author, book, message).status_code == 302
    assert [one.message for one in kept(book)] == ["First readers", "Second readers"]


def test_a_message_that_is_too_long_is_answered_422(author: Client, book: Book) -> None:
    assert keep(author, book, "x" * 1001).status_code == 422
    assert kept(book) == []


def test_nothing_is_kept_of_a_book_in_the_trash(author: Client, organization: Organization, editor: User) -> None:
    assert keep(author, builders.make_book(organization, editor, trashed_at=desk.in_past(9))).status_code in {404, 422}


def test_before_a_large_change_nothing_is_kept_that_is_kept_already(book: Book) -> None:
    first = take(book, RevisionKind.KEPT)
    assert take(book, RevisionKind.BEFORE) == first


def test_the_first_change_of_a_day_keeps_what_was_left_the_evening_before(book: Book, editor: User) -> None:
    with time_machine.travel(NOON - timedelta(days=1), tick=False) as clock:
        desk.rows(Book, book.organization)  # the book is of another day than its first change
        with tenancy.declared(book.organization_id):
            Chapter.objects.of(book.organization).update(updated_at=NOON - timedelta(days=9))
        for later, place, text in [(0, 1, "Monday."), (2, 1, "Monday evening."), (24, 2, "Tuesday."), (1, 1, "Then.")]:
            clock.shift(timedelta(hours=later))
            put(book, place, text, editor)
    first, second = kept(book)
    assert (first.kind, second.kind, first.made_by) == (RevisionKind.DAILY, RevisionKind.DAILY, None)
    with tenancy.declared(book.organization_id), transaction.atomic():
        assert state_at(book, first).text(chapter_at(book, 1)) == "Text 1."
        assert state_at(book, second).text(chapter_at(book, 1)) == "Monday evening."
        assert state_at(book, second).text(chapter_at(book, 2)) == "Text 2."


def chapter_at(book: Book, place: int) -> Any:
    return next(one.pk for one in desk.rows(Chapter, book.organization, book=book) if one.position == place)


def test_a_revision_adds_rows_for_what_changed_alone(book: Book, editor: User) -> None:
    take(book, RevisionKind.KEPT)
    for place in range(4):
        put(book, 2, f"Another text {place}.", editor)
        take(book, RevisionKind.KEPT, message=str(place))
    assert len(desk.rows(RevisionChapter, book.organization)) == 3 + 4


def test_a_revision_holds_titles_order_and_texts_as_they_were(book: Book, editor: User) -> None:
    first = take(book, RevisionKind.KEPT)
    put(book, 1, "Changed.", editor)
    with tenancy.declared(book.organization_id), transaction.atomic():
        texts.rename(texts.lock(desk.again(desk.rows(Chapter, book.organization, position=2)[0])), "Bun", by=editor)
        then, now = state_at(book, first), state_now(book)
        assert [(one.position, one.title, then.text(one.chapter_id)) for one in then.chapters] == [
            (1, "Loaf 1", "Text 1."), (2, "Loaf 2", "Text 2."), (3, "Loaf 3", "Text 3.")
        ]  # fmt: skip
        assert [(one.title, now.text(one.chapter_id)) for one in now.chapters][:2] == [
            ("Loaf 1", "Changed."), ("Bun", "Text 2.")
        ]  # fmt: skip


def test_the_list_says_who_why_and_how_much_changed(author: Client, book: Book, editor: User) -> None:
    keep(author, book, "First readers")
    put(book, 1, "Text 1 and five words more.", editor)
    keep(author, book, "Second readers")
    page = author.get(desk.address("history", "atelier", book.pk)).context["page"]
    newest, first = page.lines
    assert (newest.number, newest.message, newest.made_by, newest.words) == ("v1.1", "Second readers", editor.name, 10)
    assert (newest.difference, newest.chapters, newest.previous) == (4, 1, first.id)
    assert (first.difference, first.chapters, first.previous) == (6, 3, None)


def test_the_list_is_searched_and_filtered(author: Client, book: Book, editor: User, owner: User) -> None:
    take(book, RevisionKind.GENERATED, by=owner)
    put(book, 2, "Changed.", editor)
    take(book, RevisionKind.KEPT, by=editor, message="Après l’été, chez Zoé")
    put(book, 3, "Changed.", editor)
    take(book, RevisionKind.KEPT, by=owner, message="For the printer")
    assert shown(author, book) == ["v1.2", "v1.1", "v1.0"]
    assert shown(author, book, q="ete zoe") == ["v1.1"]
    assert shown(author, book, kind="generated") == ["v1.0"]
    assert shown(author, book, person=editor.pk) == ["v1.1"]
    assert shown(author, book, chapter=chapter_at(book, 2)) == ["v1.1", "v1.0"]
    assert shown(author, book, q="nothing like it") == []
    assert shown(author, book, kind="nonsense", person="x") == ["v1.2", "v1.1", "v1.0"]


def test_pages_of_the_list_go_by_cursor(author: Client, book: Book) -> None:
    for number in range(55):
        take(book, RevisionKind.KEPT, message=str(number))
    page = author.get(desk.address("history", "atelier", book.pk)).context["page"]
    assert (len(page.lines), page.previous_url) == (50, "")
    rest = author.get(desk.address("history", "atelier", book.pk) + page.next_url).context["page"]
    assert [line.message for line in rest.lines] == ["4", "3", "2", "1", "0"]


def test_a_revision_is_read_chapter_by_chapter(author: Client, book: Book, editor: User) -> None:
    one = take(book, RevisionKind.KEPT)
    put(book, 2, "Changed.", editor)
    page = author.get(desk.address("revision", "atelier", book.pk, one.pk))
    assert b"Text 1." in page.content
    second = author.get(desk.address("revision_chapter", "atelier", book.pk, one.pk, chapter_at(book, 2)))
    assert b"Text 2." in second.content


def test_a_revision_of_another_book_is_not_there(author: Client, book: Book, editor: User) -> None:
    other = take(builders.make_book(book.organization, editor), RevisionKind.KEPT)
    for name in ("revision", "revision_restore"):
        assert author.get(desk.address(name, "atelier", book.pk, other.pk)).status_code == 404
    assert author.get(desk.address("compare", "atelier", book.pk), {"old": str(other.pk)}).status_code == 404


def test_who_may_only_read_sees_no_history_and_cannot_keep(client_of: Any, book: Book) -> None:
    guest = builders.make_member(book.organization, "guest")
    builders.make_collaborator(book, guest, role="viewer")
    reader = client_of(guest)
    assert reader.get(desk.address("history", "atelier", book.pk)).status_code == 403
    assert keep(reader, book).status_code == 403
