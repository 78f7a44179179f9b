"""A book is published, for its organization or for everyone, and taken back."""

import io
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from books import actions as shelf
from books.actions import publishing as actions
from books.models import Book, BookKey, Chapter, Revision, Visibility
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.trail import trail

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A private book of the editor, in review, of one chapter."""
    blurb = "Bees & <others>, from above."
    made = builders.make_book(
        organization, editor, status="review", blurb=blurb, language="fr", title="Été sur les toits"
    )
    builders.make_chapter(made, markdown="Un *toit* est un pré.", title="Le premier")
    return made


def publish(client: Client, book: Book, visibility: str = "public") -> int:
    """The status of publishing by the form."""
    page = reverse("books:publishing", args=["atelier", book.pk])
    return client.post(page, {"visibility": visibility}).status_code


def take_back(client: Client, book: Book) -> int:
    """The status of taking back by the button."""
    return client.post(reverse("books:take_back", args=["atelier", book.pk])).status_code


def again(book: Book) -> Book:
    """The book as it is stored."""
    with tenancy.declared(book.organization_id):
        return Book.objects.of(book.organization).select_related("organization").get(pk=book.pk)


def slug_of(book: Book) -> str:
    """What its public address ends with."""
    return BookKey.objects.get(subject_id=book.pk, kind="public_page").key


def test_everyone_reads_a_published_book(book: Book, editor: User, client: Client, client_of: ClientOf) -> None:
    assert publish(client_of(editor), book) == 302
    assert (again(book).status, again(book).visibility, slug_of(book)) == ("published", "public", "ete-sur-les-toits")
    front = client.get("/read/ete-sur-les-toits/")
    page = front.content.decode()
    assert ("Été sur les toits" in page, "Le premier" in page, "Atelier" in page) == (True, True, False)
    assert b"<em>toit</em>" in client.get("/read/ete-sur-les-toits/1/").content
    assert client.get("/read/ete-sur-les-toits/2/").status_code == 404
    assert trail("book.published")[-1].changes == {
        "status": ["review", "published"],
        "visibility": ["private", "public"],
    }


def test_a_major_revision_is_kept_and_readers_read_that(
    book: Book, editor: User, client: Client, client_of: ClientOf
) -> None:
    author = client_of(editor)
    publish(author, book)
    with tenancy.declared(book.organization_id):
        revision = Revision.objects.of(book.organization).get(book=book)
        assert (revision.number, revision.kind) == ("1.0", "published") or revision.number.endswith("1.0")
        from books.models import VersionOrigin
        from books.models.provenance import Hand
        from books.transitions import texts

        chapter = texts.lock(Chapter.objects.of(book.organization).select_related("book__organization").get(book=book))
        texts.replace(chapter, "Autre *chose*.", hand=Hand.of_person(editor.pk), origin=VersionOrigin.EDITED, by=editor)
    assert b"Un <em>toit</em>" in client.get("/read/ete-sur-les-toits/1/").content
    page = author.get(reverse("books:publishing", args=["atelier", book.pk])).content
    assert b"The text has changed since" in page
    publish(author, book)
    assert b"Autre <em>chose</em>" in client.get("/read/ete-sur-les-toits/1/").content
    assert b"Nothing has changed since" in author.get(reverse("books:publishing", args=["atelier", book.pk])).content


def test_taken_back_it_is_gone_at_once_and_its_address_is_kept(
    book: Book, editor: User, client: Client, client_of: ClientOf
) -> None:
    author = client_of(editor)
    publish(author, book)
    paths = ["/read/ete-sur-les-toits/", "/read/ete-sur-les-toits/1/", "/read/ete-sur-les-toits/card.png"]
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    assert take_back(author, book) == 302
    assert (again(book).status, again(book).visibility) == ("review", "internal")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert take_back(author, book) == 302
    assert len(trail("book.taken_back")) == 1
    with tenancy.declared(book.organization_id):
        Book.objects.of(book.organization).update(title="Another title")
    publish(author, book)
    assert client.get(paths[0]).status_code == 200


def test_both_are_undone_from_their_notice(book: Book, editor: User, client: Client, client_of: ClientOf) -> None:
    author = client_of(editor)
    page = reverse("books:publishing", args=["atelier", book.pk])
    said = author.post(page, {"visibility": "public"}, follow=True).content.decode()
    (undo,) = re.findall(r'action="([^"]*take-back/\?[^"]*)"', said)
    said = author.post(undo.replace("&amp;", "&"), follow=True).content.decode()
    assert (again(book).status, again(book).visibility) == ("review", "private")
    (undo,) = re.findall(r'action="([^"]*publishing/\?[^"]*)"', said)
    author.post(undo.replace("&amp;", "&"))
    assert (again(book).status, again(book).visibility) == ("published", "public")


def test_for_its_organization_it_has_no_public_page(
    book: Book, editor: User, owner: User, client: Client, client_of: ClientOf
) -> None:
    assert publish(client_of(editor), book, "internal") == 302
    assert not BookKey.objects.exists()
    assert client_of(owner).get(f"/o/atelier/books/{book.pk}/").status_code == 200
    assert client.get("/read/ete-sur-les-toits/").status_code == 404


@pytest.mark.parametrize("end", ["archived", "trashed", "shown to its organization alone", "closed"])
def test_whatever_puts_a_book_away_closes_its_page(
    end: str, book: Book, editor: User, organization: Organization, client: Client, client_of: ClientOf
) -> None:
    publish(client_of(editor), book)
    with tenancy.declared(organization.pk):
        if end == "archived":
            shelf.archive_book(book=again(book), by=editor)
        elif end == "trashed":
            shelf.trash_book(book=again(book), by=editor)
        elif end == "closed":
            Organization.objects.filter(pk=organization.pk).update(closed_at=timezone.now(), erase_at=timezone.now())
        else:
            actions.publish_book(book=again(book), by=editor, visibility=Visibility.INTERNAL)
    assert client.get("/read/ete-sur-les-toits/").status_code == 404


@pytest.mark.parametrize(
    ("status", "text"), [("archived", "x"), ("generating", "x"), ("review", "")], ids=["archived", "at work", "empty"]
)
def test_what_cannot_be_published_says_why(
    status: str, text: str, organization: Organization, editor: User, client_of: ClientOf
) -> None:
    book = builders.make_book(organization, editor, status=status)
    builders.make_chapter(book, markdown=text, word_count=len(text))
    assert publish(client_of(editor), book) == 422
    assert again(book).status == status


def test_two_books_of_one_title_have_two_addresses(
    book: Book, organization: Organization, editor: User, client_of: ClientOf
) -> None:
    twin = builders.make_book(organization, editor, title=book.title)
    odd = builders.make_book(organization, editor, title="???")
    for one in (twin, odd):
        builders.make_chapter(one)
    author = client_of(editor)
    assert [publish(author, one) for one in (book, twin, odd)] == [302, 302, 302]
    assert [slug_of(one) for one in (book, twin, odd)] == ["ete-sur-les-toits", "ete-sur-les-toits-2", "book"]


def test_a_grant_does_not_publish(book: Book, viewer: User, owner: User, client_of: ClientOf) -> None:
    for person in (viewer, owner):
        builders.make_collaborator(book, person, role="admin")
    assert [publish(client_of(person), book) for person in (viewer, owner)] == [403, 403]


def test_the_page_is_the_same_for_everybody_and_asked_for_each_time(
    book: Book, editor: User, client: Client, client_of: ClientOf
) -> None:
    publish(client_of(editor), book)
    front = client.get("/read/ete-sur-les-toits/")
    assert set(front.headers["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert not front.cookies
    assert "Accept-Language" in front.headers["Vary"]
    same = client.get("/read/ete-sur-les-toits/", headers={"If-None-Match": front.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    french = client.get("/read/ete-sur-les-toits/", headers={"Accept-Language": "fr"})
    assert ('<html lang="fr"' in french.content.decode(), "de lecture" in french.content.decode()) == (True, True)
    assert french.headers["ETag"] != front.headers["ETag"]


def test_others_are_told_what_the_book_is(book: Book, editor: User, client: Client, client_of: ClientOf) -> None:
    publish(client_of(editor), book)
    page = client.get("/read/ete-sur-les-toits/").content.decode()
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert "<" not in said
    told = json.loads(said)
    assert (told["@type"], told["name"], told["inLanguage"], told["description"]) == (
        "Book", "Été sur les toits", "fr", "Bees & <others>, from above.",
    )  # fmt: skip
    assert '<meta property="og:title" content="Été sur les toits">' in page
    assert 'rel="canonical" href="' in page and "/read/ete-sur-les-toits/card.png" in page
    picture = client.get("/read/ete-sur-les-toits/card.png")
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert Image.open(io.BytesIO(picture.content)).size == (1200, 630)


@pytest.mark.django_db(transaction=True)
def test_books_published_at_once_have_an_address_each() -> None:
    organization = builders.make_organization(slug="many")
    author = builders.make_member(organization, "owner")
    books = [builders.make_book(organization, author, status="review", title="One Title") for _each in range(8)]
    for book in books:
        builders.make_chapter(book)

    def go(book: Book) -> str:
        try:
            with tenancy.declared(organization.pk):
                return actions.publish_book(book=book, by=author, visibility=Visibility.PUBLIC)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        slugs = list(pool.map(go, books))
    assert len(set(slugs)) == len(books)
    assert sorted(slugs) == sorted(BookKey.objects.values_list("key", flat=True))
