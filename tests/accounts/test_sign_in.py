"""Signing in and out."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from core import tenancy
from tests import builders
from tests.accounts.door import ANOTHER, PASSWORD, sign_in, signed_in

pytestmark = pytest.mark.django_db


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in_page(client: Client) -> None:
    answer = client.get(reverse("accounts:profile"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")


def test_address_and_password_open_the_door(client: Client) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    response = sign_in(client, "ada@example.org")
    assert (response.status_code, response.headers["Location"]) == (302, reverse("organizations:landing"))
    assert signed_in(client)
    with tenancy.system("looking"):
        assert Entry.objects.filter(action="person.signed_in", actor_id=person.pk).count() == 1


@pytest.mark.parametrize("email", ["ADA@EXAMPLE.ORG", "Ada@example.org", " ada@example.org "])
def test_the_case_of_the_address_does_not_matter(client: Client, email: str) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    sign_in(client, email)
    assert signed_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    answers = []
    for email in ["ada@example.org", "eve@example.org"]:
        response = sign_in(Client(), email, ANOTHER)
        answers.append((response.status_code, [str(one) for one in response.context["form"].non_field_errors()]))
    assert answers[0] == answers[1]
    assert answers[0][1]


def test_a_closed_account_does_not_open(client: Client) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD, is_active=False)
    sign_in(client, "ada@example.org")
    assert not signed_in(client)


def test_guessing_is_slowed_down(client: Client) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    for _guess in range(6):
        sign_in(client, "ada@example.org", ANOTHER)
    sign_in(client, "ada@example.org")
    assert not signed_in(client)


def test_signing_in_leads_to_the_page_that_asked_for_it(client: Client) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    asked = client.get(reverse("accounts:profile")).headers["Location"]
    response = client.post(
        asked, {"login": "ada@example.org", "password": PASSWORD, "next": reverse("accounts:profile")}
    )
    assert response.headers["Location"] == reverse("accounts:profile")


def test_signing_in_never_leads_off_the_site(client: Client) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    fields = {"login": "ada@example.org", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post(reverse("account_login"), fields).headers["Location"] == reverse("organizations:landing")


def test_signing_out_ends_the_session(client: Client) -> None:
    client.force_login(builders.make_person())
    session = client.cookies["session"].value
    response = client.post(reverse("account_logout"))
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert not signed_in(client)
    thief = Client()
    thief.cookies["session"] = session
    assert not signed_in(thief)


def test_a_link_alone_does_not_sign_anybody_out(client: Client) -> None:
    client.force_login(builders.make_person())
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)
