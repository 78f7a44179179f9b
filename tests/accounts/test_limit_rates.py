"""How often each door may be tried: by address and by account, with a wait that is told."""

import multiprocessing
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts.middleware import EVEN, FORMS
from core import events, origin, rate_limits
from core.errors import TooMany, Unavailable
from tests import builders
from tests.accounts.door import ANOTHER, PASSWORD, sign_in, sign_up, signed_in

Rates = Callable[[dict[str, tuple[int, int]]], None]


@pytest.fixture
def rates(settings: Any) -> Rates:
    """Set what the trial door counts."""

    def set_rates(of_door: dict[str, tuple[int, int]]) -> None:
        settings.RATE_LIMITS = {**settings.RATE_LIMITS, "trial": of_door}

    return set_rates


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    """Many sign-ins, and most of their time would be Argon2's."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def attempts(door: str, number: int, **keys: object) -> int:
    """How many of so many attempts pass."""
    passed = 0
    for _attempt in range(number):
        try:
            rate_limits.hit(door, **keys)
            passed += 1
        except TooMany:
            pass
    return passed


def _attempts_elsewhere(number: int) -> int:
    """In a process of its own: nothing of the parent's connections is used."""
    events.client.cache_clear()
    rate_limits._window.cache_clear()
    return attempts("trial", number, account="ada@example.org")


def test_one_more_than_allowed_is_refused_with_the_wait(rates: Rates) -> None:
    rates({"account": (3, 300)})
    assert attempts("trial", 3, account="ada") == 3
    with pytest.raises(TooMany) as refused:
        rate_limits.hit("trial", account="ada")
    assert refused.value.retry_after in range(298, 301)
    assert "5 minutes" in refused.value.message


@pytest.mark.parametrize(("seconds", "said"), [(30, "30 seconds"), (90, "2 minutes"), (7200, "2 hours")])
def test_the_wait_is_said_in_words(rates: Rates, seconds: int, said: str) -> None:
    rates({"account": (1, seconds)})
    assert attempts("trial", 1, account="ada") == 1
    with pytest.raises(TooMany, match=said):
        rate_limits.hit("trial", account="ada")


def test_processes_count_together(rates: Rates) -> None:
    rates({"account": (20, 60)})
    with multiprocessing.get_context("fork").Pool(4) as processes:
        assert sum(processes.map(_attempts_elsewhere, [15] * 4)) == 20


def test_accounts_are_counted_apart_and_whatever_their_case(rates: Rates) -> None:
    rates({"account": (1, 60)})
    assert attempts("trial", 1, account="ada@example.org") == 1
    assert attempts("trial", 1, account="eve@example.org") == 1
    assert attempts("trial", 1, account=" ADA@example.org ") == 0


def test_an_attempt_that_ended_well_is_forgotten(rates: Rates) -> None:
    rates({"account": (1, 60)})
    rate_limits.hit("trial", account="ada")
    rate_limits.clear("trial", account="ada")
    assert attempts("trial", 2, account="ada") == 1


def test_no_account_can_be_read_from_what_is_stored(rates: Rates) -> None:
    rates({"account": (1, 60)})
    rate_limits.hit("trial", account="ada@example.org")
    keys: Any = events.client().keys("limits*")
    assert keys
    assert not any(b"ada" in key for key in keys)


def test_a_key_that_the_door_does_not_count_is_a_mistake(rates: Rates) -> None:
    rates({"account": (1, 60)})
    with pytest.raises(ValueError, match="acount"):
        rate_limits.hit("trial", acount="ada")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_a_household_is_one_caller(address: str, counted: str) -> None:
    assert rate_limits.network(address) == counted


def test_what_cannot_be_counted_is_not_done(rates: Rates, settings: Any) -> None:
    rates({"account": (1, 60)})
    with without_valkey(settings), pytest.raises(Unavailable):
        rate_limits.hit("trial", account="ada")


class without_valkey:  # noqa: N801  # read as a phrase
    """Nothing listens at Valkey's address inside the block."""

    def __init__(self, settings: Any) -> None:
        self.settings, self.before = settings, settings.REDIS_URL

    def __enter__(self) -> None:
        self.settings.REDIS_URL = "redis://127.0.0.1:9/0"
        self._forget()

    def __exit__(self, *_error: object) -> None:
        self.settings.REDIS_URL = self.before
        self._forget()

    def _forget(self) -> None:
        events.client.cache_clear()
        rate_limits._window.cache_clear()


