"""Further organizations."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from audit.models import Entry
from core import tenancy
from organizations.actions.opening import make_ordinary, open_organization
from organizations.errors import OrganizationRefused
from organizations.models import FormerSlug, Limits, Membership, Organization, Role
from tests import builders

ClientOf = Callable[[User], Client]
NEW = "/organizations/new/"
pytestmark = pytest.mark.django_db


def test_whoever_opens_one_owns_it_on_the_free_plan(client_of: ClientOf) -> None:
    person = builders.make_person(language="fr", time_zone="Africa/Accra")
    client = client_of(person)
    assert client.get(NEW).status_code == 200
    answer = client.post(NEW, {"name": "  Éditions  du Nord ", "slug": "Nord"})
    assert answer.headers["Location"] == "/o/nord/"
    organization = Organization.objects.get(slug="nord")
    assert (organization.name, organization.language) == ("Éditions du Nord", "fr")
    assert (organization.time_zone, organization.personal_of_id) == ("Africa/Accra", None)
    assert Membership.objects.get(organization=organization).role == Role.OWNER
    with transaction.atomic(), tenancy.declared(organization.pk):
        assert Limits.objects.of(organization).get().plan == "FREE"
        assert Entry.objects.filter(action="organization.opened", target_id=organization.pk).exists()
    assert client.get("/o/nord/").status_code == 200


@pytest.mark.parametrize(
    ("name", "stem"), [("Éditions du Nord", "editions-du-nord"), ("עברית", "books"), ("a_b -- c", "a-b-c")]
)
def test_without_an_address_the_name_makes_one(name: str, stem: str, client_of: ClientOf) -> None:
    answer = client_of(builders.make_person()).post(NEW, {"name": name})
    assert answer.headers["Location"].startswith(f"/o/{stem}-")


@pytest.mark.parametrize("slug", ["atelier", "admin", "former", "a b", "ab"])
def test_an_address_that_cannot_be_is_refused(slug: str, organization: Organization, client_of: ClientOf) -> None:
    FormerSlug.objects.create(organization=organization, slug="former")
    before = Organization.objects.count()
    assert client_of(builders.make_person()).post(NEW, {"name": "x", "slug": slug}).status_code == 422
    assert Organization.objects.count() == before


def test_one_more_than_allowed_is_refused_and_ones_personal_one_does_not_count(
    settings: Any, client_of: ClientOf
) -> None:
    settings.ORGANIZATIONS_A_PERSON = 2
    person = builders.make_person()
    client = client_of(person)
    client.get("/home/")
    assert [client.post(NEW, {"name": "x"}).status_code for _each in range(3)] == [302, 302, 422]
    # Nor is there a way round it.
    with pytest.raises(OrganizationRefused):
        make_ordinary(organization=Organization.objects.get(personal_of=person), by=person)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_taken_once_however_many_ask_at_once(settings: Any) -> None:
    settings.ORGANIZATIONS_A_PERSON = 3
    person = builders.make_person()
    start = Barrier(8)

    def ask(number: int) -> bool:
        try:
            start.wait(timeout=10)
            open_organization(by=person, name=f"Number {number}")
            return True
        except OrganizationRefused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(8))) == 3
    assert Membership.objects.filter(person=person).count() == 3
