"""Two organizations of one person, full of the same titles: nothing of the one is ever seen in the other."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from books.models import Book, Export, RunState
from books.transitions import runs
from core import tenancy
from core.ids import new_id
from organizations.models import Membership, Organization
from tests import builders

ClientOf = Callable[[User], Client]
TITLE = "Bees on City Roofs"


@dataclass(frozen=True)
class House:
    """One of the two: what is told of it bears its mark, which the other must never show."""

    organization: Organization
    mark: str
    book: Book
    trashed: Book

    @property
    def root(self) -> str:
        """Where its pages are."""
        return f"/o/{self.organization.slug}/"


def furnish(person: User, role: str, mark: str) -> House:
    """An organization of that person with a book of the one title, a chapter, a chat, a file and a download."""
    organization = builders.make_organization(name=f"House {mark}", slug=f"house-{mark}")
    Membership.objects.create(organization=organization, person=person, role=role)
    colleague = builders.make_member(organization, "member", display_name=f"Colleague {mark}")
    text = {"subtitle": f"as {mark} tells it", "topic": f"What {mark} knows", "visibility": "internal"}
    book = builders.make_book(organization, person, title=TITLE, status="review", **text)
    builders.make_chapter(book, markdown=f"Only {mark} says this.")
    builders.make_turn(builders.make_chat(book, person, title=f"Talk of {mark}"), question=f"Why {mark}?", answer=mark)
    builders.make_source(book, title=f"Source of {mark}", text=f"Known to {mark}.")
    export = builders.make_export(book, state="ready", file="x.epub", file_name=f"{mark}.epub", sha256="0" * 64)
    builders.make_download(export, colleague)
    trashed = builders.make_book(organization, person, title=TITLE, subtitle=mark, trashed_at=book.created_at)
    return House(organization, mark, book, trashed)


@pytest.fixture
def houses(db: None) -> tuple[House, House]:
    """Two organizations of one person, who owns the one and works in the other."""
    person = builders.make_person(display_name="Pat Person")
    return furnish(person, "owner", "alder"), furnish(person, "admin", "birch")


def seen(client: Client, house: House, path: str) -> str:
    """The page below that house, without the sidebar, which names both."""
    answer = client.get(house.root + path)
    assert answer.status_code == 200, path
    text = answer.content.decode()
    return text.partition("<main")[2] or text


@pytest.mark.parametrize(
    "path",
    [
        "", "books/", "books/?q=bees", "books/?q=alder+birch", "books/?q=alder", "books/?q=birch", "books/?sort=title",
        "books/private/", "trash/", "bundles/", "bundles/new/", "spending/", "members/", "activity/", "usage/",
        "settings/", "settings/looks/", "books/{book}/", "books/{book}/chat/", "books/{book}/sources/",
        "books/{book}/downloads/", "books/{book}/downloads.csv", "books/{book}/receipt/",
    ],
)  # fmt: skip
def test_no_page_of_one_shows_anything_of_the_other(
    path: str, houses: tuple[House, House], client_of: ClientOf
) -> None:
    person = houses[0].book.author
    for house, other in (houses, houses[::-1]):
        text = seen(client_of(person), house, path.format(book=house.book.pk))
        asked = re.escape(path.partition("q=")[2].replace("+", " "))  # what was searched for stands in its own field
        text = re.sub(rf'value="{asked}"|“{asked}”', "", text) if asked else text
        assert other.mark not in re.sub(r"\?q=[^\"&]*", "", text)
        assert f"house-{other.mark}" not in text


def test_search_finds_each_title_once_in_its_own_house(houses: tuple[House, House], client_of: ClientOf) -> None:
    person = houses[0].book.author
    for house, other in (houses, houses[::-1]):
        found = seen(client_of(person), house, "books/?q=city+roofs")
        assert str(house.book.pk) in found
        assert str(other.book.pk) not in found
        assert str(house.book.pk) not in seen(client_of(person), house, f"books/?q={other.mark}")


def test_ids_of_the_other_house_are_not_found_though_they_are_ones_own(
    houses: tuple[House, House], client_of: ClientOf
) -> None:
    alder, birch = houses
    client = client_of(alder.book.author)
    assert client.get(f"{alder.root}books/{birch.book.pk}/").status_code == 404
    assert client.post(f"{alder.root}trash/{birch.trashed.pk}/erase/", {"sure": "on"}).status_code == 404
    chosen = {"act": "archive", "book": [str(birch.book.pk)]}
    assert client.post(f"{alder.root}books/act/", chosen).status_code == 404
    assert client.get(f"{birch.root}books/{birch.book.pk}/").status_code == 200


def test_a_table_of_downloads_names_its_own_people_alone(houses: tuple[House, House], client_of: ClientOf) -> None:
    for house, other in (houses, houses[::-1]):
        table = client_of(house.book.author).get(f"{house.root}books/{house.book.pk}/downloads.csv")
        rows = list(csv.reader(io.StringIO(table.content.decode().lstrip("\ufeff"))))
        assert len(rows) == 2
        assert f"Colleague {house.mark}" in str(rows)
        assert other.mark not in str(rows)


def test_a_bundle_packs_the_books_of_its_own_house_alone(
    houses: tuple[House, House], client_of: ClientOf, run_queue: Callable[[], int]
) -> None:
    alder, birch = houses
    client = client_of(alder.book.author)
    form = {"book": [str(alder.book.pk), str(birch.book.pk)], "file": ["markdown"], "request_key": str(new_id())}
    asked = client.post(f"{alder.root}bundles/", form)
    assert asked.status_code == 302
    run_queue()
    fetched = client.get(asked.headers["Location"] + "download/", follow=True)
    with zipfile.ZipFile(io.BytesIO(fetched.getvalue())) as packed:
        text = b"".join(packed.read(name) for name in packed.namelist()).decode()
    assert "Only alder says this." in text
    assert "birch" not in text


def test_a_file_holds_the_text_of_its_own_house(
    houses: tuple[House, House], client_of: ClientOf, run_queue: Callable[[], int]
) -> None:
    for house in houses:
        client_of(house.book.author).post(f"{house.root}books/{house.book.pk}/exports/markdown/")
    run_queue()
    for house, other in (houses, houses[::-1]):
        with tenancy.declared(house.organization.pk):
            export = Export.objects.of(house.organization).get(format="markdown")
            text = export.file.read().decode()
            export.file.close()
        assert f"Only {house.mark} says this." in text
        assert other.mark not in text


def test_a_mail_names_the_house_it_is_about(houses: tuple[House, House], run_queue: Callable[[], int]) -> None:
    for house in houses:
        run = builders.make_run(house.book, state=RunState.OUTLINING)
        with tenancy.declared(house.organization.pk):
            runs.move(runs.lock(run), RunState.FAILED, problem="x")
    run_queue()
    told = [str(one.message().get_body(("plain",)).get_content()) for one in mail.outbox]  # type: ignore[union-attr]
    assert len(told) == 2
    for text, (house, other) in zip(told, (houses, houses[::-1]), strict=True):
        assert text.startswith(f"House {house.mark}")
        assert house.root in text
        assert other.mark not in text
