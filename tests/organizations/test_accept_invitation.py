"""The invited person's side: the link, with an account and without, accepting, declining, and what is refused."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import tenancy
from organizations.models import InvitationKey, Limits, Membership, Organization
from tests import builders
from tests.accounts import door
from tests.organizations.places import invitations, is_member, told
from tests.trail import trail

ClientOf = Callable[[User], Client]
Queue = Callable[[], int]
LINK = "/invitations/the-link/"


@pytest.fixture
def invited(organization: Organization, owner: User) -> str:
    """The address an open invitation of `organization` was sent to, whose link is LINK."""
    builders.make_invitation(organization, owner, token="the-link", email="ada@example.org", message="Come")
    return "ada@example.org"


def follow(client: Client, choice: str) -> str:
    """Choose on the page of the link; where it leads."""
    answer = client.post(LINK, {"do": choice})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_a_visitor_reads_who_invites_to_what(
    client: Client, invited: str, owner: User, organization: Organization
) -> None:
    page = client.get(LINK).content.decode()
    for said in (owner.name, organization.name, "as member", "Come", invited):
        assert said in page
    assert page.count('name="do"') == 3


def test_the_page_is_the_same_whether_the_address_has_an_account_or_not(client: Client, invited: str) -> None:
    before = client.get(LINK).content
    builders.make_person(email=invited)
    after = Client().get(LINK).content
    strip = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"|nonce="[^"]*"')
    assert strip.sub(b"", before) == strip.sub(b"", after)


def test_a_new_person_signs_up_without_a_code_and_lands_on_the_invitation(
    client: Client, invited: str, organization: Organization
) -> None:
    client.get(LINK)
    signup = follow(client, "sign_up")
    page = client.get(signup)
    assert f'value="{invited}"' in page.content.decode()
    shown = page.context["form"]
    fields = {name: shown[name].value() or "" for name in shown.fields}
    fields |= {"password1": door.PASSWORD, "display_name": "Ada Bee", "agreed": "on"}
    answer = client.post(signup, fields | {"next": signup.partition("next=")[2].replace("%2F", "/")})
    back = str(answer.headers["Location"])
    assert back.startswith("/home/invitations/"), back
    person = User.objects.get(email=invited)
    assert EmailAddress.objects.get(user=person).verified
    assert client.get(back).status_code == 200
    assert client.post(back, {"do": "accept"}).headers["Location"] == f"/o/{organization.slug}/"
    assert client.get(f"/o/{organization.slug}/").status_code == 200


def test_a_link_proves_its_own_address_and_no_other(client: Client, invited: str) -> None:
    client.get(LINK)
    follow(client, "sign_up")
    door.sign_up(client, "other@example.org")
    person = User.objects.order_by("-id")[0]
    assert person.email == "other@example.org"
    assert [(one.email, one.verified) for one in EmailAddress.objects.filter(user=person)] == [(person.email, False)]
    assert not door.signed_in(client)  # the address that was typed asks for its own code


def test_a_link_to_an_address_with_an_account_opens_no_other_without_a_code(client: Client, invited: str) -> None:
    known = builders.make_person(email=invited)
    client.get(LINK)
    follow(client, "sign_up")
    door.sign_up(client, "other@example.org")
    assert not door.signed_in(client)
    assert EmailAddress.objects.get(email=invited).user == known


def test_a_known_person_signs_in_and_lands_on_the_invitation(client: Client, invited: str) -> None:
    builders.make_person(email=invited, password=door.PASSWORD)
    client.get(LINK)
    login = follow(client, "sign_in")
    back = login.partition("next=")[2].replace("%2F", "/")
    answer = client.post(login, {"login": invited, "password": door.PASSWORD, "next": back})
    assert answer.headers["Location"] == back
    page = client.get(back).content.decode()
    assert "Join with this account" not in page


def test_accepting_makes_a_member_tells_the_owners_and_ends_the_link(
    invited: str, organization: Organization, owner: User, client_of: ClientOf, run_queue: Queue
) -> None:
    quiet = builders.make_member(organization, "owner", mails_about_members=False)
    person = builders.make_person(email=invited, display_name="Ada Bee")
    browser = client_of(person)
    assert follow(browser, "accept") == f"/o/{organization.slug}/"
    assert Membership.objects.get(person=person).role == "member"
    assert told(run_queue) == [(owner.email, f"Ada Bee has joined {organization.name}")]
    assert quiet.email not in dict(told(run_queue))
    (offer,) = invitations(organization)
    assert (offer.accepted_by_id, offer.accepted_at is not None) == (person.pk, True)
    assert len(trail("invitation.accepted", organization_id=organization.pk)) == 1
    assert browser.get(LINK).status_code == 404
    assert not InvitationKey.objects.exists()


def test_with_another_address_one_is_told_and_may_join_all_the_same(
    invited: str, organization: Organization, client_of: ClientOf
) -> None:
    person = builders.make_person(email="other@example.org")
    browser = client_of(person)
    page = browser.get(LINK).content.decode()
    assert "You are signed in as other@example.org" in page
    assert follow(browser, "accept") == f"/o/{organization.slug}/"
    assert is_member(person, organization)


def test_one_may_change_the_account_first(invited: str, client_of: ClientOf) -> None:
    known = builders.make_person(email=invited, password=door.PASSWORD)
    browser = client_of(builders.make_person())
    browser.get(LINK)
    login = follow(browser, "sign_in")
    assert not door.signed_in(browser)
    back = login.partition("next=")[2].replace("%2F", "/")
    browser.post(login, {"login": known.email, "password": door.PASSWORD, "next": back})
    assert browser.post(back, {"do": "accept"}).status_code == 302


@pytest.mark.parametrize("signed_in", [True, False])
def test_declining_ends_the_link(
    signed_in: bool, invited: str, organization: Organization, client: Client, client_of: ClientOf
) -> None:
    browser = client_of(builders.make_person(email=invited)) if signed_in else client
    follow(browser, "decline")
    assert invitations(organization)[0].declined_at is not None
    assert browser.get(LINK).status_code == 404
    assert browser.post(LINK, {"do": "accept"}).status_code == 404


@pytest.mark.parametrize("way", ["unknown", "expired", "closed"])
def test_a_link_that_does_not_hold_says_what_to_do(
    way: str, invited: str, organization: Organization, client: Client, client_of: ClientOf
) -> None:
    now = timezone.now()
    with tenancy.declared(organization.pk):
        if way == "expired":
            invitations(organization)[0].__class__.objects.of(organization).update(expires_at=now)
        if way == "closed":
            Organization.objects.filter(pk=organization.pk).update(closed_at=now, erase_at=now + timedelta(days=30))
    link = "/invitations/nothing/" if way == "unknown" else LINK
    for browser in (client, client_of(builders.make_person(email=invited))):
        answer = browser.get(link)
        assert answer.status_code == 404
        assert b"ask" in answer.content.lower()
        assert browser.post(link, {"do": "accept"}).status_code == 404


def test_a_member_already_stays_what_they_are_and_the_invitation_stays_open(
    invited: str, organization: Organization, editor: User, client_of: ClientOf
) -> None:
    answer = client_of(editor).post(LINK, {"do": "accept"})
    assert answer.status_code == 422
    assert f"You are a member of {organization.name} already." in answer.content.decode()
    assert invitations(organization)[0].accepted_at is None


def test_without_a_seat_it_is_refused_and_stays_open(
    invited: str, organization: Organization, client_of: ClientOf
) -> None:
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(members=1)
    browser = client_of(builders.make_person(email=invited))
    answer = browser.post(LINK, {"do": "accept"})
    assert answer.status_code == 422
    assert b"nothing is left" in answer.content
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(members=2)
    assert follow(browser, "accept") == f"/o/{organization.slug}/"


def test_a_guest_needs_no_seat(organization: Organization, owner: User, client_of: ClientOf) -> None:
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(members=1)
    builders.make_invitation(organization, owner, token="the-link", role="guest")
    person = builders.make_person()
    follow(client_of(person), "accept")
    assert Membership.objects.get(person=person).role == "guest"


def test_invitations_to_ones_addresses_wait_at_home(
    invited: str, organization: Organization, owner: User, client_of: ClientOf
) -> None:
    person = builders.make_person(email="me@example.org")
    browser = client_of(person)
    home = reverse("organizations:own_invitations")
    key = InvitationKey.objects.get()
    own = reverse("organizations:own_invitation", args=[key.pk])
    assert browser.get(home).context["offers"] == ()
    assert browser.get(own).status_code == 404  # neither theirs nor held
    address = EmailAddress.objects.create(user=person, email=invited, verified=False)
    assert browser.get(home).context["offers"] == ()  # not proved
    EmailAddress.objects.filter(pk=address.pk).update(verified=True)
    assert [offer.organization for offer in browser.get(home).context["offers"]] == [organization]
    assert browser.get(reverse("organizations:landing")).headers["Location"] == home
    # Once is enough: after that one lands where one works.
    assert browser.get(reverse("organizations:landing")).headers["Location"] != home
    assert browser.post(own, {"do": "accept"}).status_code == 302
    assert is_member(person, organization)


def test_nobody_accepts_by_the_key_of_a_link_they_never_held(
    invited: str, organization: Organization, outsider: User, client_of: ClientOf
) -> None:
    own = reverse("organizations:own_invitation", args=[InvitationKey.objects.get().pk])
    assert client_of(outsider).post(own, {"do": "accept"}).status_code == 404
    assert not is_member(outsider, organization)
