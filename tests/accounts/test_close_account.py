"""Leaving: closed at once, undone within two weeks, vetoed while somebody else depends on the person."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.errors import AccountRefused
from accounts.models import Closing, User
from audit.models import Entry, Severity
from core import tenancy
from organizations.actions import ensure_personal_organization
from organizations.models import Membership, Organization
from tests import builders
from tests.accounts.door import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
RunQueue = Callable[[], int]
CLOSE = "/me/privacy/close/"


@pytest.fixture
def person() -> User:
    """Somebody with a personal organization and a password."""
    made = builders.make_person(email="ada@example.org", display_name="Ada Bee", password=PASSWORD)
    ensure_personal_organization(person=made)
    return made


def signed_in(person: User) -> Client:
    client = Client()
    assert sign_in(client, person.email).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def close(person: User) -> Closing:
    answer = signed_in(person).post(CLOSE, {"email": person.email})
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    person.refresh_from_db()
    return Closing.objects.get(person=person, undone_at__isnull=True)


def link_in(address: str) -> str:
    """The path of the link in the newest mail to that address."""
    message = next(one for one in reversed(mail.outbox) if one.to == [address])
    body = str(message.message().get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has one
    return urlsplit(next(word for word in body.split() if "/reopen" in word)).path


def test_the_account_is_closed_at_once_everywhere(person: User, client: Client, run_queue: RunQueue) -> None:
    elsewhere = signed_in(person)
    close(person)
    run_queue()
    assert not person.is_active and person.email.endswith(".invalid")
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert sign_in(client, "ada@example.org").status_code == 200  # the sign-in page again
    assert builders.make_person(email="ada@example.org").is_active  # the address is free
    home = Organization.objects.get(personal_of=person)
    assert home.closed_at is not None
    with tenancy.system("looking"):
        entry = Entry.objects.get(action="person.closed")
    assert entry.severity == Severity.CRITICAL and "ada@" not in str(entry.details)


def test_the_password_is_asked_again_and_the_address_typed(person: User) -> None:
    fresh = Client()
    fresh.force_login(person)
    assert "reauthenticate" in fresh.post(CLOSE, {"email": person.email})["Location"]
    client = signed_in(person)
    assert client.get(CLOSE).status_code == 200
    assert client.post(CLOSE, {"email": "eve@example.org"}).status_code == 422
    person.refresh_from_db()
    assert person.closed_at is None


def test_the_link_brings_everything_back(person: User, client: Client, run_queue: RunQueue) -> None:
    close(person)
    run_queue()
    link = link_in("ada@example.org")
    assert client.get(link).status_code == 200
    person.refresh_from_db()
    assert person.closed_at  # looking, as mail scanners do, changes nothing
    assert client.post(link)["Location"] == reverse("account_login")
    person.refresh_from_db()
    assert (person.email, person.is_active) == ("ada@example.org", True) and not person.closed_at
    assert EmailAddress.objects.get(user=person).verified
    assert Organization.objects.get(personal_of=person).closed_at is None
    assert sign_in(Client(), "ada@example.org").status_code == 302
    assert client.get(link).status_code == 404  # once


def test_after_two_weeks_the_link_is_over(person: User, client: Client, run_queue: RunQueue) -> None:
    closing = close(person)
    run_queue()
    Closing.objects.update(erase_at=timezone.now() - timedelta(seconds=1))
    assert client.post(link_in("ada@example.org")).status_code == 404
    with pytest.raises(AccountRefused):
        actions.reopen_account(closing=closing, email="ada@example.org")


def test_an_address_that_is_somebody_elses_by_then_is_replaced_by_one_that_proves_itself(
    person: User, client: Client, run_queue: RunQueue
) -> None:
    close(person)
    run_queue()
    link = link_in("ada@example.org")
    other = builders.make_person(email="ada@example.org")
    builders.make_person(email="taken@example.org")
    asked = [client.post(link, {"email": email}) for email in ("new@example.org", "taken@example.org")]
    assert [answer.status_code for answer in asked] == [200, 200]
    run_queue()
    assert not [one for one in mail.outbox if one.to == ["taken@example.org"]]
    assert client.post(link_in("new@example.org")).status_code == 302
    person.refresh_from_db()
    assert (person.email, person.is_active) == ("new@example.org", True)
    other.refresh_from_db()
    assert other.email == "ada@example.org"


def test_the_only_owner_of_an_organization_of_several_people_settles_that_first(
    organization: Organization, editor: User, person: User
) -> None:
    Membership.objects.create(organization=organization, person=person, role="owner")
    client = signed_in(person)
    page = client.get(CLOSE).content.decode()
    assert "Atelier" in page and 'name="email"' not in page
    assert client.post(CLOSE, {"email": person.email}).status_code == 422
    with pytest.raises(AccountRefused):
        actions.close_account(person=person)
    Membership.objects.create(
        organization=organization, person=builders.make_person(), role="owner"
    )  # somebody else answers for it
    close(person)
    assert Organization.objects.get(pk=organization.pk).closed_at is None


def test_a_personal_organization_with_others_in_it_is_settled_first(person: User) -> None:
    other = builders.make_member(person.personal_organization, "owner")
    client = signed_in(person)
    assert "Others are in it" in client.get(CLOSE).content.decode()
    assert client.post(CLOSE, {"email": person.email}).status_code == 422
    other.memberships.all().delete()
    close(person)


def test_an_organization_of_nobody_else_closes_and_comes_back_with_the_account(
    organization: Organization, person: User, client: Client, run_queue: RunQueue
) -> None:
    Membership.objects.create(organization=organization, person=person, role="owner")
    close(person)
    assert Organization.objects.get(pk=organization.pk).closed_at is not None
    run_queue()
    client.post(link_in("ada@example.org"))
    assert Organization.objects.get(pk=organization.pk).closed_at is None


def test_staff_are_not_closed(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True)
    with pytest.raises(AccountRefused):
        actions.close_account(person=person)
