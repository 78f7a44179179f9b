"""Many at once want one place: one invitation, one last seat, one last owner. Real commits, a connection each."""

from typing import Any

import pytest
from django.db import transaction

from accounts.actions import close_account
from accounts.models import User
from core import tenancy
from organizations.actions import invitations, members
from organizations.actions.opening import open_organization
from organizations.models import Invitation, Membership, Organization, Role
from tests import builders
from tests.audit.superuser import superuser
from tests.faults.crowd import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]
CROWD = 50


def joined(organization: Organization) -> int:
    """How many members there are beside the owner."""
    return Membership.objects.filter(organization=organization).exclude(role=Role.OWNER).count()


def house(**limits: Any) -> tuple[Organization, User]:
    """An organization with its owner."""
    organization = builders.make_organization(limits=limits)
    return organization, builders.make_member(organization, "owner")


def test_of_fifty_who_accept_one_invitation_one_joins() -> None:
    organization, owner = house()
    offer = builders.make_invitation(organization, owner)
    crowd = [builders.make_person() for _number in range(CROWD)]

    def accept(person: User) -> None:
        with tenancy.declared(organization.pk):
            invitations.accept_invitation(invitation=offer, person=person)

    results = at_once(accept, crowd)
    assert sorted(set(results)) == ["accepted", "done"]
    assert (results.count("done"), joined(organization)) == (1, 1)


def test_of_fifty_who_want_the_last_seat_one_gets_it() -> None:
    organization, owner = house(members=2)
    offers = [builders.make_invitation(organization, owner) for _number in range(CROWD)]
    pairs = [(offer, builders.make_person()) for offer in offers]

    def accept(pair: tuple[Invitation, User]) -> None:
        with tenancy.declared(organization.pk):
            invitations.accept_invitation(invitation=pair[0], person=pair[1])

    results = at_once(accept, pairs)
    assert sorted(set(results)) == ["done", "limit_reached"]
    assert (results.count("done"), joined(organization)) == (1, 1)


def test_of_two_owners_who_leave_at_once_one_stays() -> None:
    organization, first = house()
    second = builders.make_member(organization, "owner")

    def leave(person: User) -> None:
        with tenancy.declared(organization.pk):
            members.leave(organization=organization, person=person)

    assert sorted(at_once(leave, [first, second])) == ["done", "last_owner"]
    assert Membership.objects.filter(organization=organization, role=Role.OWNER).count() == 1


def test_of_two_owners_who_demote_each_other_at_once_one_stays() -> None:
    organization, first = house()
    second = builders.make_member(organization, "owner")
    places = {row.person_id: row for row in Membership.objects.filter(organization=organization)}

    def demote(pair: tuple[User, User]) -> None:
        with tenancy.declared(organization.pk):
            members.change_member(membership=places[pair[1].pk], by=pair[0], role=Role.MEMBER, granted=[])

    assert "done" in at_once(demote, [(first, second), (second, first)])
    assert Membership.objects.filter(organization=organization, role=Role.OWNER).count() == 1


def test_of_two_owners_who_close_their_accounts_at_once_one_stays() -> None:
    organization, first = house()
    second = builders.make_member(organization, "owner")
    builders.make_member(organization, "member")
    results = at_once(lambda person: close_account(person=person), [first, second])
    assert sorted(results) == ["done", "obstacle"]
    assert Membership.objects.filter(organization=organization).answering().count() == 1


def test_of_two_owners_of_whom_one_leaves_and_one_closes_their_account_one_stays() -> None:
    organization, first = house()
    second = builders.make_member(organization, "owner")
    builders.make_member(organization, "member")

    def go(person: User) -> None:
        if person == first:
            close_account(person=person)
        else:
            with tenancy.declared(organization.pk):
                members.leave(organization=organization, person=person)

    results = at_once(go, [first, second])
    assert results.count("done") == 1
    assert set(results) <= {"done", "obstacle", "last_owner"}
    assert Membership.objects.filter(organization=organization).answering().count() == 1


def test_who_opens_an_organization_holds_up_nothing_that_names_them() -> None:
    person = builders.make_person()
    with transaction.atomic(), superuser() as db:
        open_organization(by=person, name="Bees")
        free = db.execute("SELECT id FROM accounts_user WHERE id = %s FOR KEY SHARE SKIP LOCKED", [person.pk])
        assert free.fetchall()


def test_an_address_invited_fifty_times_at_once_has_one_open_invitation() -> None:
    organization, owner = house()

    def invite(_number: int) -> None:
        with tenancy.declared(organization.pk):
            invitations.invite(organization=organization, by=owner, emails=["ada@example.org"], role=Role.MEMBER)

    results = at_once(invite, range(CROWD))
    assert sorted(set(results)) == ["done", "too_many"]
    with transaction.atomic(), tenancy.declared(organization.pk):
        assert Invitation.objects.of(organization).count() == 1
    assert results.count("done") == 5  # what one address is sent in an hour
