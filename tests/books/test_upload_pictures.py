"""Pictures of a book: uploaded, drawn anew, or refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.test import Client
from PIL import Image, ImageCms

from accounts.models import User
from books.models import Book
from core import tenancy
from organizations.models import Limits, Organization
from tests import builders
from tests.books import desk
from tests.books.album import ALT, drawn, opened, pictures, post, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A book that its organization reads, without pictures."""
    return builders.make_book(organization, editor, visibility="internal")


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
    chapter = builders.make_chapter(book, markdown=said["markdown"])
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
