"""A forgotten password: a mailed code opens the way to a new one."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.accounts.door import ANOTHER, PASSWORD, mailed_code, sign_in, signed_in

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]


def ask(client: Client, email: str) -> str:
    """Ask for a code and return where the browser is led."""
    response = client.post(reverse("account_reset_password"), {"email": email})
    assert response.status_code == 302
    return response.headers["Location"]


def test_a_mailed_code_leads_to_a_new_password(client: Client, run_queue: Queue) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    place = ask(client, "ADA@example.org")
    led = client.post(place, {"code": mailed_code(run_queue)})
    assert led.status_code == 302
    done = client.post(led.headers["Location"], {"password1": ANOTHER, "password2": ANOTHER})
    assert done.status_code == 302
    fresh = Client()
    sign_in(fresh, "ada@example.org", PASSWORD)
    assert not signed_in(fresh)
    sign_in(fresh, "ada@example.org", ANOTHER)
    assert signed_in(fresh)


def test_the_rule_for_passwords_holds_here_too(client: Client, run_queue: Queue) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    led = client.post(ask(client, "ada@example.org"), {"code": mailed_code(run_queue)})
    assert client.post(led.headers["Location"], {"password1": "short", "password2": "short"}).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_wrong_code_leads_nowhere(client: Client, run_queue: Queue) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    place = ask(client, "ada@example.org")
    mailed_code(run_queue)
    assert client.post(place, {"code": "WRONG1"}).status_code == 200


def test_an_unknown_address_gets_the_same_answer(client: Client, run_queue: Queue) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    assert ask(client, "ada@example.org") == ask(Client(), "eve@example.org")
    run_queue()
    assert {one.to[0] for one in mail.outbox} == {"ada@example.org", "eve@example.org"}
