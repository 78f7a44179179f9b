"""Archive, trash and the end of a book: who may, what is refused, what undo brings back, what is left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books import actions
from books.errors import BookRefused
from books.models import Book, BookStatus, Chapter, Export, LanguageModelCall, Run, RunState, Visibility
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
ACT = desk.address("book_act", "atelier")
LIST = desk.address("book_list", "atelier")


def act(client: Client, name: str, *books: Book, **extra: str) -> int:
    """Press the button; the status of the answer."""
    return client.post(ACT, {"act": name, "book": [str(book.pk) for book in books], **extra}).status_code


def notices(client: Client) -> list[Any]:
    """What the next page says."""
    return list(client.get(LIST).context["messages"])


def undo(client: Client) -> int:
    """Press the Undo button of the notice."""
    (notice,) = notices(client)
    return client.post(notice.extra_tags).status_code


@pytest.mark.parametrize("status", [BookStatus.DRAFT, BookStatus.REVIEW, BookStatus.PUBLISHED])
def test_an_archived_book_is_read_as_before_and_comes_back_as_it_was(
    status: BookStatus, author: Client, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor, status=status)
    assert act(author, "archive", book) == 302
    assert desk.again(book).status == BookStatus.ARCHIVED
    assert undo(author) == 302
    assert (desk.again(book).status, desk.again(book).archived_from) == (status, "")
    assert act(author, "archive", book) == 302
    assert author.get(desk.address("book", "atelier", book.pk)).status_code == 200
    assert desk.trail(book) == ["book.archived", "book.unarchived", "book.archived"]


def test_a_book_in_the_trash_is_nowhere_and_undo_brings_it_back(
    author: Client, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor)
    chapter = builders.make_chapter(book)
    pages = [desk.address("book", "atelier", book.pk), desk.address("chapter", "atelier", book.pk, chapter.pk)]
    assert act(author, "trash", book) == 302
    assert [author.get(page).status_code for page in pages] == [404, 404]
    assert author.get(LIST).context["shelf"].covers == ()
    assert author.post(f"{ACT}?act=restore&book={book.pk}").status_code == 302
    assert [author.get(page).status_code for page in pages] == [200, 200]
    assert desk.trail(book) == ["book.trashed", "book.restored"]


def test_doing_it_twice_is_doing_it_once(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    for _again in range(2):
        assert act(author, "archive", book) == 302
    assert desk.again(book).archived_from == BookStatus.DRAFT
    assert act(author, "trash", book) == 302
    assert act(author, "trash", book) == 404  # for this page it is gone
    assert desk.trail(book) == ["book.archived", "book.trashed"]


@pytest.mark.parametrize("name", ["archive", "trash"])
@pytest.mark.parametrize("state", [RunState.WRITING, RunState.AWAITING_APPROVAL, RunState.FAILED, RunState.PAUSED])
def test_what_is_being_written_stays_where_it_is(
    name: str, state: RunState, author: Client, organization: Organization, editor: User
) -> None:
    busy = builders.make_book(organization, editor, title="Busy", status=BookStatus.GENERATING)
    builders.make_run(busy, state=state)
    free = builders.make_book(organization, editor, title="Free")
    assert act(author, name, busy, free) == 302
    assert (desk.again(busy).status, desk.again(busy).trashed_at) == (BookStatus.GENERATING, None)
    assert desk.again(free).status == BookStatus.ARCHIVED or desk.again(free).trashed_at
    said = [(notice.level_tag, str(notice)) for notice in notices(author)]
    assert [level for level, _text in said] == ["success", "error"]
    assert "Busy" in said[1][1]


def test_an_archived_book_is_not_begun(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    act(author, "archive", book)
    assert author.post(desk.address("book_write", "atelier", book.pk)).status_code == 422
    assert "book_write" not in author.get(desk.address("book", "atelier", book.pk)).content.decode()
    assert desk.again(book).status == BookStatus.ARCHIVED


# Who may put away and take back: ruling 22. Owner and admin see others' internal books, not their private ones.
MATRIX = {
    ("author", "private"): True,
    ("author", "internal"): True,
    ("owner", "private"): False,
    ("owner", "internal"): True,
    ("admin", "private"): False,
    ("admin", "internal"): True,
    ("member", "private"): False,
    ("member", "internal"): False,
    ("guest", "private"): False,
    ("guest", "internal"): False,
    ("outsider", "private"): False,
    ("outsider", "internal"): False,
}


def asked(client: Client, name: str, book: Book) -> int:
    """The status of one thing done (or its page opened)."""
    if name in {"edit", "erase"}:
        page = "book_edit" if name == "edit" else "erase"
        return client.get(desk.address(page, "atelier", book.pk)).status_code
    return act(client, name, book)


STATES: dict[str, dict[str, Any]] = {
    "archive": {},
    "unarchive": {"status": BookStatus.ARCHIVED, "archived_from": BookStatus.REVIEW},
    "trash": {},
    "restore": {"trashed_at": timezone.now()},
    "edit": {},
    "erase": {"trashed_at": timezone.now()},
}


@pytest.mark.parametrize(("who", "visibility"), MATRIX)
def test_who_may(
    who: str,
    visibility: str,
    organization: Organization,
    editor: User,
    outsider: User,
    client_of: Callable[[User], Client],
) -> None:
    person = {"author": editor, "outsider": outsider}.get(who) or builders.make_member(organization, who)
    client = client_of(person)
    for name, state in STATES.items():
        book = builders.make_book(organization, editor, visibility=visibility, **state)
        allowed = 200 if name in {"edit", "erase"} else 302
        reads = (who, visibility) == ("member", "internal")  # a page of a book says so to who may read it
        refused = 403 if reads and name == "edit" else 404
        assert asked(client, name, book) == (allowed if MATRIX[who, visibility] else refused), name
        assert bool(desk.entries_of(book)) == (MATRIX[who, visibility] and allowed == 302), name


def test_books_of_others_among_the_chosen_are_left_alone(
    author: Client, organization: Organization, editor: User, owner: User
) -> None:
    mine, theirs = builders.make_book(organization, editor), builders.make_book(organization, owner)
    assert act(author, "trash", mine, theirs) == 302
    assert (bool(desk.again(mine).trashed_at), bool(desk.again(theirs).trashed_at)) == (True, False)


@pytest.mark.parametrize(
    "data",
    [{}, {"act": "archive"}, {"act": "erase", "book": "x"}, {"act": "archive", "book": "not-an-id"}, {"book": "1"}],
)
def test_nothing_chosen_is_said_and_changes_nothing(data: dict[str, str], author: Client) -> None:
    assert author.post(ACT, data)["Location"] == LIST
    assert [notice.level_tag for notice in notices(author)] == ["warning"]


def test_the_way_back_never_leads_off_the_site(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    data = {"act": "archive", "book": str(book.pk), "next": "https://elsewhere.example/"}
    assert author.post(ACT, data)["Location"] == LIST


def erase(client: Client, book: Book, typed: str) -> int:
    """Type something and send it."""
    return client.post(desk.address("erase", "atelier", book.pk), {"typed": typed}).status_code


def full_book(organization: Organization, author: User, **overrides: Any) -> Book:
    """A book in the trash with text, a run and its call, and a file."""
    book = builders.make_book(
        organization, author, **{"title": "Bees", "blurb": "Honey.", "trashed_at": timezone.now(), **overrides}
    )
    builders.make_chapter(book)
    run = builders.make_run(book, state=RunState.COMPLETED, problem="x")
    step = builders.make_step(run)
    stored = default_storage.save(f"exports/{organization.pk}/{book.pk}/x.epub", ContentFile(b"PK"))
    builders.make_export(book, state="ready", file=stored, file_name="x.epub", sha256="0" * 64)
    with tenancy.declared(organization.pk):
        LanguageModelCall.objects.create(
            organization=organization, run=run, step=step, attempt=1, input_hash="0" * 64, purpose="section",
            holder=run.pk, state="answered", model="m", text="A roof is a meadow.", cost_micros=420,
        )  # fmt: skip
    return book


def test_erasing_needs_the_title_and_leaves_no_word(
    author: Client, organization: Organization, editor: User, run_queue: Callable[[], int]
) -> None:
    book = full_book(organization, editor)
    folder = f"exports/{organization.pk}/{book.pk}"
    assert erase(author, book, "Wasps") == 422
    assert desk.rows(Chapter, organization, book=book)
    assert erase(author, book, " bees ") == 302
    assert author.get(desk.address("trash", "atelier")).context["trash"].lines == ()
    assert not desk.rows(Chapter, organization, book=book)
    assert not desk.rows(Export, organization, book=book)
    left = desk.again(book)
    assert "Bees" not in f"{left.title}{left.topic}{left.goal}{left.blurb}{left.byline}"
    (call,) = desk.rows(LanguageModelCall, organization)
    assert (call.text, call.cost_micros) == ("", 420)
    assert desk.rows(Run, organization, book=book)[0].brief == {}
    desk.let_time_pass()
    run_queue()
    assert default_storage.listdir(folder)[1] == []
    assert erase(author, book, "—") == 404
    assert author.post(f"{ACT}?act=restore&book={book.pk}").status_code == 404


def test_only_what_is_in_the_trash_is_erased(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor, title="Bees")
    assert erase(author, book, "Bees") == 404


def test_the_trash_empties_itself_after_thirty_days(
    author: Client, organization: Organization, editor: User, run_queue: Callable[[], int]
) -> None:
    old = full_book(organization, editor, trashed_at=timezone.now() - timedelta(days=30, minutes=1))
    fresh = full_book(organization, editor, title="Roofs", trashed_at=timezone.now() - timedelta(days=29))
    current_app.tasks["books.tasks.purge_trash"]()
    assert (bool(desk.again(old).erased_at), bool(desk.again(fresh).erased_at)) == (True, False)
    (line,) = author.get(desk.address("trash", "atelier")).context["trash"].lines
    assert (line.title, line.days_left) == ("Roofs", 1)
    before = desk.trail(old)
    current_app.tasks["books.tasks.purge_trash"]()
    assert desk.trail(old) == before == ["book.erased"]


def test_a_copy_of_a_shared_book_is_a_private_draft_of_ones_own(
    author: Client, organization: Organization, editor: User, owner: User
) -> None:
    book = builders.make_book(organization, owner, title="T" * 100, visibility=Visibility.INTERNAL, blurb="Honey.")
    builders.make_chapter(book)
    page = desk.address("book_copy", "atelier", book.pk)
    form = {"request_key": str(book.pk), "with_text": "yes"}
    first, again = author.post(page, form), author.post(page, form)
    assert first["Location"] == again["Location"]
    (made,) = desk.rows(Book, organization, author=editor)
    assert (made.visibility, made.status, made.blurb) == (Visibility.PRIVATE, BookStatus.DRAFT, "Honey.")
    assert made.title == "T" * 93 + " (copy)"
    (chapter,) = desk.rows(Chapter, organization, book=made)
    assert chapter.markdown == desk.rows(Chapter, organization, book=book)[0].markdown
    assert desk.trail(book) == ["book.duplicated"]


def test_a_copy_of_the_brief_alone_can_be_written(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    builders.make_chapter(book)
    form = {"request_key": str(book.pk), "with_text": "no"}
    page = author.post(desk.address("book_copy", "atelier", book.pk), form)["Location"]
    shown = author.get(page).context["page"]
    assert (shown.has_text, shown.can_start) == (False, True)


def test_guests_copy_nothing(organization: Organization, viewer: User, client_of: Callable[[User], Client]) -> None:
    book = builders.make_book(organization, viewer)
    assert client_of(viewer).get(desk.address("book_copy", "atelier", book.pk)).status_code == 403


DETAILS = {"title": "Roofs", "subtitle": "A year", "byline": "", "blurb": "One\r\ntwo", "palette": "ink"}


def test_details_are_changed_and_files_grow_old(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    page = desk.address("book_edit", "atelier", book.pk)
    assert author.post(page, DETAILS | {"visibility": "internal"}).status_code == 302
    changed = desk.again(book)
    assert (changed.title, changed.blurb, changed.visibility) == ("Roofs", "One\ntwo", Visibility.INTERNAL)
    assert changed.content_changed_at > book.content_changed_at
    assert author.post(page, DETAILS | {"visibility": "private"}).status_code == 302
    assert desk.again(book).content_changed_at == changed.content_changed_at  # nothing a reader sees
    assert author.post(page, DETAILS | {"visibility": "private"}).status_code == 302
    assert len(desk.trail(book)) == 2  # the same again is no change


@pytest.mark.parametrize("wrong", [{"title": ""}, {"palette": "pink"}, {"visibility": "public"}, {"blurb": "nul\x00l"}])
def test_wrong_details_are_answered_422(
    wrong: dict[str, str], author: Client, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor)
    data = DETAILS | {"visibility": "private"} | wrong
    assert author.post(desk.address("book_edit", "atelier", book.pk), data).status_code == 422
    assert desk.again(book).title == book.title


def test_who_sees_a_book_is_its_authors_to_say(
    organization: Organization, editor: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    book = builders.make_book(organization, editor, visibility=Visibility.INTERNAL)
    page = desk.address("book_edit", "atelier", book.pk)
    assert client_of(owner).post(page, DETAILS | {"visibility": "private"}).status_code == 302
    assert (desk.again(book).visibility, desk.again(book).title) == (Visibility.INTERNAL, "Roofs")


def test_a_book_that_everyone_reads_keeps_its_readers_when_its_details_change(
    author: Client, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor, visibility=Visibility.PUBLIC, status=BookStatus.PUBLISHED)
    page = desk.address("book_edit", "atelier", book.pk)
    assert b'name="visibility"' not in author.get(page).content
    assert author.post(page, DETAILS | {"visibility": "private"}).status_code == 302
    assert (desk.again(book).visibility, desk.again(book).title) == (Visibility.PUBLIC, "Roofs")
    with tenancy.declared(organization.pk), pytest.raises(BookRefused):
        actions.save_details(book=book, by=editor, details={"visibility": Visibility.PRIVATE})


def test_a_form_shown_before_does_not_take_back_what_was_changed_meanwhile(
    author: Client, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor, title="Bees", subtitle="A year")
    page = desk.address("book_edit", "atelier", book.pk)
    shown = author.get(page).content.decode()
    assert all(f'name="initial-{name}"' in shown for name in [*DETAILS, "visibility"])
    old = {"title": "Bees", "subtitle": "A year", "byline": book.byline, "blurb": "", "palette": "garnet"}
    old |= {"visibility": "private"}
    before = {f"initial-{name}": value for name, value in old.items()}
    assert author.post(page, old | before | {"title": "Roofs"}).status_code == 302
    assert author.post(page, old | before | {"blurb": "Honey."}).status_code == 302
    changed = desk.again(book)
    assert (changed.title, changed.subtitle, changed.blurb) == ("Roofs", "A year", "Honey.")
