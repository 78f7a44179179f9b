"""Going from one organization to another, and landing where one was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from organizations import actions
from organizations.models import Membership, Organization
from organizations.queries.switching import PAGE
from tests import builders

ClientOf = Callable[[User], Client]
MINE = "/organizations/"


def join(person: User, role: str = "member", **fields: Any) -> Organization:
    """One more organization for the person."""
    organization = builders.make_organization(**fields)
    Membership.objects.create(organization=organization, person=person, role=role)
    return organization


def test_all_of_ones_own_stand_on_one_page_with_what_one_is_there(
    organization: Organization, editor: User, outsider: User, client_of: ClientOf
) -> None:
    own = actions.ensure_personal_organization(person=editor)
    page = client_of(editor).get(MINE).content.decode()
    assert "/o/atelier/" in page
    assert f"/o/{own.slug}/" in page
    assert "your personal organization" in page
    assert "Free plan" in page
    assert "Elsewhere" not in page


def test_closed_and_suspended_ones_say_so(organization: Organization, owner: User, client_of: ClientOf) -> None:
    closed = join(owner, "owner", name="Sleeping", slug="sleeping")
    actions.close_organization(organization=closed, by=owner)
    barred = join(owner, name="Barred", slug="barred")
    Membership.objects.filter(organization=barred).update(suspended_at=timezone.now())
    client = client_of(owner)
    page = client.get(MINE).content.decode()
    assert "/o/sleeping/closed/" in page
    assert "You can open it again until" in page
    assert "Your access is suspended" in page
    assert "/o/barred/" not in page
    # Neither is offered as a place to go to.
    assert "/o/sleeping/" not in client.get("/o/atelier/").content.decode()


def test_many_are_searched_and_paged_and_the_switcher_stays_short(
    organization: Organization, editor: User, client_of: ClientOf
) -> None:
    for number in range(PAGE + 4):
        join(editor, name=f"House {number:02}", slug=f"house-{number:02}")
    client = client_of(editor)
    first = client.get(MINE).content.decode()
    assert "House 05" in first
    assert "House 23" not in first
    assert "House 23" in client.get(f"{MINE}?page=2").content.decode()
    found = client.get(f"{MINE}?q=house-17").content.decode()
    assert "House 17" in found
    assert "House 05" not in found.partition("<main")[2]
    assert "No organization of yours is called that" in client.get(f"{MINE}?q=nothing").content.decode()
    assert client.get(f"{MINE}?page=x&q=%00").status_code == 200
    sidebar = client.get("/o/house-20/").content.decode().partition("<main")[0]
    assert sidebar.count('href="/o/house-') < 8 + 8  # of the switcher and the navigation together
    assert 'aria-current="true">House 20' in sidebar


@pytest.mark.parametrize("path", ["/me/profile/", "/accounts/email/", "/accounts/password/change/", MINE])
def test_ones_own_pages_keep_the_sidebar_of_the_organization_entered_last(
    path: str, organization: Organization, editor: User, client_of: ClientOf
) -> None:
    editor.set_password("Quiet-Meadow-27")
    editor.save()
    join(editor, name="Another", slug="another")
    client = client_of(editor)
    client.get("/o/another/")
    sidebar = client.get(path).content.decode().partition("<main")[0]
    assert 'href="/o/another/books/"' in sidebar
    assert 'aria-current="true">Another' in sidebar
    assert 'href="/o/another/books/" aria-current' not in sidebar  # nowhere in it at the moment


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/me/profile/", "page"),
        ("/me/security/", "true"),
        ("/accounts/email/", "true"),
        ("/me/sessions/", "true"),
        (MINE, ""),
    ],
)
def test_the_sidebar_says_that_one_is_among_ones_own_pages(
    path: str, current: str, organization: Organization, editor: User, client_of: ClientOf
) -> None:
    sidebar = client_of(editor).get(path).content.decode().partition("<main")[0]
    link = f'<a href="/me/profile/" aria-current="{current}">' if current else '<a href="/me/profile/">'
    assert link in sidebar


def test_the_sidebar_says_where_one_is(organization: Organization, editor: User, client_of: ClientOf) -> None:
    client = client_of(editor)
    said = {
        path: client.get(f"/o/{organization.slug}/{path}").content.decode().partition("<main")[0].count(place)
        for path, place in [
            ("books/", f'href="/o/{organization.slug}/books/" aria-current'),
            ("trash/", f'href="/o/{organization.slug}/books/" aria-current'),
            ("usage/", f'href="/o/{organization.slug}/usage/" aria-current'),
            ("members/leave/", f'href="/o/{organization.slug}/books/" aria-current'),
        ]
    }
    assert said == {"books/": 1, "trash/": 1, "usage/": 1, "members/leave/": 0}


def test_ones_own_pages_are_there_for_who_is_in_no_open_organization(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    client = client_of(owner)
    client.get("/o/atelier/")
    actions.close_organization(organization=organization, by=owner)
    assert {client.get(path).status_code for path in ("/me/profile/", MINE, "/organizations/new/")} == {200}


def test_whoever_is_in_none_is_offered_to_open_one(db: None, client_of: ClientOf) -> None:
    page = client_of(builders.make_person()).get(MINE).content.decode()
    assert "You are in no organization" in page


def test_landing_tells_that_the_last_one_was_closed_or_closed_to_one(
    organization: Organization, owner: User, editor: User, client_of: ClientOf
) -> None:
    first, second = client_of(owner), client_of(editor)
    for client in (first, second):
        client.get("/o/atelier/")
    Membership.objects.filter(person=editor).update(suspended_at=timezone.now())
    landed = second.get("/home/", follow=True)
    assert landed.redirect_chain == [(MINE, 302)]
    assert "is not open to you at the moment" in landed.content.decode()
    actions.close_organization(organization=organization, by=owner)
    assert first.get("/home/").headers["Location"] == MINE
    # Told once; then there is one's own.
    own = first.get("/home/").headers["Location"]
    assert own == f"/o/{Organization.objects.get(personal_of=owner).slug}/"


def test_landing_with_a_closed_personal_organization_shows_them_all(db: None, client_of: ClientOf) -> None:
    person = builders.make_person()
    own = actions.ensure_personal_organization(person=person)
    actions.close_organization(organization=own, by=person, with_account=True)
    assert client_of(person).get("/home/").headers["Location"] == MINE
