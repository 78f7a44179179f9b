"""A book is read by a link: with a password or none, until the link expires or is revoked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from books.models import Book, ShareLink, Visibility
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.trail import trail

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db
TOKEN = "Shared1with2a3reader"


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A private book of the editor of two written chapters and one that is not."""
    made = builders.make_book(organization, editor, blurb="Bees, from above.")
    for position in (1, 2):
        builders.make_chapter(made, position=position, title=f"Part {position}", markdown="A *roof* is a meadow.")
    builders.make_chapter(made, position=3, title="Not yet", markdown="", word_count=0)
    return made


def links(book: Book) -> list[ShareLink]:
    """The links to the book, oldest first."""
    with tenancy.declared(book.organization_id):
        return list(ShareLink.objects.of(book.organization).filter(book=book).order_by("id"))


def make(client: Client, book: Book, **fields: str) -> int:
    """The status of making a link by the form."""
    form = {"label": "Ada", "days": "7", "password": ""} | fields
    return client.post(reverse("books:shares", args=["atelier", book.pk]), form).status_code


def test_whoever_has_the_link_reads_the_book(book: Book, editor: User, client: Client, client_of: ClientOf) -> None:
    author = client_of(editor)
    assert make(author, book) == 302
    (link,) = links(book)
    assert timedelta(days=6) < link.expires_at - timezone.now() < timedelta(days=7, seconds=1)  # type: ignore[operator]
    assert f"/s/{link.token}/" in author.get(reverse("books:shares", args=["atelier", book.pk])).content.decode()
    front = client.get(f"/s/{link.token}/")
    page = front.content.decode()
    assert front.status_code == 200
    assert ("Bees, from above." in page, "Part 2" in page, "Not yet" in page, "Atelier" in page) == (
        True, True, False, False,
    )  # fmt: skip
    chapter = client.get(f"/s/{link.token}/2/")
    assert (chapter.status_code, b"<em>roof</em>" in chapter.content) == (200, True)
    assert [client.get(f"/s/{link.token}/{number}/").status_code for number in (3, 4)] == [404, 404]
    assert trail("share.made")[-1].details == {"days": 7, "with_password": False}


def test_a_shared_page_is_for_no_index_and_kept_by_nobody(book: Book, client: Client) -> None:
    builders.make_link(book, TOKEN)
    for path in (f"/s/{TOKEN}/", f"/s/{TOKEN}/1/", "/s/never-was/"):
        answer = client.get(path)
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer.headers["Cache-Control"]
    assert not client.cookies


def test_the_text_is_the_one_of_now(book: Book, client: Client) -> None:
    builders.make_link(book, TOKEN)
    with tenancy.declared(book.organization_id):
        book.chapters.filter(position=1).update(markdown="It was rewritten.")
    assert b"It was rewritten." in client.get(f"/s/{TOKEN}/1/").content


@pytest.mark.parametrize(
    "state",
    [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)}, None],
    ids=["revoked", "expired", "never was"],
)
def test_a_link_that_does_not_hold_answers_as_one_that_never_was(
    state: dict[str, Any] | None, book: Book, client: Client
) -> None:
    if state:
        builders.make_link(book, TOKEN, **state)
    answers = [client.get(f"/s/{TOKEN}/"), client.post(f"/s/{TOKEN}/", {"password": "x"}), client.get(f"/s/{TOKEN}/1/")]
    assert {answer.status_code for answer in answers} == {404}
    assert b"leads nowhere any more" in answers[0].content
    assert answers[0].content == client.get("/s/another-that-never-was/").content


def test_revoking_is_asked_for_and_ends_it_at_once(
    book: Book, editor: User, client: Client, client_of: ClientOf
) -> None:
    link = builders.make_link(book, TOKEN, label="Ada")
    page = reverse("books:share_revoke", args=["atelier", book.pk, link.pk])
    author = client_of(editor)
    assert b"Ada" in author.get(page).content
    assert client.get(f"/s/{TOKEN}/").status_code == 200
    assert [author.post(page).status_code for _twice in range(2)] == [302, 302]
    assert client.get(f"/s/{TOKEN}/").status_code == 404
    assert len(trail("share.revoked")) == 1


def test_nothing_is_read_before_the_password(book: Book, editor: User, client: Client, client_of: ClientOf) -> None:
    assert make(client_of(editor), book, password="Quiet-Meadow") == 302
    (link,) = links(book)
    assert "Quiet-Meadow" not in link.password
    front = f"/s/{link.token}/"
    asked = client.get(front)
    assert (asked.status_code, b"Bees" in asked.content) == (200, False)
    assert client.get(f"{front}1/").headers["Location"] == front
    wrong = client.post(front, {"password": "quiet-meadow"})
    assert (wrong.status_code, b"not its password" in wrong.content) == (422, True)
    assert client.post(front, {"password": "Quiet-Meadow"}).status_code == 302
    assert [client.get(path).status_code for path in (front, f"{front}1/")] == [200, 200]
    (cookie,) = [cookie for name, cookie in client.cookies.items() if name.startswith("share-")]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (front, True, "Lax")
    assert client_of(editor).get(front).status_code == 200  # asked: nobody is let past it by who they are
    assert b"Bees" not in client_of(editor).get(front).content