@pytest.mark.django_db
def test_while_valkey_is_away_nobody_gets_in_and_pages_are_read(client: Client, settings: Any) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    with without_valkey(settings):
        refused = sign_in(client, "ada@example.org")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
        assert client.get(reverse("account_login")).status_code == 200
    assert not signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_guessing_at_one_account_ends_whether_it_is_there_or_not(email: str) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    statuses = [
        Client(REMOTE_ADDR=f"192.0.2.{guess}").post(reverse("account_login"), {"login": email, "password": ANOTHER})
        for guess in range(6)
    ]
    assert [one.status_code for one in statuses] == [200] * 5 + [429]
    assert 290 <= int(statuses[-1].headers["Retry-After"]) <= 300


@pytest.mark.django_db
def test_guessing_from_one_address_ends_whatever_the_account() -> None:
    tried = [sign_in(Client(), f"person-{guess}@example.org", ANOTHER).status_code for guess in range(11)]
    assert tried == [200] * 10 + [429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    assert sign_in(elsewhere, "person@example.org", ANOTHER).status_code == 200


@pytest.mark.django_db
def test_the_refusal_is_a_page_and_a_plain_message_for_a_part_of_one(client: Client) -> None:
    for _attempt in range(10):
        sign_up(client, "")
    page = sign_up(client, "")
    assert page.status_code == 429
    assert "Try again in" in page.content.decode()
    part = client.post(reverse("account_signup"), {}, headers={"HX-Request": "true"})
    assert part.status_code == 429
    assert "<html" not in part.content.decode()


@pytest.mark.django_db
def test_who_gets_in_may_come_again(client: Client) -> None:
    builders.make_person(email="ada@example.org", password=PASSWORD)
    for number in range(8):
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
        sign_in(browser, "ada@example.org")
        assert signed_in(browser)


@pytest.mark.django_db
def test_reauthentication_is_counted_by_person(client: Client) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    client.force_login(person)
    wrong = [client.post(reverse("account_reauthenticate"), {"password": ANOTHER}).status_code for _try in range(6)]
    assert wrong == [200] * 5 + [429]


@pytest.mark.django_db
def test_the_address_comes_from_where_the_request_came_from(rates: Rates, client: Client) -> None:
    rates({"address": (1, 60)})
    request = client.get("/").wsgi_request
    request.META["REMOTE_ADDR"] = "192.0.2.9"
    with origin.of_request(request, "x"):
        assert attempts("trial", 2) == 1


@pytest.mark.django_db
def test_second_factors_are_counted_by_person_before_anybody_is_signed_in(client: Client) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    TOTP.activate(person, generate_totp_secret())
    sign_in(client, person.email)
    wrong = [client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code for _try in range(6)]
    assert wrong == [200] * 5 + [429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(elsewhere, person.email)
    assert elsewhere.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 429


def test_nobody_holds_threads_by_what_is_refused_before_anything_is_looked_at(settings: Any) -> None:
    settings.DOOR_SECONDS = 60  # an answer that kept the pace would outlast the test
    forger = Client(enforce_csrf_checks=True)
    began = time.monotonic()
    assert sign_in(forger, "ada@example.org").status_code == 403
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "sign_in": {"account": (1, 60)}}
    rate_limits.hit("sign_in", account="ada@example.org")
    assert sign_in(Client(), "ada@example.org").status_code == 429
    assert time.monotonic() - began < 30


@pytest.mark.django_db
def test_a_passkey_shown_once_more_is_counted_like_other_proofs() -> None:
    client = Client()
    client.force_login(builders.make_person(password=PASSWORD))
    answers = [client.post(reverse("mfa_reauthenticate_webauthn"), {}).status_code for _try in range(6)]
    assert answers[-1] == 429


def test_every_form_that_names_an_account_keeps_the_pace() -> None:
    proved_already = {"account_complete_password_reset"}  # nobody comes there without the code of a mail
    assert FORMS.keys() - EVEN == proved_already
