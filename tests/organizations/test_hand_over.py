"""Handing over ownership: who may, to whom, what becomes of the old owner; the password is asked again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from organizations.models import Membership, Organization
from tests import builders
from tests.accounts.door import PASSWORD
from tests.organizations.places import address, place_of, told
from tests.trail import trail

ClientOf = Callable[[User], Client]
Queue = Callable[[], int]


@pytest.fixture
def lead(owner: User, client_of: ClientOf) -> Client:
    """The owner's browser, in which the password was just given again."""
    owner.set_password(PASSWORD)
    owner.save()
    browser = client_of(owner)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def hand_over(client: Client, organization: Organization, to: User, afterwards: str = "admin") -> Any:
    """Send the form."""
    place = place_of(to, organization)
    return client.post(address("hand_over", organization, place.pk), {"afterwards": afterwards})


def test_the_new_owner_owns_and_the_old_one_is_an_admin(
    lead: Client, organization: Organization, owner: User, editor: User, run_queue: Queue
) -> None:
    assert hand_over(lead, organization, editor).status_code == 302
    assert [place_of(one, organization).role for one in (editor, owner)] == ["owner", "admin"]
    assert sorted(told(run_queue)) == sorted(
        [
            (editor.email, f"You are an owner of {organization.name} now"),
            (owner.email, f"{editor.name} is an owner of {organization.name} now"),
        ]
    )
    (entry,) = trail("ownership.handed_over", organization_id=organization.pk)
    assert (entry.severity, entry.target_id, entry.changes) == ("critical", editor.pk, {"role": ["member", "owner"]})


def test_one_may_stay_an_owner(lead: Client, organization: Organization, owner: User, editor: User) -> None:
    assert hand_over(lead, organization, editor, "owner").status_code == 302
    assert [place_of(one, organization).role for one in (editor, owner)] == ["owner", "owner"]


def test_the_password_is_asked_first(
    organization: Organization, owner: User, editor: User, client_of: ClientOf
) -> None:
    owner.set_password(PASSWORD)
    owner.save()
    browser = client_of(owner)
    page = address("hand_over", organization, place_of(editor, organization).pk)
    for answer in (browser.get(page), hand_over(browser, organization, editor)):
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/accounts/reauthenticate/")
    assert place_of(editor, organization).role == "member"


@pytest.mark.parametrize("role", ["admin", "member", "guest"])
def test_only_owners_hand_over(role: str, organization: Organization, editor: User, client_of: ClientOf) -> None:
    browser = client_of(builders.make_member(organization, role))
    assert hand_over(browser, organization, editor).status_code == 403
    assert place_of(editor, organization).role == "member"


def test_an_owner_is_one_already(lead: Client, organization: Organization) -> None:
    other = builders.make_member(organization, "owner")
    assert hand_over(lead, organization, other).status_code == 422


def test_a_wrong_choice_is_answered_422(lead: Client, organization: Organization, editor: User) -> None:
    assert hand_over(lead, organization, editor, "king").status_code == 422
    assert place_of(editor, organization).role == "member"


def test_a_personal_organization_keeps_its_owner(
    lead: Client, organization: Organization, owner: User, editor: User
) -> None:
    Organization.objects.filter(pk=organization.pk).update(personal_of=owner)
    assert hand_over(lead, organization, editor).status_code == 422
    assert hand_over(lead, organization, editor, "owner").status_code == 302


def test_who_is_suspended_is_handed_nothing(lead: Client, organization: Organization, editor: User) -> None:
    Membership.objects.filter(person=editor).update(suspended_at=timezone.now())
    assert hand_over(lead, organization, editor).status_code == 422
    assert place_of(editor, organization).role == "member"


def test_a_closed_account_is_handed_nothing(lead: Client, organization: Organization, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(is_active=False)
    assert hand_over(lead, organization, editor).status_code == 422
    assert place_of(editor, organization).role == "member"
