"""No door tells whether an address has an account: same answers, headers and cookies, to the end, and always a mail."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.accounts.door import ANOTHER, PASSWORD, looks, sign_in

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]
Road = Callable[[Client, str], list[Any]]
KNOWN, UNKNOWN, UNPROVED, CLOSED = "known@example.org", "none1@example.org", "fresh@example.org", "gone1@example.org"


def sent(client: Client, name: str, **fields: str) -> Any:
    """Send a form to the door of that name."""
    return client.post(reverse(name), fields)


def by_password(client: Client, email: str) -> list[Any]:
    """A wrong password."""
    return [sent(client, "account_login", login=email, password=ANOTHER), client.get(reverse("account_login"))]


def by_sign_up(client: Client, email: str) -> list[Any]:
    """Sign-up, the page of the code, one more code, three wrong ones."""
    fields = {"email": email, "password1": PASSWORD, "display_name": "Ada", "agreed": "on"}
    door = "account_email_verification_sent"
    return [
        sent(client, "account_signup", **fields),
        client.get(reverse(door)),
        sent(client, door, action="resend"),
        client.get(reverse(door)),
        *(sent(client, door, code="WRONG1") for _try in range(3)),
        client.get(reverse("account_login")),
    ]


def by_reset(client: Client, email: str) -> list[Any]:
    """A forgotten password, and three wrong codes."""
    door = "account_confirm_password_reset_code"
    return [
        sent(client, "account_reset_password", email=email),
        client.get(reverse(door)),
        *(sent(client, door, code="WRONG1") for _try in range(3)),
        client.get(reverse("account_login")),
    ]


def by_code(client: Client, email: str) -> list[Any]:
    """A code in place of the password, and three wrong ones."""
    door = "account_confirm_login_code"
    return [
        sent(client, "account_request_login_code", email=email),
        client.get(reverse(door)),
        *(sent(client, door, code="WRONG1") for _try in range(3)),
        client.get(reverse("account_login")),
    ]


def by_change(client: Client, email: str) -> list[Any]:
    """Somebody signed in wants this address for their own account."""
    asker = builders.make_person(email="asker@example.org", password=PASSWORD)
    sign_in(client, asker.email)
    sent(client, "account_reauthenticate", password=PASSWORD)
    mail.outbox.clear()
    road = [
        sent(client, "account_email", email=email),
        client.get(reverse("accounts:email_confirm")),
        sent(client, "accounts:email_confirm", old_code="WRONG1", new_code="WRONG2"),
        client.get(reverse("account_email")),
    ]
    EmailAddress.objects.filter(user=asker).delete()
    asker.email = f"asker-{asker.pk}@example.org"
    asker.save()
    return road


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    """Not the time is looked at here (tests/benchmarks/enumeration.py does), and Argon2 takes most of it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


ROADS: list[Road] = [by_password, by_sign_up, by_reset, by_code, by_change]


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
@pytest.mark.parametrize("there", [KNOWN, UNPROVED, CLOSED])
def test_a_door_answers_the_same(road: Road, there: str, run_queue: Queue) -> None:
    builders.make_person(email=KNOWN, password=PASSWORD)
    builders.make_person(email=CLOSED, password=PASSWORD, is_active=False)
    builders.make_person(email=UNPROVED, password=PASSWORD)
    EmailAddress.objects.filter(email=UNPROVED).update(verified=False)
    seen = {}
    for email in (there, UNKNOWN):
        mail.outbox.clear()
        answers = [looks(answer, email) for answer in road(Client(), email)]
        run_queue()
        seen[email] = (answers, {"theirs" if one.to == [email] else "other" for one in mail.outbox})
    for known, unknown in zip(seen[there][0], seen[UNKNOWN][0], strict=True):
        assert known == unknown
    assert seen[there][1] == seen[UNKNOWN][1]


@pytest.mark.parametrize("road", [by_sign_up], ids=lambda road: road.__name__)
def test_the_closed_beta_answers_the_same(road: Road, settings: Any) -> None:
    settings.CLOSED_BETA = True
    builders.make_person(email=KNOWN)
    known, unknown = ([looks(one, email) for one in road(Client(), email)] for email in (KNOWN, UNKNOWN))
    assert known == unknown
