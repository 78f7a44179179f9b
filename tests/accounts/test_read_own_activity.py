"""A person's own activity: what they did and what was done to them, wherever, and nothing of anybody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.queries.activity import PAGE
from audit import actions as audit
from core import origin, tenancy
from organizations.models import Membership, Organization
from tests import builders

Sign = Callable[[User], Client]
ADDRESS = "/me/activity/"


def look(client: Client, **asked: str) -> str:
    """The page as text, its white space folded."""
    response = client.get(ADDRESS, asked)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def record(organization: Organization | None, action: str, actor: User | None, **facts: Any) -> None:
    """One entry, of an organization or of none."""
    if organization is None:
        audit.record(action, actor=actor, **facts)
        return
    with tenancy.declared(organization.pk), transaction.atomic():
        audit.record(action, actor=actor, **facts)


def test_acts_of_every_organization_and_of_none_stand_together(
    client_of: Sign, organization: Organization, editor: User
) -> None:
    other = builders.make_organization(name="The Other House")
    Membership.objects.create(organization=other, person=editor, role="member")
    record(None, "person.signed_in", editor, target=editor)
    record(organization, "book.created", editor, personal={"title": "Here"})
    record(other, "book.trashed", editor, personal={"title": "There"})
    page = look(client_of(editor))
    order = [page.index(text) for text in ("moved a book to the trash", "began a book", "signed in")]
    assert order == sorted(order)
    assert "The Other House" in page
    assert "Atelier" in page


def test_what_others_did_to_them_is_there_without_where_those_were(
    client_of: Sign, organization: Organization, owner: User, editor: User, rf: Any
) -> None:
    with origin.of_request(rf.get("/", REMOTE_ADDR="203.0.113.9"), "asked-by-somebody"):
        record(organization, "limits.set", owner, target=editor)
    page = look(client_of(editor))
    assert "<b>Olive Owner</b>" in page
    assert "203.0.113.9" not in page


def test_staff_who_act_as_them_are_seen_and_not_named(
    client_of: Sign, organization: Organization, editor: User
) -> None:
    staff = builders.make_person(display_name="Sally Staff", is_staff=True)
    with origin.acting(staff.pk, "Sally Staff"):
        record(organization, "book.created", editor)
    page = look(client_of(editor))
    assert "in truth Scriptorium staff" in page
    assert "Sally" not in page


def test_of_an_organization_they_left_nothing_but_the_act_is_shown(
    client_of: Sign, organization: Organization, editor: User
) -> None:
    record(organization, "book.created", editor, personal={"title": "Kept in the house"})
    Membership.objects.filter(person=editor).delete()
    page = look(client_of(editor))
    assert "began a book" in page
    assert "Kept in the house" not in page
    assert "Atelier" not in page


def test_nothing_of_anybody_else_is_there(
    client_of: Sign, organization: Organization, owner: User, editor: User
) -> None:
    record(organization, "book.created", owner, personal={"title": "Hers alone"})
    record(None, "person.signed_in", owner, target=owner)
    page = look(client_of(editor))
    assert "Hers alone" not in page
    assert "Olive" not in page


@pytest.mark.django_db
def test_pages_follow_each_other_and_need_no_more_queries(client_of: Sign) -> None:
    person = builders.make_person()
    client = client_of(person)
    seen, counts, url = 0, [], ADDRESS
    for _each in range(2 * PAGE + 3):
        record(None, "person.theme_chosen", person, target=person)
    client.get(ADDRESS)
    while url:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url).context["page"]
        counts.append(len(queries))
        seen += len(page.lines)
        url = ADDRESS + page.next_url if page.next_url else ""
    assert seen == 2 * PAGE + 3
    assert len(set(counts)) == 1


@pytest.mark.django_db
def test_a_cursor_that_makes_no_sense_is_the_beginning(client_of: Sign) -> None:
    assert "Nothing older" in look(client_of(builders.make_person()), before="x'; --")


@pytest.mark.django_db
def test_it_is_nobodys_without_signing_in(client: Client) -> None:
    assert client.get(ADDRESS)["Location"].startswith(reverse("account_login"))
