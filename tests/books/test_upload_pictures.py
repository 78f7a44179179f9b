"""Pictures of a book: uploaded, drawn anew, described, shown to who may read, taken away."""

import io
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageCms

from accounts.models import User
from books.jobs.pictures import folder
from books.models import Book, Chapter, Export, Picture
from core import tenancy
from core.ids import new_id
from core.models import Lease
from core.storage import names_in
from organizations.models import Limits, Organization
from tests import builders
from tests.books import desk
from tests.books.sharing import make_collaborator

pytestmark = pytest.mark.django_db
UNKNOWN = "0193a000-0000-7000-8000-0000000000a3"
ALT = "A hive between two chimneys"


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A book that its organization reads, without pictures."""
    return builders.make_book(organization, editor, visibility="internal")


def drawn(
    size: tuple[int, int] = (300, 200), kind: str = "JPEG", mode: str = "RGB", colour: Any = "teal", **options: Any
) -> bytes:
    """The bytes of a picture."""
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, kind, **options)
    return target.getvalue()


def post(browser: Client, book: Book, data: bytes, name: str = "roof.jpg", *, json: bool = False, **fields: Any) -> Any:
    """Upload it with the form of the page, as a program if `json`."""
    upload = SimpleUploadedFile(name, data)
    told = {"alt": ALT, "picture": upload} | fields
    return browser.post(
        desk.address("pictures", "atelier", book.pk), told, headers={"Accept": "application/json"} if json else {}
    )


def pictures(book: Book) -> list[Picture]:
    """The book's pictures, oldest first."""
    return sorted(desk.rows(Picture, book.organization, book=book), key=lambda one: one.pk)


def stored(book: Book) -> list[str]:
    """Names of the files that are stored for its pictures."""
    return names_in(folder(book.organization_id, book.pk))


def opened(name: str) -> Image.Image:
    """A stored picture."""
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))


def write(book: Book, markdown: str, **overrides: Any) -> Chapter:
    """A chapter of the book with that text."""
    return builders.make_chapter(book, markdown=markdown, **overrides)


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


# ── Taken ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_upload_is_drawn_anew_in_two_sizes(author: Client, book: Book) -> None:
    answer = post(author, book, drawn((4000, 3000)))
    assert answer.status_code == 302
    (picture,) = pictures(book)
    assert (picture.name, picture.alt, picture.is_decorative) == ("roof.jpg", ALT, False)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 2732, 2049)
    assert [opened(name).size for name in (picture.file, picture.small_file)] == [(2732, 2049), (1000, 750)]
    assert picture.size == sum(default_storage.size(name) for name in stored(book)) and len(stored(book)) == 2
    assert desk.trail(picture) == ["picture.added"]
    assert b"is among the pictures" in author.get(answer["Location"]).content


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (drawn((300, 200), "PNG", "RGBA", (10, 20, 30, 128)), "PNG", (300, 200)),
        (drawn((300, 200), "PNG", "RGBA", (10, 20, 30, 255)), "JPEG", (300, 200)),
        (drawn((300, 200), "PNG"), "JPEG", (300, 200)),
        (drawn((300, 200), "WEBP"), "JPEG", (300, 200)),
        (drawn((300, 200), "GIF", "P", 3, save_all=True, append_images=[Image.new("P", (300, 200), 9)]), "JPEG",
         (300, 200)),
        (drawn((300, 200), "JPEG", "CMYK", (0, 120, 90, 0)), "JPEG", (300, 200)),
        (drawn((300, 200), "JPEG", "L", 90), "JPEG", (300, 200)),
    ],
    ids=["transparent", "opaque with alpha", "png", "webp", "moving gif", "cmyk", "grey"],
)  # fmt: skip
def test_every_kind_becomes_one_of_two(
    data: bytes, kind: str, size: tuple[int, int], author: Client, book: Book
) -> None:
    post(author, book, data)
    (picture,) = pictures(book)
    kept = opened(picture.file)
    assert (kept.format, kept.size, picture.file) == (kind, size, picture.small_file)
    assert picture.media_type == f"image/{kind.lower()}"


def test_nothing_but_pixels_is_kept_and_the_camera_was_held_upright(author: Client, book: Book) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Secret Camera"  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    post(author, book, drawn((300, 200), exif=exif, comment=b"hidden words"))
    (picture,) = pictures(book)
    kept = opened(picture.file)
    assert kept.size == (200, 300) and not kept.getexif()
    with default_storage.open(picture.file) as file:
        data = file.read()
    assert b"Secret" not in data and b"hidden" not in data


def test_colours_are_turned_into_those_of_screens(author: Client, book: Book) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for number, given in enumerate([profile, wide, b"no profile at all"]):
        post(author, book, drawn((300, 200 + number), "PNG", colour=(200, 40, 40), icc_profile=given))
    assert len(pictures(book)) == 3
    for one in pictures(book):
        kept = opened(one.file).convert("RGB")
        assert "icc_profile" not in kept.info and kept.getextrema()[0][1] > 150  # type: ignore[index]  # a red


