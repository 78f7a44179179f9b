"""The page of members, and what members do to members: roles, permissions, suspending, removing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.querysets import called
from core import tenancy
from core.errors import Forbidden
from core.keyset import Cursor
from organizations.access import Member, resolve
from organizations.actions.members import change_member
from organizations.models import Limits, Membership, Organization, Role
from organizations.queries import members as queries
from tests import builders
from tests.organizations.places import address, is_member, place_of, told
from tests.trail import trail

ClientOf = Callable[[User], Client]
Queue = Callable[[], int]
ACTS = ("member", "member_suspend", "member_restore", "member_remove")


@pytest.fixture
def lead(owner: User, client_of: ClientOf) -> Client:
    return client_of(owner)


@pytest.fixture
def admin(organization: Organization) -> User:
    return builders.make_member(organization, "admin", display_name="Amy Admin")


def save(client: Client, membership: Membership, role: str, *granted: str) -> Any:
    """Send the form of one member."""
    return client.post(
        address("member", membership.organization, membership.pk), {"role": role, "granted": list(granted)}
    )


def act(client: Client, name: str, membership: Membership) -> int:
    """Do one thing to a member; the status of the answer."""
    return client.post(address(name, membership.organization, membership.pk), {"role": "guest"}).status_code


# ── What changes ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_role_and_permissions_are_changed_told_and_written_down(
    lead: Client, organization: Organization, editor: User, run_queue: Queue
) -> None:
    assert save(lead, place_of(editor, organization), "member", "audit.read", "books.create").status_code == 302
    member = place_of(editor, organization)
    assert member.granted == ["audit.read"]  # what the role has anyway is not stored
    assert "audit.read" in member.permissions
    assert told(run_queue) == [(editor.email, f"What you may do in {organization.name} was changed")]
    (entry,) = trail("member.changed", organization_id=organization.pk)
    assert (entry.severity, entry.target_id) == ("medium", editor.pk)
    assert entry.changes == {"granted": [[], ["audit.read"]]}
    assert editor.email not in str([entry.details, entry.changes])
    save(lead, member, "admin", "audit.read")
    assert trail("member.changed", organization_id=organization.pk)[1].changes == {
        "role": ["member", "admin"], "granted": [["audit.read"], []],
    }  # fmt: skip


def test_what_changed_nothing_is_not_told(
    lead: Client, organization: Organization, editor: User, run_queue: Queue
) -> None:
    assert save(lead, place_of(editor, organization), "member").status_code == 302
    assert (told(run_queue), trail("member.changed", organization_id=organization.pk)) == ([], [])


def test_a_suspended_member_is_not_let_in_until_restored(
    lead: Client, organization: Organization, editor: User, client_of: ClientOf, run_queue: Queue
) -> None:
    member, browser = place_of(editor, organization), client_of(editor)
    assert act(lead, "member_suspend", member) == 302
    assert browser.get(f"/o/{organization.slug}/").status_code == 403
    assert act(lead, "member_restore", member) == 302
    assert browser.get(f"/o/{organization.slug}/").status_code == 200
    assert [subject for _to, subject in told(run_queue)] == [
        f"Your access to {organization.name} is suspended", f"You have access to {organization.name} again",
    ]  # fmt: skip
    assert [len(trail(f"member.{done}", organization_id=organization.pk)) for done in ("suspended", "restored")] == [
        1,
        1,
    ]


def test_doing_it_twice_is_doing_it_once(lead: Client, organization: Organization, editor: User) -> None:
    member = place_of(editor, organization)
    assert [act(lead, "member_suspend", member) for _again in range(2)] == [302, 302]
    assert len(trail("member.suspended", organization_id=organization.pk)) == 1


def test_a_removed_members_books_stay_and_private_ones_stay_private(
    lead: Client, organization: Organization, editor: User, client_of: ClientOf, run_queue: Queue
) -> None:
    shared = builders.make_book(organization, editor, visibility="internal")
    private = builders.make_book(organization, editor)
    assert act(lead, "member_remove", place_of(editor, organization)) == 302
    assert client_of(editor).get(f"/o/{organization.slug}/").status_code == 404
    assert editor.name in lead.get(f"/o/{organization.slug}/books/{shared.pk}/").content.decode()
    assert lead.get(f"/o/{organization.slug}/books/{private.pk}/").status_code == 404
    assert told(run_queue) == [(editor.email, f"You are not a member of {organization.name} any more")]
    (entry,) = trail("member.removed", organization_id=organization.pk)
    assert entry.personal == {"member": editor.name, "email": editor.email}


def test_a_guest_becomes_a_member_while_there_is_a_seat(lead: Client, organization: Organization, viewer: User) -> None:
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(members=1)
    refused = save(lead, place_of(viewer, organization), "member")
    assert refused.status_code == 422
    assert "nothing is left" in refused.content.decode()
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(members=2)
    assert save(lead, place_of(viewer, organization), "member").status_code == 302


# ── Who may ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ACTS)
def test_nobody_changes_themselves(name: str, lead: Client, organization: Organization, owner: User) -> None:
    assert act(lead, name, place_of(owner, organization)) in {403, 422}
    assert place_of(owner, organization).role == "owner"


@pytest.mark.parametrize("name", ACTS)
def test_an_admin_acts_on_no_owner(
    name: str, organization: Organization, owner: User, admin: User, client_of: ClientOf
) -> None:
    builders.make_member(organization, "owner")
    assert act(client_of(admin), name, place_of(owner, organization)) == 403
    assert place_of(owner, organization).role == "owner"


def test_ownership_is_never_a_role_to_give(
    lead: Client, organization: Organization, owner: User, admin: User, editor: User, client_of: ClientOf
) -> None:
    for browser in (client_of(admin), lead):
        assert save(browser, place_of(editor, organization), "owner").status_code == 422
    with tenancy.declared(organization.pk), pytest.raises(Forbidden):
        change_member(membership=place_of(editor, organization), by=owner, role=Role.OWNER, granted=[])
    assert place_of(editor, organization).role == "member"


def test_owners_unmake_owners(lead: Client, organization: Organization, admin: User, client_of: ClientOf) -> None:
    other = builders.make_member(organization, "owner")
    assert save(client_of(admin), place_of(other, organization), "member").status_code in {403, 422}
    assert save(lead, place_of(other, organization), "owner").status_code == 302
    assert save(lead, place_of(other, organization), "member").status_code == 302
    assert place_of(other, organization).role == "member"


def test_an_admin_changes_admins_members_and_guests(
    organization: Organization, admin: User, editor: User, viewer: User, client_of: ClientOf
) -> None:
    other = builders.make_member(organization, "admin")
    browser = client_of(admin)
    for person in (other, editor, viewer):
        assert act(browser, "member_suspend", place_of(person, organization)) == 302
        assert act(browser, "member_restore", place_of(person, organization)) == 302
        assert act(browser, "member_remove", place_of(person, organization)) == 302


def test_nobody_gives_what_they_do_not_have(
    organization: Organization, admin: User, editor: User, client_of: ClientOf
) -> None:
    browser, member = client_of(admin), place_of(editor, organization)
    assert save(browser, member, "member", "billing.manage").status_code == 403
    assert save(browser, member, "member", "audit.read").status_code == 302
    # What somebody else had given may stay, and may be taken away.
    Membership.objects.filter(pk=member.pk).update(granted=["billing.manage"])
    assert save(browser, member, "member", "billing.manage", "audit.read").status_code == 302
    assert save(browser, member, "member").status_code == 302
    assert place_of(editor, organization).granted == []


@pytest.mark.parametrize("codename", ["members.hand_over", "settings.close", "exports.make", "nothing.like_it"])
def test_what_is_not_to_be_granted_is_not(
    codename: str, lead: Client, organization: Organization, editor: User
) -> None:
    assert save(lead, place_of(editor, organization), "member", codename).status_code == 422
    assert place_of(editor, organization).granted == []


def test_a_member_with_that_permission_alone_acts_up_to_their_own_role(
    organization: Organization, admin: User, editor: User, viewer: User, client_of: ClientOf
) -> None:
    Membership.objects.filter(person=editor).update(granted=["members.see", "members.manage"])
    browser = client_of(editor)
    assert act(browser, "member_suspend", place_of(viewer, organization)) == 302
    assert act(browser, "member_suspend", place_of(admin, organization)) == 403
    assert save(browser, place_of(viewer, organization), "admin").status_code == 422


def test_an_owner_is_not_suspended(lead: Client, organization: Organization) -> None:
    other = builders.make_member(organization, "owner")
    assert act(lead, "member_suspend", place_of(other, organization)) == 422
    assert place_of(other, organization).suspended_at is None


def test_whose_personal_organization_it_is_stays_its_owner(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    Organization.objects.filter(pk=organization.pk).update(personal_of=owner)
    other = client_of(builders.make_member(organization, "owner"))
    member = place_of(owner, organization)
    assert save(other, member, "member").status_code == 422
    assert act(other, "member_remove", member) == 422
    assert place_of(owner, organization).role == "owner"


def test_a_member_of_another_organization_is_not_found(
    lead: Client, organization: Organization, outsider: User
) -> None:
    theirs = outsider.memberships.get()
    for name in (*ACTS, "hand_over"):
        assert lead.post(address(name, organization, theirs.pk)).status_code == 404
    assert is_member(outsider, theirs.organization)


# ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────────


def names(client: Client, organization: Organization, **asked: str) -> list[str]:
    lines = client.get(address("members", organization), asked).context["page"].lines
    return [line.person.name for line in lines]


def test_members_are_found_by_name_and_e_mail_and_filtered(
    lead: Client, organization: Organization, owner: User, editor: User, viewer: User, outsider: User
) -> None:
    builders.make_member(organization, "admin", display_name="Élodie Cœur", email="ec@maison.example")
    Membership.objects.filter(person=viewer).update(suspended_at="2026-01-01T00:00Z")
    assert names(lead, organization) == ["Élodie Cœur", viewer.name, editor.name, owner.name]
    assert names(lead, organization, q="elodie COEUR") == ["Élodie Cœur"]
    assert names(lead, organization, q="maison.ex") == ["Élodie Cœur"]
    assert names(lead, organization, q="otto") == names(lead, organization, q="%") == []
    assert names(lead, organization, role="guest") == [viewer.name]
    assert names(lead, organization, state="suspended") == [viewer.name]
    assert viewer.name not in names(lead, organization, state="active")
    assert names(lead, organization, sort="oldest")[0] == owner.name
    assert names(lead, organization, sort="name") == [editor.name, "Élodie Cœur", owner.name, viewer.name]


@pytest.mark.parametrize("asked", [{"q": "\x00"}, {"role": "king"}, {"after": "x"}, {"sort": "x" * 99}, {"state": "1"}])
def test_a_strange_question_is_answered(asked: dict[str, str], lead: Client, organization: Organization) -> None:
    assert lead.get(address("members", organization), asked).status_code == 200


@pytest.mark.parametrize("sort", ["", "oldest", "name"])
def test_the_cursors_show_everybody_once_and_lead_back(sort: str, lead: Client, organization: Organization) -> None:
    for number in range(104):
        builders.make_member(organization, "member", display_name=f"Bee {number % 5}")
    page = address("members", organization)
    first = lead.get(page, {"q": "bee", "sort": sort}).context["page"]
    second = lead.get(page + first.next_url).context["page"]
    third = lead.get(page + second.next_url).context["page"]
    assert [len(one.lines) for one in (first, second, third)] == [50, 50, 4]
    assert len({line.id for one in (first, second, third) for line in one.lines}) == 104
    assert (first.previous_url, third.next_url) == ("", "")
    assert lead.get(page + third.previous_url).context["page"].lines == second.lines
    assert lead.get(page + second.previous_url).context["page"].lines == first.lines


def reader(person: User, organization: Organization) -> Member:
    return resolve(person, organization.slug)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        # By the newest, a table of a handful is as well read by its key: the benchmark `members` shows that order.
        (queries.Wanted(role="guest"), "membership_list_by_role"),
        (queries.Wanted(sort="name"), "person_by_name"),
    ],
    ids=["role", "name"],
)
def test_each_order_is_read_from_its_index(
    wanted: queries.Wanted, index: str, organization: Organization, owner: User
) -> None:
    place = place_of(owner, organization)
    # Among a handful, any index of theirs is as cheap as another.
    crowd = User.objects.bulk_create(User(email=f"crowd-{number}@example.org") for number in range(400))
    Membership.objects.bulk_create(Membership(organization=organization, person=one, role="member") for one in crowd)
    with tenancy.declared(organization.pk), CaptureQueriesContext(connection) as asked:
        queries.members_page(reader(owner, organization), wanted, Cursor(after=place.pk))
    (page,) = [one["sql"] for one in asked.captured_queries if "LIMIT 51" in one["sql"]]
    with connection.cursor() as cursor:
        for choice in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{choice} = off")
        cursor.execute("EXPLAIN " + page)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"using {index} " in plan
    assert "Sort" not in plan


def test_the_search_can_be_read_from_its_index(organization: Organization, owner: User) -> None:
    found = User.objects.alias(called=called()).filter(called__contains="olive")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert "person_search" in found.explain()


def test_more_members_are_no_more_queries(lead: Client, organization: Organization) -> None:
    counts = []
    for _round in range(2):
        for _member in range(5):
            builders.make_member(organization, "member")
        lead.get(address("members", organization))
        with CaptureQueriesContext(connection) as asked:
            lead.get(address("members", organization))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_matrix_shows_the_registry(lead: Client, organization: Organization) -> None:
    page = lead.get(address("permissions", organization)).content.decode()
    assert "Hand over ownership" in page
    assert "Begin books" in page
