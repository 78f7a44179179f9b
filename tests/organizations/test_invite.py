"""Inviting: who may, whom, how many, how often; sending again and withdrawing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import tenancy
from organizations.actions.invitations import invite
from organizations.models import Invitation, InvitationKey, Limits, Membership, Organization, Role
from tests import builders
from tests.organizations.places import address, invitations, link_to, text, told
from tests.trail import trail

ClientOf = Callable[[User], Client]
Queue = Callable[[], int]


@pytest.fixture
def lead(owner: User, client_of: ClientOf) -> Client:
    return client_of(owner)


def form(**overrides: Any) -> dict[str, Any]:
    return {"emails": "ada@example.org", "role": "member", "message": "", "language": "en"} | overrides


def limit(organization: Organization, members: int | None) -> None:
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(members=members)


def test_an_invitation_is_mailed_in_its_own_language(
    lead: Client, organization: Organization, owner: User, run_queue: Queue
) -> None:
    answer = lead.post(address("invite", organization), form(message="Come & write", role="admin", language="fr"))
    assert (answer.status_code, answer.headers["Location"]) == (302, address("invitations", organization))
    (offer,) = invitations(organization)
    assert (offer.email, offer.role, offer.invited_by_id, offer.sendings) == ("ada@example.org", "admin", owner.pk, 1)
    assert timedelta(days=6, hours=23) < offer.expires_at - timezone.now() <= timedelta(days=7)
    assert link_to("ada@example.org", run_queue).startswith("/invitations/")
    (letter,) = mail.outbox
    assert letter.message()["Subject"]
    assert "/invitations/" in text(letter)
    assert "Come & write" in text(letter)
    (entry,) = trail("invitation.sent", organization_id=organization.pk)
    assert (entry.details, entry.personal) == ({"role": "admin"}, {"email": "ada@example.org"})


def test_the_database_knows_the_link_by_its_digest_alone(
    lead: Client, organization: Organization, run_queue: Queue
) -> None:
    lead.post(address("invite", organization), form())
    token = link_to("ada@example.org", run_queue).split("/")[2]
    key = InvitationKey.objects.get()
    assert token not in {key.token_digest, key.email_digest}
    assert "ada" not in key.email_digest


def test_one_address_written_in_two_ways_is_invited_once(organization: Organization, owner: User) -> None:
    emails = ["Ada@Example.org", "ada@example.org "]
    with tenancy.declared(organization.pk):
        made = invite(organization=organization, by=owner, emails=emails, role=Role.MEMBER)
    assert [one.email for one in made] == ["ada@example.org"]


def test_several_addresses_each_get_a_link_of_their_own(
    lead: Client, organization: Organization, run_queue: Queue
) -> None:
    lead.post(
        address("invite", organization),
        form(emails="Ada@Example.org, bob@example.org;\n<cleo@example.org> ada@example.org"),
    )
    links = {link_to(email, run_queue) for email in ("ada@example.org", "bob@example.org", "cleo@example.org")}
    assert len(links) == len(invitations(organization)) == 3


@pytest.mark.parametrize(
    "wrong",
    [{"emails": ""}, {"emails": "nobody"}, {"emails": "a@b, c@example.org"}, {"emails": "x" * 260 + "@example.org"},
     {"emails": "a@example.org\x00"}, {"role": "owner"}, {"role": "king"}, {"message": "x" * 501}, {"language": "de"},
     {"emails": " ".join(f"a{number}@example.org" for number in range(51))}],
)  # fmt: skip
def test_a_wrong_form_is_answered_422_and_sends_nothing(
    wrong: dict[str, str], lead: Client, organization: Organization
) -> None:
    assert lead.post(address("invite", organization), form(**wrong)).status_code == 422
    assert invitations(organization) == []


def test_a_member_is_not_invited_again(lead: Client, organization: Organization, editor: User) -> None:
    answer = lead.post(address("invite", organization), form(emails=f"new@example.org {editor.email}"))
    assert answer.status_code == 422
    assert f"Already a member here: {editor.email}." in answer.content.decode()
    assert invitations(organization) == []  # all or none


def test_an_address_with_an_open_invitation_gets_a_new_link_in_place_of_the_old(
    lead: Client, organization: Organization, run_queue: Queue, client: Client
) -> None:
    lead.post(address("invite", organization), form())
    old = link_to("ada@example.org", run_queue)
    lead.post(address("invite", organization), form(role="guest"))
    new = link_to("ada@example.org", run_queue)
    (offer,) = invitations(organization)
    assert (offer.role, offer.sendings) == ("guest", 2)
    assert [client.get(old).status_code, client.get(new).status_code] == [404, 200]


def test_members_and_open_invitations_together_never_pass_the_seats(
    lead: Client, organization: Organization, owner: User
) -> None:
    limit(organization, 3)
    builders.make_member(organization, "guest")  # takes no seat
    builders.make_invitation(organization, owner, role="guest")  # promises none
    builders.make_invitation(organization, owner, expires_at=timezone.now())  # promises none any more
    assert lead.post(address("invite", organization), form(emails="a@example.org")).status_code == 302
    refused = lead.post(address("invite", organization), form(emails="b@example.org, c@example.org"))
    assert refused.status_code == 422
    assert "of 3 seats 1 are taken and 1 promised" in refused.content.decode()
    assert lead.post(address("invite", organization), form(emails="b@example.org")).status_code == 302
    assert lead.post(address("invite", organization), form(emails="c@example.org")).status_code == 422
    assert lead.post(address("invite", organization), form(emails="c@example.org", role="guest")).status_code == 302


def test_nobody_invites_to_a_role_above_their_own(organization: Organization, owner: User, client_of: ClientOf) -> None:
    helper = builders.make_member(organization, "member")
    Membership.objects.filter(person=helper).update(granted=["members.manage", "members.see"])
    browser = client_of(helper)
    assert browser.post(address("invite", organization), form(role="admin")).status_code == 422
    assert browser.post(address("invite", organization), form(role="member")).status_code == 302
    offer = builders.make_invitation(organization, owner, role="admin")
    for name in ("invitation_resend", "invitation_revoke"):
        assert browser.post(address(name, organization, offer.pk)).status_code == 403


def test_sending_again_makes_a_new_link_good_for_seven_days(
    lead: Client, organization: Organization, owner: User, run_queue: Queue, client: Client
) -> None:
    offer = builders.make_invitation(organization, owner, token="old", expires_at=timezone.now() - timedelta(days=1))
    assert client.get("/invitations/old/").status_code == 404
    assert lead.post(address("invitation_resend", organization, offer.pk)).status_code == 302
    assert client.get(link_to(offer.email, run_queue)).status_code == 200
    assert client.get("/invitations/old/").status_code == 404
    (again,) = invitations(organization)
    assert again.sendings == 2
    assert again.expires_at > timezone.now() + timedelta(days=6)


def test_it_is_sent_again_once_a_minute_at_most(
    lead: Client, organization: Organization, owner: User, run_queue: Queue
) -> None:
    offer = builders.make_invitation(organization, owner, sent_at=timezone.now() - timedelta(seconds=50))
    page = lead.post(address("invitation_resend", organization, offer.pk), follow=True).content.decode()
    assert "Wait a minute before sending it again." in page
    assert told(run_queue) == []


def test_one_address_is_not_written_to_without_end(lead: Client, organization: Organization) -> None:
    statuses = [lead.post(address("invite", organization), form()).status_code for _again in range(6)]
    assert statuses == [302] * 5 + [429]


def test_a_withdrawn_invitation_is_dead_at_once(
    lead: Client, organization: Organization, owner: User, client: Client
) -> None:
    offer = builders.make_invitation(organization, owner, token="mine")
    assert client.get("/invitations/mine/").status_code == 200
    assert lead.post(address("invitation_revoke", organization, offer.pk)).status_code == 302
    assert client.get("/invitations/mine/").status_code == 404
    assert not InvitationKey.objects.exists()
    assert len(trail("invitation.revoked", organization_id=organization.pk)) == 1
    assert b"does not hold any more" in lead.post(
        address("invitation_resend", organization, offer.pk), follow=True
    ).content  # fmt: skip


def test_the_list_tells_states_apart_and_is_searched(lead: Client, organization: Organization, owner: User) -> None:
    now = timezone.now()
    kinds: dict[str, dict[str, Any]] = {
        "open": {}, "expired": {"expires_at": now}, "accepted": {"accepted_at": now}, "declined": {"declined_at": now},
        "revoked": {"revoked_at": now},
    }  # fmt: skip
    for name, state in kinds.items():
        builders.make_invitation(organization, owner, email=f"{name}@example.org", **state)
    page = address("invitations", organization)

    def seen(**asked: str) -> list[tuple[str, str]]:
        return [(line.email, line.state) for line in lead.get(page, asked).context["page"].lines]

    assert seen() == [(f"{name}@example.org", name) for name in reversed(kinds)]
    for name in kinds:
        assert seen(state=name) == [(f"{name}@example.org", name)]
    assert seen(q="EXPIRED@ example") == [("expired@example.org", "expired")]
    assert seen(q="%") == seen(q="nobody") == []


def test_the_list_comes_in_pages(lead: Client, organization: Organization, owner: User) -> None:
    for _number in range(51):
        builders.make_invitation(organization, owner)
    page = address("invitations", organization)
    first = lead.get(page, {"q": "example"}).context["page"]
    second = lead.get(page + first.next_url).context["page"]
    assert [len(first.lines), len(second.lines), second.next_url] == [50, 1, ""]
    assert lead.get(page + second.previous_url).context["page"].lines == first.lines


def test_an_invitation_of_another_organization_is_not_found(
    lead: Client, organization: Organization, outsider: User
) -> None:
    theirs = builders.make_invitation(outsider.memberships.get().organization, outsider)
    for name in ("invitation_resend", "invitation_revoke"):
        assert lead.post(address(name, organization, theirs.pk)).status_code == 404
    with tenancy.declared(theirs.organization_id):
        assert Invitation.objects.of(theirs.organization).get().revoked_at is None
