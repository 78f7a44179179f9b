"""What an organization uses of its limits, where it matters."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from organizations.models import Organization
from tests import builders
from tests.books import desk

Sign = Callable[[User], Client]


def limited(**limits: int | str | None) -> tuple[Organization, User]:
    """An organization with these limits, and its owner."""
    organization = builders.make_organization(limits=limits)
    return organization, builders.make_member(organization, "owner")


def usage(client: Client, organization: Organization) -> str:
    """The page of usage as text."""
    response = client.get(reverse("tenant:usage", args=[organization.slug]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
@pytest.mark.parametrize(("plan", "said"), [("FREE", "Free plan"), ("STUDIO", "STUDIO")])
def test_the_page_names_the_plan_and_leads_to_where_its_mails_are_chosen(plan: str, said: str, client_of: Sign) -> None:
    organization, owner = limited(plan=plan)
    page = usage(client_of(owner), organization)
    assert f"{said}: what your organization uses of it" in page
    assert f'href="{reverse("accounts:preferences")}#id_mails_about_limits"' in page
    assert 'id="id_mails_about_limits"' in client_of(owner).get(reverse("accounts:preferences")).content.decode()


@pytest.mark.django_db
def test_each_meter_shows_what_is_used_of_how_much(client_of: Sign) -> None:
    organization, owner = limited(members=4, books=10, books_a_month=None, storage_bytes=10_000)
    builders.make_member(organization, "member")
    builders.make_member(organization, "guest")
    book = builders.make_book(organization, owner)
    builders.make_export(book, size=3000)
    builders.make_source(book, text="x" * 2000)
    page = usage(client_of(owner), organization)
    assert "2 of 4" in page  # a guest has no seat
    assert "1 of 10" in page
    assert "1, without a limit" in page
    assert "4.9 KB of 9.8 KB" in page.replace("\xa0", " ")
    assert "2.9 KB" in page.replace("\xa0", " ")


@pytest.mark.django_db
def test_a_full_meter_says_what_to_do(client_of: Sign) -> None:
    organization, owner = limited(books=2)
    for _each in range(2):
        builders.make_book(organization, owner)
    page = usage(client_of(owner), organization)
    assert "Books: 2 of 2, nothing is left. Move a book to the trash" in page
    assert 'value="100"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("books", "said"), [(7, ""), (8, "Books: 8 of 10 are used."), (10, "nothing is left")])
def test_the_form_of_a_new_book_warns_from_80_per_cent_on(books: int, said: str, client_of: Sign) -> None:
    organization, owner = limited(books=10)
    for _each in range(books):
        builders.make_book(organization, owner)
    page = client_of(owner).get(desk.address("book_new", organization.slug)).content.decode()
    assert ("limit-near" in page) == bool(said)
    assert said in page


@pytest.mark.parametrize(("person", "status"), [("owner", 200), ("editor", 200), ("viewer", 403), ("outsider", 404)])
def test_members_see_it_and_guests_do_not(
    person: str, status: int, organization: Organization, client_of: Sign, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(person))
    assert client.get(reverse("tenant:usage", args=[organization.slug])).status_code == status


@pytest.mark.django_db
def test_whoever_works_alone_is_not_warned_of_being_one(client_of: Sign) -> None:
    organization, owner = limited(members=1)
    page = usage(client_of(owner), organization)
    assert "1 of 1" in page
    assert "notice-error" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "warned"), [("owner", True), ("guest", False)])
def test_the_page_of_a_book_warns_where_storage_comes_near_its_end(role: str, warned: bool, client_of: Sign) -> None:
    organization, _owner = limited(storage_bytes=1000)
    reader = builders.make_member(organization, role)
    book = builders.make_book(organization, reader)
    builders.make_source(book, text="x" * 900)
    page = client_of(reader).get(desk.address("book", organization.slug, book.pk)).content.decode()
    assert ("limit-near" in page) == warned
