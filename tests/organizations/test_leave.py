"""Leaving: everybody may but the last owner; books stay."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from organizations.queries.leaving import obstacles
from tests import builders
from tests.organizations.places import address, is_member, told
from tests.trail import trail

ClientOf = Callable[[User], Client]
Queue = Callable[[], int]


@pytest.mark.parametrize("role", ["admin", "member", "guest"])
def test_whoever_leaves_is_let_in_no_more_and_the_owner_is_told(
    role: str, organization: Organization, owner: User, client_of: ClientOf, run_queue: Queue
) -> None:
    person = builders.make_member(organization, role, display_name="Leo Leaves")
    book = builders.make_book(organization, person, visibility="internal")
    browser = client_of(person)
    assert browser.get(address("leave", organization)).status_code == 200
    assert browser.post(address("leave", organization)).status_code == 302
    assert browser.get(f"/o/{organization.slug}/").status_code == 404
    assert told(run_queue) == [(owner.email, f"Leo Leaves has left {organization.name}")]
    assert client_of(owner).get(f"/o/{organization.slug}/books/{book.pk}/").status_code == 200
    assert len(trail("member.left", organization_id=organization.pk)) == 1


def test_the_last_owner_stays(organization: Organization, owner: User, client_of: ClientOf) -> None:
    builders.make_member(organization, "admin")
    browser = client_of(owner)
    assert "You are its only owner" in browser.get(address("leave", organization)).content.decode()
    assert browser.post(address("leave", organization)).status_code == 422
    assert is_member(owner, organization)
    builders.make_member(organization, "owner")
    assert browser.post(address("leave", organization)).status_code == 302
    assert not is_member(owner, organization)


def test_nobody_leaves_their_personal_organization(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    Organization.objects.filter(pk=organization.pk).update(personal_of=owner)
    builders.make_member(organization, "owner")
    assert client_of(owner).post(address("leave", organization)).status_code == 422
    assert is_member(owner, organization)


def test_an_owner_whose_account_is_closed_answers_for_nothing(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    other = builders.make_member(organization, "owner")
    User.objects.filter(pk=other.pk).update(is_active=False)
    browser = client_of(owner)
    assert "You are its only owner" in browser.get(address("leave", organization)).content.decode()
    assert browser.post(address("leave", organization)).status_code == 422
    assert [one.title for one in obstacles(owner)] == [organization.name]
