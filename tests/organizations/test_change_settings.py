"""General settings of an organization, and the addresses it had."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from organizations.actions.settings import FORMER_KEPT, RESERVED, change_settings
from organizations.errors import OrganizationRefused
from organizations.models import FormerSlug, Organization
from tests import builders
from tests.trail import trail

ClientOf = Callable[[User], Client]
SAME = {"name": "Atelier", "slug": "atelier", "description": "", "website": "", "language": "en"}
SAME["time_zone"] = "Europe/Paris"


def save(client: Client, **changed: str) -> Any:
    """Send the form as it is, but for what changed."""
    return client.post("/o/atelier/settings/", SAME | changed)


def move(organization: Organization, by: User, slug: str) -> Organization:
    """Change the address alone."""
    rest = {field: getattr(organization, field) for field in SAME if field != "slug"}
    return change_settings(organization=organization, by=by, slug=slug, **rest)


def test_settings_are_saved_and_the_trail_says_what_changed(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    changed = {"name": "Atelier Nord", "description": "Small\r\nbooks", "website": "nord.example", "language": "fr"}
    answer = save(client_of(owner), **changed, time_zone="Africa/Accra")
    assert answer.headers["Location"] == "/o/atelier/settings/"
    organization.refresh_from_db()
    assert (organization.name, organization.website) == ("Atelier Nord", "https://nord.example")
    assert (organization.description, organization.language) == ("Small\nbooks", "fr")
    [entry] = trail("organization.settings_changed")
    assert entry.changes == {"language": ["en", "fr"], "time_zone": ["Europe/Paris", "Africa/Accra"]}
    # What may name a person stands where it can be erased; a long text nowhere.
    assert entry.personal == {"name": ["Atelier", "Atelier Nord"], "website": ["", "https://nord.example"]}
    assert entry.details["fields"] == ["description", "language", "name", "time_zone", "website"]
    assert (entry.organization_id, entry.actor_id, entry.severity) == (organization.pk, owner.pk, "medium")


def test_saving_what_is_there_already_writes_nothing(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    assert save(client_of(owner)).status_code == 302
    assert trail("organization.settings_changed") == []


def test_another_address_is_asked_about_then_leads_on_with_path_and_query(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    client = client_of(owner)
    asked = save(client, slug="Nord")
    assert asked.status_code == 422
    assert "/o/nord/" in asked.content.decode()
    assert not FormerSlug.objects.exists()
    assert save(client, slug="nord", confirmed="nord").headers["Location"] == "/o/nord/settings/"
    led = client.get("/o/atelier/books/?q=b%C3%A9e&sort=title")
    assert (led.status_code, led.headers["Location"]) == (302, "/o/nord/books/?q=b%C3%A9e&sort=title")
    assert client.get(led.headers["Location"]).status_code == 200
    # What somebody was writing in an open tab is not lost.
    kept = client.post("/o/atelier/books/new/", {"title": "x"})
    assert (kept.status_code, kept.headers["Location"]) == (307, "/o/nord/books/new/")
    assert client.get(reverse("organizations:landing")).headers["Location"] == "/o/nord/"


def test_a_former_address_is_unknown_to_outsiders_and_taken_for_everybody(
    organization: Organization, owner: User, outsider: User, client_of: ClientOf
) -> None:
    move(organization, owner, "nord")
    client = client_of(outsider)
    assert client.get("/o/atelier/").status_code == client.get("/o/nowhere/").status_code == 404
    elsewhere = outsider.memberships.get().organization
    with pytest.raises(OrganizationRefused):
        move(elsewhere, outsider, "atelier")
    refused = client.post("/o/elsewhere/settings/", SAME | {"name": "Elsewhere", "slug": "atelier"})
    assert refused.status_code == 422
    assert "This address is taken" in refused.content.decode()


def test_its_own_organization_takes_a_former_address_back(organization: Organization, owner: User) -> None:
    move(move(organization, owner, "nord"), owner, "atelier")
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["nord"]


def test_only_the_last_former_addresses_are_kept(organization: Organization, owner: User) -> None:
    for number in range(FORMER_KEPT + 3):
        organization = move(organization, owner, f"nord-{number}")
    kept = set(FormerSlug.objects.values_list("slug", flat=True))
    assert kept == {f"nord-{number}" for number in range(2, FORMER_KEPT + 2)}


@pytest.mark.parametrize(
    "slug", ["", "ab", "a b", "a_b", "-ab", "ab-", "a--b", "é" * 5, "x" * 61, "a/b", "..", *sorted(RESERVED)[:3]]
)
def test_addresses_that_cannot_be_are_refused(
    slug: str, organization: Organization, owner: User, client_of: ClientOf
) -> None:
    assert save(client_of(owner), slug=slug, confirmed=slug).status_code == 422
    organization.refresh_from_db()
    assert organization.slug == "atelier"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"website": "javascript:alert(1)"}, {"website": "ftp://x.example"}, {"time_zone": "Mars/Base"},
        {"language": "de"}, {"name": "x" * 101}, {"description": "x" * 501}, {"name": "a\x00b"},
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    wrong: dict[str, str], organization: Organization, owner: User, client_of: ClientOf
) -> None:
    assert save(client_of(owner), **wrong).status_code == 422


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("member", 403), ("guest", 403)])
def test_owners_and_admins_change_settings(
    role: str, status: int, organization: Organization, client_of: ClientOf
) -> None:
    client = client_of(builders.make_member(organization, role))
    assert client.get("/o/atelier/settings/").status_code == status
    assert save(client, name="Taken Over").status_code == (302 if status == 200 else 403)


@pytest.mark.django_db(transaction=True)
def test_one_address_goes_to_one_of_many_who_want_it_at_once() -> None:
    wishes = [builders.make_organization() for _each in range(6)]
    owners = {one.pk: builders.make_member(one, "owner") for one in wishes}
    start = Barrier(len(wishes))

    def ask(organization: Organization) -> bool:
        try:
            start.wait(timeout=10)
            move(organization, owners[organization.pk], "the-one-address")
            return True
        except OrganizationRefused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(wishes)) as threads:
        assert sum(threads.map(ask, wishes)) == 1
    assert FormerSlug.objects.count() == 1
