"""Pictures of a book: shown to who may read, described, put into files, copied, taken away."""

import io
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from books.models import Book, Chapter, Export
from core import tenancy
from core.ids import new_id
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.books import desk
from tests.books.album import drawn, opened, pictures, post, stored

pytestmark = pytest.mark.django_db
UNKNOWN = "0193a000-0000-7000-8000-0000000000a3"


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A book that its organization reads, without pictures."""
    return builders.make_book(organization, editor, visibility="internal")


def exports(book: Book) -> list[Export]:
    """What was asked for of the book."""
    return desk.rows(Export, book.organization, book=book)


def let_files_age(book: Book) -> None:
    """Its stored files are an hour old."""
    for name in stored(book):
        os.utime(default_storage.path(name), (time.time() - 3600,) * 2)


def changed_at(book: Book) -> Any:
    """When what readers see of the book changed last."""
    return desk.again(book).content_changed_at


# ── Shown ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_kept_by_the_browser_and_asked_for_once(author: Client, book: Book) -> None:
    post(author, book, drawn((1500, 1000)))
    (picture,) = pictures(book)
    for size, wide in (("small", 1000), ("large", 1500)):
        address = desk.address(f"picture_{size}", "atelier", book.pk, picture.pk)
        answer = author.get(address)
        assert Image.open(io.BytesIO(answer.content)).width == wide
        assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer["Cache-Control"] and "immutable" in answer["Cache-Control"]
        again = author.get(address, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_who_may_read_the_book_sees_its_pictures_and_nobody_else(
    book: Book, owner: User, viewer: User, outsider: User, author: Client, client_of: Callable[[User], Client]
) -> None:
    picture = builders.make_picture(book)
    other = builders.make_book(book.organization, book.author, visibility="internal")
    address = desk.address("picture_small", "atelier", book.pk, picture.pk)
    assert client_of(owner).get(address).status_code == 200
    for stranger in (viewer, outsider):
        assert client_of(stranger).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert author.get(desk.address("picture_small", "atelier", other.pk, picture.pk)).status_code == 404


def test_a_file_that_is_gone_is_not_there(author: Client, book: Book) -> None:
    picture = builders.make_picture(book)
    default_storage.delete(picture.file)
    assert author.get(desk.address("picture_small", "atelier", book.pk, picture.pk)).status_code == 404


def test_the_reader_shows_the_books_own_pictures_alone(author: Client, book: Book) -> None:
    own = builders.make_picture(book, width=3000, height=1500)
    ornament = builders.make_picture(book, alt="", is_decorative=True)
    foreign = builders.make_picture(builders.make_book(book.organization, book.author))
    text = (
        f'![](picture:{own.pk} "By the chimney")\n\nA line ![Its words](picture:{own.pk}) and '
        f"![](picture:{ornament.pk}) and ![elsewhere](picture:{foreign.pk}) and ![far](https://example.com/x.png)."
    )
    chapter = builders.make_chapter(book, markdown=text)
    page = author.get(desk.address("chapter", "atelier", book.pk, chapter.pk)).content.decode()
    prose = page.partition('<div class="prose">')[2].partition("</article>")[0]
    small, large = (desk.address(f"picture_{size}", "atelier", book.pk, own.pk) for size in ("small", "large"))
    assert f'<figure><img src="{small}" srcset="{small} 1000w, {large} 3000w" alt="{own.alt}"' in prose
    assert "<figcaption>By the chimney</figcaption>" in prose and 'alt="Its words"' in prose and 'alt=""' in prose
    assert 'width="3000" height="1500" loading="lazy"' in prose
    assert "[elsewhere]" in prose and "[far]" in prose and prose.count("<img") == 3


# ── Found, described, taken away ────────────────────────────────────────────────────────────────────────────────────


def test_the_list_says_where_each_picture_is_shown_and_is_searched(author: Client, book: Book) -> None:
    used = builders.make_picture(book, name="used.jpg")
    builders.make_picture(book, name="idle.jpg", alt="A basin of water")
    builders.make_picture(book, name="rule.png", alt="", is_decorative=True)
    builders.make_chapter(book, markdown=f"![](picture:{used.pk}) ![](picture:{used.pk})", title="One")
    builders.make_chapter(book, markdown=f"![](picture:{used.pk})", position=2, title="Two")
    builders.make_chapter(book, markdown=f"![](picture:{used.pk})", position=3, title="Gone", trashed_at=timezone.now())

    def found(query: str = "") -> list[str]:
        page = author.get(desk.address("pictures", "atelier", book.pk) + query).context["page"]
        return [line.name for line in page.lines]

    assert found() == ["rule.png", "idle.jpg", "used.jpg"]
    assert (found("?q=WATER"), found("?q=used"), found("?q=nothing")) == (["idle.jpg"], ["used.jpg"], [])
    assert (found("?show=used"), found("?show=unused")) == (["used.jpg"], ["rule.png", "idle.jpg"])
    assert found("?show=undescribed") == ["rule.png"]
    line = author.get(desk.address("picture", "atelier", book.pk, used.pk)).context["line"]
    assert [(use.title, bool(use.id)) for use in line.uses] == [("One", True), ("Two", True), ("Gone", False)]


def test_a_long_list_has_pages(author: Client, book: Book) -> None:
    for number in range(26):
        builders.make_picture(book, name=f"{number}.jpg")
    address = desk.address("pictures", "atelier", book.pk)
    first = author.get(address).context["page"]
    second = author.get(address + first.next_url).context["page"]
    assert [len(page.lines) for page in (first, second)] == [24, 2]
    assert author.get(address + second.previous_url).context["page"].lines == first.lines


def test_the_studio_gets_the_panel_alone(author: Client, book: Book) -> None:
    picture = builders.make_picture(book)
    for address in (
        desk.address("pictures", "atelier", book.pk),
        desk.address("picture", "atelier", book.pk, picture.pk),
        desk.address("picture_remove", "atelier", book.pk, picture.pk),
    ):
        part = author.get(address, headers={"HX-Request": "true"}).content.decode()
        assert part.strip().startswith('<section class="pictures-panel" id="panel"') and "hx-boost" in part
        assert "hx-boost" not in author.get(address).content.decode().partition('id="panel"')[2].partition(">")[0]


def test_another_description_makes_files_anew_where_the_picture_is_shown(author: Client, book: Book) -> None:
    picture = builders.make_picture(book)
    address = desk.address("picture", "atelier", book.pk, picture.pk)
    before = changed_at(book)
    assert author.post(address, {"alt": "Two hives"}).status_code == 302
    assert (desk.again(picture).alt, changed_at(book)) == ("Two hives", before)
    builders.make_chapter(book, markdown=f"![](picture:{picture.pk})")
    assert author.post(address, {"alt": "ignored", "decorates": "on"}).status_code == 302
    assert (desk.again(picture).alt, desk.again(picture).is_decorative) == ("", True)
    assert changed_at(book) > before
    assert author.post(address, {"alt": ""}).status_code == 422
    assert author.post(address, {"alt": "", "decorates": "on"}).status_code == 302
    assert desk.trail(picture) == ["picture.described", "picture.described"]


def test_an_unused_picture_goes_after_a_question_and_its_files_soon_after(
    author: Client, book: Book, run_queue: Callable[[], int]
) -> None:
    post(author, book, drawn((1500, 1000)))
    kept = builders.make_picture(book)
    picture = pictures(book)[0]
    address = desk.address("picture_remove", "atelier", book.pk, picture.pk)
    assert b"No chapter shows it" in author.get(address).content
    assert len(pictures(book)) == 2
    assert author.post(address).status_code == 302
    assert [one.pk for one in pictures(book)] == [kept.pk]
    let_files_age(book)
    desk.let_time_pass()
    run_queue()
    assert stored(book) == [kept.file]
    assert desk.trail(picture) == ["picture.added", "picture.removed"]


def test_a_picture_in_the_text_goes_only_when_that_was_seen(author: Client, book: Book) -> None:
    picture = builders.make_picture(book)
    chapter = builders.make_chapter(book, markdown=f"![A hive](picture:{picture.pk})", title="The Roof Itself")
    address = desk.address("picture_remove", "atelier", book.pk, picture.pk)
    before = changed_at(book)
    assert author.post(address).status_code == 422
    question = author.get(address).content.decode()
    assert "The Roof Itself" in question and 'name="used"' in question
    assert author.post(address, {"used": "1"}).status_code == 302
    assert pictures(book) == [] and changed_at(book) > before
    page = author.get(desk.address("chapter", "atelier", book.pk, chapter.pk)).content.decode()
    assert "[A hive]" in page and "picture:" not in page


def test_who_may_comment_looks_and_changes_nothing(
    book: Book, viewer: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    picture = builders.make_picture(book)
    builders.make_collaborator(book, viewer, role="commenter")
    guest = client_of(viewer)
    page = guest.get(desk.address("pictures", "atelier", book.pk)).content.decode()
    assert picture.name in page and "Upload" not in page and "Remove" not in page
    assert post(guest, book, drawn()).status_code == 403
    assert guest.post(desk.address("picture", "atelier", book.pk, picture.pk), {"alt": "x"}).status_code == 403
    assert guest.post(desk.address("picture_remove", "atelier", book.pk, picture.pk)).status_code == 403


def test_nothing_changes_in_the_trash(author: Client, book: Book) -> None:
    picture = builders.make_picture(book)
    with tenancy.declared(book.organization_id):
        Book.objects.filter(pk=book.pk).update(trashed_at=timezone.now())
    assert post(author, book, drawn()).status_code in {404, 422}
    assert author.post(desk.address("picture_remove", "atelier", book.pk, picture.pk)).status_code in {404, 422}
    assert len(pictures(book)) == 1 and len(stored(book)) == 1


# ── In files ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_holds_the_pictures_of_its_text(author: Client, book: Book, run_queue: Callable[[], int]) -> None:
    picture = builders.make_picture(book)
    builders.make_picture(book, name="not named.jpg")
    builders.make_chapter(book, markdown=f'![](picture:{picture.pk} "By the chimney")')
    author.post(desk.address("export_request", "atelier", book.pk, "markdown"))
    author.post(desk.address("export_request", "atelier", book.pk, "html"))
    run_queue()
    made = {one.format: one for one in exports(book)}
    assert made["markdown"].file_name.endswith(".zip") and made["html"].file_name.endswith(".html")
    assert desk.content(made["markdown"]).startswith(b"PK")
    page = desk.content(made["html"]).decode()
    assert page.count("data:image/jpeg;base64,") == 1 and 'alt="A hive between two chimneys"' in page


def test_a_picture_that_is_gone_fails_the_file_by_name(
    author: Client, book: Book, run_queue: Callable[[], int]
) -> None:
    picture = builders.make_picture(book)
    builders.make_chapter(book, markdown=f"![](picture:{picture.pk})")
    default_storage.delete(picture.file)
    author.post(desk.address("export_request", "atelier", book.pk, "html"))
    run_queue()
    (export,) = exports(book)
    assert export.state == "failed" and "“roof.jpg” cannot be found" in export.problem


def test_pictures_beyond_what_an_engine_holds_are_refused(
    author: Client, book: Book, run_queue: Callable[[], int]
) -> None:
    picture = builders.make_picture(book, size=151_000_000)
    builders.make_chapter(book, markdown=f"![](picture:{picture.pk})")
    author.post(desk.address("export_request", "atelier", book.pk, "html"))
    run_queue()
    (export,) = exports(book)
    assert export.state == "failed" and "larger than 150 MB" in export.problem


def test_an_erased_book_leaves_no_picture(author: Client, book: Book, run_queue: Callable[[], int]) -> None:
    post(author, book, drawn((1500, 1000)))
    assert len(stored(book)) == 2
    with tenancy.declared(book.organization_id):
        Book.objects.filter(pk=book.pk).update(trashed_at=timezone.now())
    assert author.post(desk.address("erase", "atelier", book.pk), {"typed": book.title}).status_code == 302
    Lease.objects.update(available_at=timezone.now())
    run_queue()
    assert (pictures(book), stored(book)) == ([], [])


def test_a_copy_has_pictures_of_its_own(author: Client, book: Book, run_queue: Callable[[], int]) -> None:
    post(author, book, drawn((1500, 1000)))
    (picture,) = pictures(book)
    builders.make_chapter(book, markdown=f"![A roof](picture:{picture.pk}) and ![gone](picture:{UNKNOWN})")
    asked = {"with_text": "yes", "request_key": str(new_id())}
    assert author.post(desk.address("book_copy", "atelier", book.pk), asked).status_code == 302
    made = desk.rows(Book, book.organization, title="Bees on City Roofs (copy)")[0]
    (own,) = pictures(made)
    (chapter,) = desk.rows(Chapter, book.organization, book=made)
    assert chapter.markdown == f"![A roof](picture:{own.pk}) and ![gone](picture:{UNKNOWN})"
    address = desk.address("picture_small", "atelier", made.pk, own.pk)
    assert own.pk != picture.pk and author.get(address).status_code == 200
    author.post(desk.address("picture_remove", "atelier", book.pk, picture.pk), {"used": "1"})
    run_queue()
    let_files_age(book)
    desk.let_time_pass()
    run_queue()
    own = desk.again(own)
    assert stored(book) == [] and set(stored(made)) == {own.file, own.small_file}
    assert opened(own.small_file).width == 1000 and author.get(address).status_code == 200