def test_a_picture_that_decorates_needs_no_words(author: Client, book: Book) -> None:
    assert post(author, book, drawn(), alt="", decorates="on").status_code == 302
    (picture,) = pictures(book)
    assert (picture.alt, picture.is_decorative) == ("", True)


def test_the_same_file_is_one_picture_of_a_book(author: Client, book: Book) -> None:
    first = post(author, book, drawn(), json=True)
    again = post(author, book, drawn(), name="other.jpg", alt="Something else", json=True)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    (picture,) = pictures(book)
    assert first.json() == {"id": str(picture.pk), "alt": ALT, "markdown": f"![{ALT}](picture:{picture.pk})"}
    assert len(stored(book)) == 1
    other = builders.make_book(book.organization, book.author)
    assert post(author, other, drawn()).status_code == 302
    assert len(pictures(other)) == 1


def test_what_is_put_into_a_text_survives_any_words(author: Client, book: Book) -> None:
    said = post(author, book, drawn(), alt=r"A [hive](x) *and* \ `roof` <b>", json=True).json()
    chapter = write(book, said["markdown"])
    page = author.get(desk.address("chapter", "atelier", book.pk, chapter.pk)).content.decode()
    assert r'alt="A [hive](x) *and* \ `roof` &lt;b&gt;"' in page


# ── Refused ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def bomb() -> bytes:
    """A small file of very many pixels."""
    return drawn((9000, 9000), "PNG", "1", 0)


@pytest.mark.parametrize(
    ("data", "fields", "words"),
    [
        (drawn(), {"alt": " "}, "Say what the picture shows"),
        (drawn(), {"alt": "x" * 501}, "at most 500"),
        (b"%PDF-1.7 no picture", {}, "JPEG, PNG, WebP or GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, "JPEG, PNG, WebP or GIF"),
        (drawn()[:200], {}, "damaged"),
        (bomb(), {}, "too many pixels"),
        (b"", {}, "empty"),
        (drawn() + b"0" * (20 * 1024 * 1024), {}, "larger than 20"),
    ],
    ids=["no words", "too many words", "pdf", "svg", "half of it", "bomb", "empty", "too large"],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(
    data: bytes, fields: dict[str, str], words: str, author: Client, book: Book
) -> None:
    for json in (False, True):
        answer = post(author, book, data, json=json, **fields)
        assert answer.status_code == 422
        assert words in answer.content.decode().replace("&#x27;", "'")
    assert (pictures(book), stored(book)) == ([], [])


def test_a_full_store_takes_no_picture_and_keeps_no_file(author: Client, book: Book, owner: User) -> None:
    with tenancy.declared(book.organization_id):
        Limits.objects.of(book.organization).update(storage_bytes=100)
    assert post(author, book, drawn()).status_code == 422
    assert (pictures(book), stored(book)) == ([], [])


def test_pictures_count_against_the_storage(
    author: Client, book: Book, owner: User, client_of: Callable[[User], Client]
) -> None:
    post(author, book, drawn())
    (picture,) = pictures(book)
    page = client_of(owner).get("/o/atelier/usage/").content.decode()
    line = next(line for line in page.splitlines() if "Pictures of books" in line)
    assert filesizeformat(picture.size) in line


@pytest.mark.django_db(transaction=True)
def test_one_file_sent_twice_at_once_is_one_picture(
    book: Book, editor: User, client_of: Callable[[User], Client]
) -> None:
    def send(browser: Client) -> int:
        try:
            status: int = post(browser, book, drawn((2000, 1500)), json=True).status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(send, [client_of(editor), client_of(editor)])) == [201, 201]
    (picture,) = pictures(book)
    assert set(stored(book)) == {picture.file, picture.small_file}


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
    chapter = write(book, text)
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
    write(book, f"![](picture:{used.pk}) ![](picture:{used.pk})", title="One")
    write(book, f"![](picture:{used.pk})", position=2, title="Two")
    write(book, f"![](picture:{used.pk})", position=3, title="Gone", trashed_at=timezone.now())

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
    write(book, f"![](picture:{picture.pk})")
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
    chapter = write(book, f"![A hive](picture:{picture.pk})", title="The Roof Itself")
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
    make_collaborator(book, viewer, role="commenter")
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
    write(book, f'![](picture:{picture.pk} "By the chimney")')
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
    write(book, f"![](picture:{picture.pk})")
    default_storage.delete(picture.file)
    author.post(desk.address("export_request", "atelier", book.pk, "html"))
    run_queue()
    (export,) = exports(book)
    assert export.state == "failed" and "“roof.jpg” cannot be found" in export.problem


def test_pictures_beyond_what_an_engine_holds_are_refused(
    author: Client, book: Book, run_queue: Callable[[], int]
) -> None:
    picture = builders.make_picture(book, size=151_000_000)
    write(book, f"![](picture:{picture.pk})")
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
    write(book, f"![A roof](picture:{picture.pk}) and ![gone](picture:{UNKNOWN})")
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
