"""Changing the e-mail address: a code from both ends, one account an address, no word about others' accounts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from core import tenancy
from tests import builders
from tests.accounts.door import PASSWORD, sign_in, signed_in

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]
OLD, NEW = "ada@example.org", "ada@example.net"
CODE = re.compile(r"^ {4}(\S+)\r?$", re.MULTILINE)
CONFIRM = "/me/email/confirm/"


@pytest.fixture
def person() -> User:
    """Somebody with a password."""
    return builders.make_person(email=OLD, password=PASSWORD)


@pytest.fixture
def ada(client: Client, person: User) -> Client:
    """Their browser, in which they proved a moment ago who they are."""
    sign_in(client, OLD)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def ask(client: Client, email: str = NEW) -> Any:
    """Ask for the change."""
    return client.post(reverse("account_email"), {"email": email})


def mailed(run_queue: Queue) -> dict[str, tuple[str, str]]:
    """Subject and code (or "") of the mails since the last time, by recipient."""
    mail.outbox.clear()
    run_queue()
    found = {}
    for one in mail.outbox:
        body = one.message().get_body(("plain",))
        code = CODE.search(str(body.get_content()) if body else "")
        found[one.to[0]] = (str(one.subject), code[1] if code else "")
    return found


def enter(client: Client, old: str, new: str) -> Any:
    """Send both codes."""
    return client.post(CONFIRM, {"old_code": old, "new_code": new})


def test_both_codes_change_the_address(ada: Client, person: User, run_queue: Queue) -> None:
    assert ask(ada).headers["Location"] == CONFIRM
    codes = mailed(run_queue)
    assert enter(ada, codes[OLD][1], codes[NEW][1]).headers["Location"] == reverse("account_email")
    person.refresh_from_db()
    assert person.email == NEW
    assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [(NEW, True, True)]
    assert signed_in(ada)
    assert mailed(run_queue).keys() == {OLD, NEW}
    fresh = Client()
    sign_in(fresh, NEW)
    assert signed_in(fresh)


def test_the_trail_has_it_and_the_addresses_where_they_can_be_erased(
    ada: Client, person: User, run_queue: Queue
) -> None:
    ask(ada)
    codes = mailed(run_queue)
    enter(ada, codes[OLD][1], codes[NEW][1])
    with tenancy.system("looking"):
        entry = Entry.objects.get(action="person.email_changed", target_id=person.pk)
    assert entry.personal == {"before": OLD, "after": NEW}
    assert (entry.details, entry.changes, entry.severity) == ({}, {}, "high")


def test_the_other_sessions_end(ada: Client, run_queue: Queue) -> None:
    elsewhere = Client()
    sign_in(elsewhere, OLD)
    assert signed_in(elsewhere)
    ask(ada)
    codes = mailed(run_queue)
    enter(ada, codes[OLD][1], codes[NEW][1])
    assert not signed_in(elsewhere)


@pytest.mark.parametrize("wrong", ["old", "new"])
def test_one_code_is_not_enough(ada: Client, person: User, run_queue: Queue, wrong: str) -> None:
    ask(ada)
    codes = mailed(run_queue)
    given = {"old": codes[OLD][1], "new": codes[NEW][1], wrong: "WRONG1"}
    assert enter(ada, given["old"], given["new"]).status_code == 422
    person.refresh_from_db()
    assert person.email == OLD


def test_three_wrong_tries_end_it(ada: Client, person: User, run_queue: Queue) -> None:
    ask(ada)
    codes = mailed(run_queue)
    for _try in range(3):
        enter(ada, "WRONG1", "WRONG2")
    assert enter(ada, codes[OLD][1], codes[NEW][1]).headers["Location"] == reverse("account_email")
    person.refresh_from_db()
    assert person.email == OLD


def test_it_runs_out(ada: Client, person: User, run_queue: Queue) -> None:
    ask(ada)
    codes = mailed(run_queue)
    session = ada.session
    session["email_change"] = session["email_change"] | {"until": 0}
    session.save()
    enter(ada, codes[OLD][1], codes[NEW][1])
    person.refresh_from_db()
    assert person.email == OLD


def test_it_can_be_given_up(ada: Client, person: User, run_queue: Queue) -> None:
    ask(ada)
    codes = mailed(run_queue)
    ada.post("/me/email/cancel/")
    enter(ada, codes[OLD][1], codes[NEW][1])
    person.refresh_from_db()
    assert person.email == OLD


def test_codes_work_in_the_browser_that_asked_alone(ada: Client, person: User, run_queue: Queue) -> None:
    ask(ada)
    codes = mailed(run_queue)
    elsewhere = Client()
    sign_in(elsewhere, OLD)
    enter(elsewhere, codes[OLD][1], codes[NEW][1])
    person.refresh_from_db()
    assert person.email == OLD


def test_a_taken_address_looks_the_same_and_gets_a_mail_without_a_code(
    ada: Client, person: User, run_queue: Queue
) -> None:
    builders.make_person(email="taken@example.org")
    free, taken = ask(ada), ask(ada, "Taken@example.org")
    assert (free.status_code, free.headers["Location"]) == (taken.status_code, taken.headers["Location"])
    codes = mailed(run_queue)
    assert codes[NEW][1]
    assert codes["taken@example.org"][1] == ""
    assert enter(ada, codes[OLD][1], codes[NEW][1]).status_code == 422
    person.refresh_from_db()
    assert person.email == OLD


def test_an_address_taken_meanwhile_stays_its_owners(ada: Client, person: User, run_queue: Queue) -> None:
    ask(ada)
    codes = mailed(run_queue)
    builders.make_person(email=NEW)
    assert enter(ada, codes[OLD][1], codes[NEW][1]).status_code == 409
    person.refresh_from_db()
    assert person.email == OLD


def test_who_they_are_is_asked_first(client: Client, person: User) -> None:
    client.force_login(person)
    assert ask(client).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert client.get(CONFIRM).headers["Location"] == reverse("account_email")


@pytest.mark.parametrize("email", ["", "nobody", OLD, "ADA@example.org", "a" * 250 + "@example.org"])
def test_what_is_no_new_address_is_refused(ada: Client, email: str) -> None:
    assert ask(ada, email).status_code == 422


def test_allauths_way_to_several_addresses_is_closed(ada: Client, person: User) -> None:
    for act in ("action_add", "action_primary", "action_remove", "action_send"):
        ada.post(reverse("account_email"), {act: "1", "email": "second@example.org"})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [OLD]
