"""The admin's door: a second factor in this session, the site's own sign-in, and what each group finds inside."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.actions import staff as staff_actions
from accounts.models import StaffGroup, User
from audit.models import Severity
from tests import builders
from tests.trail import trail

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
INDEX = "/admin/"


def make_staff(*groups: str, **fields: Any) -> User:
    staff_actions.grant_staff_groups()
    person = builders.make_person(is_staff=True, **fields)
    person.groups.set(Group.objects.filter(name__in=groups))
    return person


# ── The second factor ───────────────────────────────────────────────────────────────────────────────────────────────


def test_staff_without_a_second_factor_are_led_to_set_one_up() -> None:
    client = Client()
    client.force_login(make_staff("administrator"))
    answer = client.get(INDEX)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("accounts:security"))
    assert "second factor" in client.get(reverse("accounts:security")).content.decode()


def test_a_password_alone_is_asked_for_the_second_factor(client_of: ClientOf) -> None:
    person = make_staff("administrator")
    client_of(person)  # has one from here on
    client = Client()
    client.force_login(person)  # as a trusted browser would
    answer = client.get("/admin/books/book/?q=bees")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate") + "?next=/admin/books/book/")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    assert client.get(INDEX).status_code == 302


def test_with_it_the_door_is_open(client_of: ClientOf) -> None:
    assert client_of(make_staff("administrator")).get(INDEX).status_code == 200


def test_a_factor_that_somebody_else_showed_counts_for_nothing(client_of: ClientOf) -> None:
    person = make_staff("administrator")
    client = client_of(person)
    session = client.session
    session["account_authentication_methods_user"] = str(make_staff("administrator").pk)
    session.save()
    assert client.get(INDEX).status_code == 302


def test_no_admin_page_is_before_the_factor() -> None:
    client = Client()
    client.force_login(make_staff("administrator"))
    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(url).headers["Location"] == reverse("accounts:security"), url


def test_the_admin_has_no_sign_in_of_its_own(owner: User, client_of: ClientOf) -> None:
    door = reverse("account_login")
    for ask in (Client().get, Client().post):
        answer = ask("/admin/login/?next=/admin/books/book/")
        assert answer.headers["Location"] == f"{door}?next=/admin/books/book/"
    assert client_of(owner).get("/admin/login/").status_code == 403
    assert client_of(make_staff()).get("/admin/login/").headers["Location"] == INDEX
    changed = client_of(make_staff()).get("/admin/password_change/")
    assert changed.headers["Location"] == reverse("account_change_password")


def test_credentials_are_no_tables_of_the_admin() -> None:
    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels & {"account", "mfa", "socialaccount", "usersessions", "sessions"} == set()


# ── Groups ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Tables (app.model) that each group finds in the admin's index; docs/decisions/staff.md tells it in words.
SEES: dict[StaffGroup, set[str]] = {
    StaffGroup.EDITOR: {"accounts.legaltext"},
    StaffGroup.CORRECTOR: {"books.book", "organizations.organization"},
    StaffGroup.FINANCE: {
        "accounts.user", "billing.creditaccount", "billing.creditpack", "billing.customer", "billing.errand",
        "billing.ledgerentry", "billing.payment", "billing.plan", "billing.plangift", "billing.price",
        "billing.providerevent", "billing.purchase", "billing.service", "billing.subscription", "billing.tariff",
        "billing.usageday", "books.languagemodelcall", "books.run", "organizations.limits",
        "organizations.organization",
    },
}  # fmt: skip
MAY_DO = {
    StaffGroup.ADMINISTRATOR: {
        "accounts.add_impersonation", "auth.change_group", "accounts.add_betainvite", "accounts.add_legaltext",
        "organizations.change_limits", "books.change_run",
    },
    StaffGroup.EDITOR: {"accounts.add_legaltext"},
    StaffGroup.CORRECTOR: set(),
    StaffGroup.SUPPORT: {"accounts.add_impersonation", "accounts.add_betainvite", "books.change_run"},
    StaffGroup.FINANCE: {"organizations.change_limits"},
}  # fmt: skip
DECISIVE = set().union(*MAY_DO.values())


def listed(client: Client) -> set[str]:
    """Tables in the index, of those that are registered."""
    apps = client.get(INDEX).context["available_apps"]
    return {f"{app['app_label']}.{model['object_name'].lower()}" for app in apps for model in app["models"]}


@pytest.mark.parametrize("group", SEES)
def test_a_group_finds_its_tables_and_no_other(group: StaffGroup, client_of: ClientOf) -> None:
    assert listed(client_of(make_staff(group.value))) == SEES[group]


def test_administrators_find_everything(client_of: ClientOf) -> None:
    everything = {model._meta.label_lower for model in admin.site._registry}
    assert listed(client_of(make_staff("administrator"))) == everything


def test_support_finds_people_and_their_work_but_no_rights_of_staff(client_of: ClientOf) -> None:
    found = listed(client_of(make_staff("support")))
    assert {"accounts.user", "accounts.impersonation", "audit.entry", "books.run", "core.mail"} <= found
    assert "auth.group" not in found


@pytest.mark.parametrize("group", MAY_DO)
def test_a_group_may_do_what_the_table_says(group: StaffGroup) -> None:
    person = make_staff(group.value)
    assert {right for right in DECISIVE if person.has_perm(right)} == MAY_DO[group]


@pytest.mark.parametrize("group", StaffGroup.values)
def test_no_group_deletes(group: str) -> None:
    staff_actions.grant_staff_groups()
    deleting = Group.objects.get(name=group).permissions.filter(codename__startswith="delete_")
    assert set(deleting.values_list("content_type__app_label", flat=True)) <= {"billing", "cms"}  # drafts of theirs


def test_groups_follow_the_code_at_every_migration() -> None:
    staff_actions.grant_staff_groups()
    group = Group.objects.get(name="editor")
    before = set(group.permissions.all())
    group.permissions.set(Permission.objects.filter(codename="delete_user"))
    staff_actions.grant_staff_groups()
    assert set(group.permissions.all()) == before
    assert set(Group.objects.values_list("name", flat=True)) >= set(StaffGroup.values)


# ── Rights ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def rights(client: Client, person: User, **form: Any) -> Any:
    return client.post(reverse("admin:accounts_rights", args=[person.pk]), form)


def test_an_administrator_appoints_and_the_person_is_signed_out(client_of: ClientOf, owner: User) -> None:
    theirs, administrator = client_of(owner), make_staff("administrator")
    theirs.get("/home/")
    assert rights(client_of(administrator), owner, is_staff="on", groups=["support"]).status_code == 302
    owner = User.objects.get(pk=owner.pk)
    assert owner.is_staff
    assert [group.name for group in owner.groups.all()] == ["support"]
    [entry] = trail("staff.appointed")
    assert entry.changes == {"is_staff": [False, True], "groups": [[], ["support"]]}
    assert (entry.severity, entry.actor_id, entry.target_id) == (Severity.CRITICAL, administrator.pk, owner.pk)
    assert theirs.get("/home/").headers["Location"].startswith(reverse("account_login"))


def test_who_is_no_longer_staff_is_of_no_group(client_of: ClientOf) -> None:
    person = make_staff("support", "editor")
    rights(client_of(make_staff("administrator")), person, groups=["support"])
    person = User.objects.get(pk=person.pk)
    assert not person.is_staff
    assert not person.groups.exists()


def test_the_same_again_changes_nothing(client_of: ClientOf) -> None:
    rights(client_of(make_staff("administrator")), make_staff("support"), is_staff="on", groups=["support"])
    assert trail("staff.appointed") == []


def test_it_asks_who_one_is_once_more(client_of: ClientOf, owner: User) -> None:
    client = client_of(make_staff("administrator"))
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    answer = rights(client, owner, is_staff="on", groups=["support"])
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert trail("staff.appointed") == []


@pytest.mark.parametrize("group", ["support", "editor", "corrector", "finance"])
def test_others_do_not_appoint(group: str, client_of: ClientOf, owner: User) -> None:
    assert rights(client_of(make_staff(group)), owner, is_staff="on").status_code == 403
    assert trail("staff.appointed") == []


def test_nobody_changes_their_own_rights_or_a_superusers(client_of: ClientOf) -> None:
    administrator, root = make_staff("administrator"), builders.make_person(is_staff=True, is_superuser=True)
    client = client_of(administrator)
    assert rights(client, administrator, is_staff="on", groups=["support"]).status_code == 422
    assert rights(client, root).status_code == 422
    assert trail("staff.appointed") == []


def test_the_ordinary_form_of_a_person_changes_nothing(client_of: ClientOf, owner: User) -> None:
    client = client_of(make_staff("administrator"))
    page = reverse("admin:accounts_user_change", args=[owner.pk])
    assert client.post(page, {"is_staff": "on", "is_superuser": "on", "email": "x@example.org"}).status_code == 403
    text = client.get(page).content.decode()
    assert reverse("admin:accounts_act", args=[owner.pk]).rsplit("/", 2)[0] in text