def test_the_cookie_of_one_link_opens_no_other(book: Book, client: Client) -> None:
    from django.contrib.auth.hashers import make_password

    one, other = (builders.make_link(book, token, password=make_password("Quiet-Meadow")) for token in ("one", "other"))
    client.post("/s/one/", {"password": "Quiet-Meadow"})
    (given,) = [cookie for name, cookie in client.cookies.items() if name.startswith("share-")]
    client.cookies[f"share-{other.pk.hex[-12:]}"] = given.value
    assert b"Bees" in client.get("/s/one/").content
    assert b"Bees" not in client.get("/s/other/").content
    assert one.pk != other.pk


def test_passwords_are_not_guessed_at(book: Book, client: Client) -> None:
    builders.make_link(book, TOKEN, password="md5$no$hash")
    answers = [client.post(f"/s/{TOKEN}/", {"password": f"guess {number}"}).status_code for number in range(12)]
    assert answers == [422] * 10 + [429] * 2


@pytest.mark.parametrize("end", ["trashed", "closed"])
def test_a_book_that_is_put_away_is_read_by_nobody(
    end: str, book: Book, organization: Organization, client: Client
) -> None:
    builders.make_link(book, TOKEN)
    with tenancy.declared(organization.pk):
        if end == "trashed":
            Book.objects.of(organization).update(trashed_at=timezone.now())
        else:
            Organization.objects.filter(pk=organization.pk).update(closed_at=timezone.now(), erase_at=timezone.now())
    assert client.get(f"/s/{TOKEN}/").status_code == 404


def test_links_are_made_by_who_leads_the_book_alone(
    book: Book, organization: Organization, client_of: ClientOf
) -> None:
    leads, edits = (builders.make_member(organization, "guest") for _each in range(2))
    builders.make_collaborator(book, leads, role="admin")
    builders.make_collaborator(book, edits, role="editor")
    assert [make(client_of(person), book) for person in (leads, edits)] == [302, 403]


@pytest.mark.parametrize("fields", [{"days": "99"}, {"password": "short"}, {"label": "x" * 101}])
def test_a_link_that_makes_no_sense_is_not_made(
    fields: dict[str, str], book: Book, editor: User, client_of: ClientOf
) -> None:
    assert make(client_of(editor), book, **fields) == 422
    assert links(book) == []


def test_so_many_links_hold_at_once_and_no_more(book: Book, editor: User, client_of: ClientOf) -> None:
    for number in range(50):
        builders.make_link(book, f"link-{number}")
    assert make(client_of(editor), book) == 422


def test_its_author_alone_says_who_sees_a_book_and_takes_it_back(
    book: Book, organization: Organization, editor: User, viewer: User, client_of: ClientOf
) -> None:
    builders.make_collaborator(book, viewer, role="admin")
    page = reverse("books:share_visibility", args=["atelier", book.pk])
    assert client_of(viewer).post(page, {"visibility": "internal"}).status_code == 403
    author = client_of(editor)
    shown = author.post(page, {"visibility": "internal"}, follow=True)
    assert f"{page}?visibility=private" in shown.content.decode()
    assert seen_by(book) == Visibility.INTERNAL
    author.post(f"{page}?visibility=private")
    assert seen_by(book) == Visibility.PRIVATE
    author.post(page, {"visibility": "public"})
    assert seen_by(book) == Visibility.PRIVATE
    assert trail("book.shown_to")[0].changes == {"visibility": ["private", "internal"]}


def seen_by(book: Book) -> str:
    """Who sees the book now."""
    with tenancy.declared(book.organization_id):
        return Book.objects.of(book.organization).get(pk=book.pk).visibility


def test_pictures_of_a_shared_text_are_seen_and_others_are_not(
    book: Book, organization: Organization, editor: User, client: Client
) -> None:
    picture = builders.make_picture(book)
    elsewhere = builders.make_picture(builders.make_book(organization, editor))
    builders.make_chapter(book, position=4, markdown=f"![A hive](picture:{picture.pk})")
    builders.make_link(book, TOKEN)
    where = f"/s/{TOKEN}/pictures/{picture.pk}/small/"
    assert where in client.get(f"/s/{TOKEN}/4/").content.decode()
    assert client.get(where).status_code == 200
    assert client.get(f"/s/{TOKEN}/pictures/{elsewhere.pk}/small/").status_code == 404
    assert client.get(f"/s/never-was/pictures/{picture.pk}/small/").status_code == 404
