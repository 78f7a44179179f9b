"""Staff acting as a person: who may, for how long, what stays closed, and what everybody can read afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.actions import staff as staff_actions
from accounts.models import Impersonation, User
from audit.models import Entry, Severity
from config import acting
from core import tenancy
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.contracts.test_addresses import CASES, PAGES, addresses, names  # noqa: F401  # a fixture
from tests.contracts.test_requests import ADDRESSES
from tests.trail import trail

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
REASON = "Ticket 4711: the outline does not load"


@pytest.fixture
def helper(db: None) -> User:
    """Somebody of support."""
    return make_staff("support", display_name="Sam Support")


def make_staff(*groups: str, **fields: Any) -> User:
    staff_actions.grant_staff_groups()
    person = builders.make_person(is_staff=True, **fields)
    person.groups.set(Group.objects.filter(name__in=groups))
    return person


def begin(client: Client, person: User, reason: str = REASON) -> Any:
    return client.post(reverse("admin:accounts_act", args=[person.pk]), {"reason": reason})


@pytest.fixture
def as_owner(helper: User, owner: User, client_of: ClientOf) -> Client:
    """The browser of support, acting as the owner."""
    client = client_of(helper)
    assert begin(client, owner).status_code == 302
    return client


# ── Beginning ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_support_sees_the_site_as_the_person_with_a_banner(
    as_owner: Client, helper: User, owner: User, organization: Organization
) -> None:
    page = as_owner.get(f"/o/{organization.slug}/")
    assert page.context["person"] == owner
    text = page.content.decode()
    for said in (helper.name, owner.name, REASON, reverse("accounts:acting_stop")):
        assert said in text
    held = Impersonation.objects.get()
    assert timedelta(minutes=29) < held.ends_at - timezone.now() <= timedelta(minutes=30)
    assert (held.staff, held.person, held.reason, held.ended_at) == (helper, owner, REASON, None)


@pytest.mark.parametrize("path", ["/pricing/", "/home/", "/o/atelier/books/", "/o/atelier/members/", "/o/elsewhere/"])
def test_the_banner_is_on_every_page(path: str, as_owner: Client) -> None:
    assert REASON in as_owner.get(path, follow=True).content.decode()


def test_nobody_elses_page_has_a_banner(owner: User, client_of: ClientOf) -> None:
    assert b'class="acting"' not in client_of(owner).get("/pricing/").content


def test_a_reason_is_asked(helper: User, owner: User, client_of: ClientOf) -> None:
    client = client_of(helper)
    assert client.get(reverse("admin:accounts_act", args=[owner.pk])).status_code == 200
    for reason in ("", "   ", "x" * 301):
        assert begin(client, owner, reason).status_code == 422
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize("groups", [(), ("editor",), ("corrector",), ("finance",)])
def test_other_staff_may_not(groups: tuple[str, ...], owner: User, client_of: ClientOf) -> None:
    assert begin(client_of(make_staff(*groups)), owner).status_code == 403
    assert not Impersonation.objects.exists()


def test_members_and_visitors_may_not(owner: User, editor: User, client_of: ClientOf) -> None:
    for client in (client_of(owner), Client()):
        assert begin(client, editor).status_code in {302, 403}
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_nobody_acts_as_staff_or_in_a_closed_account(fields: Any, helper: User, client_of: ClientOf) -> None:
    refused = begin(client_of(helper), builders.make_person(**fields))
    assert refused.status_code == 422
    assert not Impersonation.objects.exists()


def test_nobody_acts_as_themselves(helper: User, client_of: ClientOf) -> None:
    assert begin(client_of(helper), helper).status_code == 422


def test_acting_as_another_ends_the_first(helper: User, owner: User, editor: User, client_of: ClientOf) -> None:
    begin(client_of(helper), owner)
    begin(client_of(helper), editor)
    first, second = Impersonation.objects.order_by("id")
    assert first.ended_at is not None
    assert second.ended_at is None


# ── What stays closed ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_account_and_the_admin_are_closed_at_every_address(as_owner: Client) -> None:
    own = [one for one in ADDRESSES if one.startswith(("/me/", "/accounts/", "/admin/"))]
    ways_out = {reverse("accounts:acting_stop"), reverse("account_logout")}
    assert len(own) > 40
    for address in set(own) - ways_out:
        for ask in (as_owner.get, as_owner.post):
            assert ask(address).status_code in {403, 404}, address


def test_nothing_is_sent_anywhere_but_what_is_listed(
    as_owner: Client,
    addresses: dict[str, str],  # noqa: F811  # the fixture
) -> None:
    open_to_work = {name for name in PAGES if as_owner.post(addresses[name]).status_code != 403}
    assert open_to_work == acting.WORK & set(PAGES)


def test_what_is_listed_is_there() -> None:
    known = {name for name, _route in names(get_resolver().url_patterns)}
    assert (acting.ALWAYS | acting.WORK | acting.CLOSED | acting.LOOK_AT) - known == set()


@pytest.mark.parametrize("name", ["tenant:planted", "planted", "accounts:planted", "books:planted", "cms:planted"])
def test_a_new_address_is_refused_until_somebody_lists_it(name: str) -> None:
    assert not acting.is_open(name, "POST")
    assert not acting.is_open(name.replace("tenant:", "new:").replace("books:", "new:"), "GET")


def test_looking_is_open(as_owner: Client, addresses: dict[str, str]) -> None:  # noqa: F811  # the fixture
    for name in ("books:home", "books:book", "books:run"):
        assert as_owner.get(addresses[name]).status_code == 200, name
    for path in ("members/", "settings/", "usage/", "activity/"):
        assert as_owner.get(f"/o/atelier/{path}").status_code == 200, path
    assert not {name for name in acting.CLOSED & CASES.keys() if as_owner.get(addresses[name]).status_code != 403}


def test_a_refusal_says_why(as_owner: Client) -> None:
    page = as_owner.get("/me/profile/")
    assert page.status_code == 403
    assert "while you act as somebody else" in page.content.decode()
    data = as_owner.get("/me/profile/", headers={"Accept": "application/json"})
    assert data.json()["error"]["code"] == "acting"


# ── Ending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_stopping_leads_back_to_the_admin_as_oneself(as_owner: Client, helper: User, owner: User) -> None:
    during = str(as_owner.session.session_key)
    stopped = as_owner.post(reverse("accounts:acting_stop"))
    back = reverse("admin:accounts_user_change", args=[owner.pk])
    assert stopped.headers["Location"] == back
    assert as_owner.get(back).status_code == 200  # the second factor of before still counts
    assert as_owner.session["_auth_user_id"] == str(helper.pk)
    assert as_owner.session.session_key != during
    assert not as_owner.session.exists(during)
    assert Impersonation.objects.get().ended_at is not None


def test_sessions_are_new_ones_both_ways(helper: User, owner: User, client_of: ClientOf) -> None:
    client = client_of(helper)
    keys = [str(client.session.session_key)]
    begin(client, owner)
    keys.append(str(client.session.session_key))
    client.post(reverse("accounts:acting_stop"))
    keys.append(str(client.session.session_key))
    assert len(set(keys)) == 3
    assert [key for key in keys[:2] if client.session.exists(key)] == []


def test_what_the_staff_proved_proves_nothing_about_the_person(as_owner: Client) -> None:
    assert "account_authentication_methods" not in as_owner.session


def test_it_is_over_after_half_an_hour_whatever_the_browser_says(as_owner: Client, helper: User, owner: User) -> None:
    Impersonation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    answer = as_owner.post("/o/atelier/books/act/", {"act": "archive"})
    assert answer.headers["Location"] == reverse("admin:accounts_user_change", args=[owner.pk])
    assert as_owner.session["_auth_user_id"] == str(helper.pk)
    [ended] = trail("person.acting_ended")
    assert ended.details["why"] == "over"


def test_a_page_that_looks_again_by_itself_is_told_to_load_anew(as_owner: Client) -> None:
    Impersonation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    answer = as_owner.get("/o/atelier/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")


@pytest.mark.parametrize("change", ["left support", "became staff", "was blocked"])
def test_it_is_over_when_either_is_not_what_they_were(
    change: str, as_owner: Client, helper: User, owner: User, organization: Organization
) -> None:
    if change == "left support":
        helper.groups.clear()
    elif change == "became staff":
        User.objects.filter(pk=owner.pk).update(is_staff=True)
    else:
        User.objects.filter(pk=helper.pk).update(is_active=False)
    assert as_owner.get(f"/o/{organization.slug}/").status_code == 302
    assert Impersonation.objects.get().ended_at is not None
    if change == "was blocked":
        assert "_auth_user_id" not in as_owner.session


def test_a_new_password_of_the_staff_meanwhile_signs_out(as_owner: Client, helper: User) -> None:
    helper.set_password("Another-Meadow-28")
    helper.save(update_fields=["password"])
    assert as_owner.post(reverse("accounts:acting_stop")).headers["Location"] == reverse("account_login")
    assert "_auth_user_id" not in as_owner.session


def test_signing_out_ends_it(as_owner: Client) -> None:
    as_owner.post(reverse("account_logout"))
    assert Impersonation.objects.get().ended_at is not None
    assert "_auth_user_id" not in as_owner.session


def test_a_closed_browser_ends_by_itself(as_owner: Client, run_queue: Callable[[], int]) -> None:
    run_queue()
    assert Impersonation.objects.get().ended_at is None
    Impersonation.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    Lease.objects.filter(task="accounts.tasks.end_acting").update(available_at=timezone.now())
    run_queue()
    held = Impersonation.objects.get()
    assert held.ended_at == held.ends_at


# ── What is left of it ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_trail_names_who_really_was_there(
    as_owner: Client, helper: User, owner: User, organization: Organization
) -> None:
    book = builders.make_book(organization, owner)
    as_owner.post(f"/o/{organization.slug}/books/act/", {"act": "archive", "book": [str(book.pk)]})
    as_owner.post(reverse("accounts:acting_stop"))
    [began] = trail("person.acting_began")
    [ended] = trail("person.acting_ended")
    for entry in (began, ended):
        assert (entry.actor_id, entry.real_actor_id, entry.target_id) == (helper.pk, helper.pk, owner.pk)
        assert entry.severity == Severity.CRITICAL
    assert (ended.details, began.details) == ({"why": "stopped", "minutes": 1}, {"minutes": 30})
    assert began.personal == {"reason": REASON}
    with tenancy.system("tests: the trail"):
        between = list(Entry.objects.filter(target_id=book.pk))
    assert [(one.actor_id, one.real_actor_id, one.real_actor_label) for one in between] == [
        (owner.pk, helper.pk, helper.name)
    ]


def test_the_person_is_told_when_how_long_and_why(as_owner: Client, owner: User, run_queue: Callable[[], int]) -> None:
    as_owner.post(reverse("accounts:acting_stop"))
    run_queue()
    [letter] = [one for one in mail.outbox if one.to == [owner.email]]
    text = str(letter.message())
    assert "4711" in text
    assert "minute" in text


def test_the_person_finds_it_in_their_own_activity(as_owner: Client, owner: User, client_of: ClientOf) -> None:
    as_owner.post(reverse("accounts:acting_stop"))
    text = client_of(owner).get("/me/activity/").content.decode()
    assert "began to act as somebody" in text
    assert REASON in text


def test_it_leaves_no_trace_of_a_sign_in_of_the_person(as_owner: Client, owner: User) -> None:
    owner.refresh_from_db()
    assert owner.last_login is None
    assert [one for one in trail("person.signed_in") if one.actor_id == owner.pk] == []
