"""The personal organization, landing, and the gate."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from organizations import actions
from organizations.models import Membership, Organization
from tests import builders

ClientOf = Callable[[User], Client]
WRITERS = 6


@pytest.mark.django_db(transaction=True)
def test_a_personal_organization_is_made_once_however_many_ask_at_once() -> None:
    person = builders.make_person()
    start = Barrier(WRITERS)

    def ask(_number: int) -> str:
        try:
            start.wait(timeout=10)
            return str(actions.ensure_personal_organization(person=person).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as threads:
        found = set(threads.map(ask, range(WRITERS)))
    assert found == {str(Organization.objects.get(personal_of=person).pk)}
    assert Membership.objects.filter(person=person).count() == 1


@pytest.mark.django_db
def test_two_people_of_one_name_get_two_addresses() -> None:
    made = [actions.ensure_personal_organization(person=builders.make_person(display_name="Ada Bee")) for _ in range(2)]
    assert len({organization.slug for organization in made}) == 2


@pytest.mark.parametrize("name", ["", "🐝", "עברית", "x" * 80, "-", "../etc"])
@pytest.mark.django_db
def test_any_name_makes_an_address_that_works(name: str, client_of: ClientOf) -> None:
    person = builders.make_person(display_name=name)
    organization = actions.ensure_personal_organization(person=person)
    assert client_of(person).get(f"/o/{organization.slug}/").status_code == 200


@pytest.mark.django_db
def test_an_account_from_the_shell_gets_its_organization_on_landing(client_of: ClientOf) -> None:
    person = builders.make_person()
    assert client_of(person).get(reverse("organizations:landing")).status_code == 302
    assert Organization.objects.filter(personal_of=person).count() == 1


def test_landing_leads_to_the_organization_entered_last(
    organization: Organization, editor: User, client_of: ClientOf
) -> None:
    own = actions.ensure_personal_organization(person=editor)
    client = client_of(editor)
    assert client.get(reverse("organizations:landing")).headers["Location"] == f"/o/{own.slug}/"
    client.get(f"/o/{organization.slug}/")
    assert client.get(reverse("organizations:landing")).headers["Location"] == f"/o/{organization.slug}/"


def test_a_membership_that_ended_is_forgotten_on_landing(
    organization: Organization, editor: User, client_of: ClientOf
) -> None:
    client = client_of(editor)
    client.get(f"/o/{organization.slug}/")
    Membership.objects.filter(person=editor, organization=organization).delete()
    assert client.get(f"/o/{organization.slug}/").status_code == 404
    assert client.get(reverse("organizations:landing")).headers["Location"] != f"/o/{organization.slug}/"


def test_an_outsider_and_a_wrong_address_get_the_same_answer(
    organization: Organization, outsider: User, client_of: ClientOf
) -> None:
    client = client_of(outsider)
    foreign, missing = client.get(f"/o/{organization.slug}/"), client.get("/o/nowhere/")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert [one.name for one in foreign.templates] == [one.name for one in missing.templates]


def test_the_switcher_names_ones_own_organizations_alone(
    organization: Organization, editor: User, outsider: User, client_of: ClientOf
) -> None:
    page = client_of(editor).get(f"/o/{organization.slug}/").content.decode()
    assert organization.name in page
    assert outsider.memberships.get().organization.name not in page
