"""Signing in, signing up and linking with Google, against a provider on loopback."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Severity
from tests import builders
from tests.accounts import authenticator
from tests.accounts.door import PASSWORD, sign_in, signed_in
from tests.fakes.google import Account, FakeGoogle
from tests.trail import trail

pytestmark = pytest.mark.django_db
BEE = Account(subject="10769150350006150715113082367", email="Ada.Bee@example.org", name="Ada Bee")
START = "/accounts/oidc/google/login/"


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeGoogle]:
    """Served once for all of these tests."""
    with FakeGoogle() as fake:
        yield fake


@pytest.fixture
def google(provider: FakeGoogle, settings: Any) -> FakeGoogle:
    """Google, well and configured."""
    provider.accounts, provider.fault, provider.requests = [BEE], "", []
    connect = {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [provider.app()]}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": connect}
    return provider


def come_back(client: Client, google: FakeGoogle, account: Account = BEE, process: str = "login") -> Any:
    """Press the button, choose the account over there, come back; the last answer."""
    led = client.post(START, {"process": process}).headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(led).query).items()}
    assert google.refusal(asked) == ""
    return client.get(google.choose(asked, account))


def finish(client: Client, **fields: str) -> Any:
    """Send the form of a new person; what consent needs is given."""
    page = client.get(reverse("socialaccount_signup"))
    form = page.context["form"]
    given = {
        name: form.initial.get(name, field.initial) or "on" for name, field in form.fields.items() if field.required
    }
    return client.post(reverse("socialaccount_signup"), {**given, "display_name": "Ada Bee", **fields})


def test_there_is_no_button_without_a_client_of_googles(client: Client, settings: Any) -> None:
    assert START not in client.get(reverse("account_login")).content.decode()


def test_there_is_a_button_with_one(client: Client, google: FakeGoogle) -> None:
    assert START in client.get(reverse("account_login")).content.decode()


def test_a_bare_link_asks_before_it_leads_away(client: Client, google: FakeGoogle) -> None:
    page = client.get(START)
    assert (page.status_code, page.templates[0].name) == (200, "socialaccount/login.html")


def test_a_new_person_is_asked_what_sign_up_asks_and_has_an_account(client: Client, google: FakeGoogle) -> None:
    assert come_back(client, google).headers["Location"] == reverse("socialaccount_signup")
    assert not User.objects.exists()
    assert client.get(reverse("socialaccount_signup")).context["form"].initial["display_name"] == "Ada Bee"
    finish(client)
    person = User.objects.get()
    assert (person.email, person.display_name, person.has_usable_password()) == (
        "ada.bee@example.org",
        "Ada Bee",
        False,
    )
    assert person.memberships.get().role == "owner"
    assert signed_in(client)
    assert [one.details for one in trail("person.signed_in")] == [{"methods": ["google"]}]
    assert [one.severity for one in trail("person.google_linked")] == [Severity.HIGH]


def test_a_known_google_account_signs_its_person_in(google: FakeGoogle) -> None:
    first = Client()
    come_back(first, google)
    finish(first)
    again = Client()
    assert come_back(again, google).headers["Location"] == reverse("organizations:landing")
    assert signed_in(again)


def test_nothing_of_google_is_kept_but_the_address(client: Client, google: FakeGoogle) -> None:
    come_back(client, google)
    finish(client)
    assert SocialAccount.objects.get().extra_data == {"email": BEE.email}
    assert not SocialToken.objects.exists()


def test_an_address_that_has_an_account_is_not_taken_over(client: Client, google: FakeGoogle) -> None:
    builders.make_person(email="ada.bee@example.org", password=PASSWORD)
    answer = come_back(client, google)
    assert answer.headers["Location"] == reverse("account_login")
    assert b"You have an account here with this address" in client.get(reverse("account_login")).content
    assert not SocialAccount.objects.exists()
    assert not signed_in(client)


def test_an_address_google_does_not_vouch_for_proves_nothing(
    client: Client, google: FakeGoogle, run_queue: Callable[[], int]
) -> None:
    builders.make_person(email="ada.bee@example.org", password=PASSWORD)
    come_back(client, google, Account(BEE.subject, BEE.email, BEE.name, email_verified=False))
    finish(client)
    assert not SocialAccount.objects.exists()
    assert not signed_in(client)
    run_queue()
    assert [one.to for one in mail.outbox] == [["ada.bee@example.org"]]


def test_who_is_signed_in_links_and_unlinks_after_proving_it(google: FakeGoogle, run_queue: Callable[[], int]) -> None:
    person, client = builders.make_person(email="ada@example.org", password=PASSWORD), Client()
    sign_in(client, person.email)
    assert come_back(client, google, process="connect").headers["Location"] == reverse("account_reauthenticate")
    assert not SocialAccount.objects.exists()
    authenticator.prove(client)
    assert SocialAccount.objects.get().user == person
    page = client.get(reverse("accounts:security")).content.decode()
    assert BEE.email in page
    assert signed_in(client)
    client.post(reverse("accounts:google_unlink"))
    assert not SocialAccount.objects.exists()
    assert [one.personal for one in trail("person.google_unlinked")] == [{"address": BEE.email}]
    run_queue()
    assert {"Google was linked", "Google was unlinked"} <= {one.subject for one in mail.outbox}


def test_the_only_way_in_is_not_taken_away(client: Client, google: FakeGoogle) -> None:
    come_back(client, google)
    finish(client)
    builders.prove(client, User.objects.get(), method="code")
    assert client.post(reverse("accounts:google_unlink")).status_code == 422
    assert SocialAccount.objects.exists()


def test_a_google_account_opens_one_account_alone(google: FakeGoogle) -> None:
    first = Client()
    come_back(first, google)
    finish(first)
    other = Client()
    sign_in(other, builders.make_person(email="eve@example.org", password=PASSWORD).email)
    authenticator.prove(other)
    come_back(other, google, process="connect")
    assert SocialAccount.objects.get().user.email == "ada.bee@example.org"


def test_the_request_carries_a_nonce_a_state_and_a_challenge_of_this_visit(google: FakeGoogle) -> None:
    visits = []
    for client in (Client(), Client()):
        led = client.post(START, {"process": "login"}).headers["Location"]
        visits.append({name: values[0] for name, values in parse_qs(urlsplit(led).query).items()})
    for name in ("nonce", "state", "code_challenge"):
        assert visits[0][name] != visits[1][name]
    assert set(visits[0]["scope"].split()) == {"openid", "profile", "email"}


def test_an_address_cannot_change_what_google_is_asked(google: FakeGoogle) -> None:
    led = Client().post(f"{START}?scope=drive&auth_params=prompt%3Dnone", {"process": "login"}).headers["Location"]
    assert "drive" not in led
    assert "prompt" not in led


@pytest.mark.parametrize("fault", ["nonce", "audience", "issuer", "expired", "no_token", "used", "away"])
def test_a_false_answer_opens_nothing_and_says_so(client: Client, google: FakeGoogle, fault: str) -> None:
    led = client.post(START, {"process": "login"}).headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(led).query).items()}
    google.fault = fault
    answer = client.get(google.choose(asked, BEE))
    assert answer.templates[0].name == "socialaccount/authentication_error.html"
    assert not User.objects.exists()


def test_google_away_is_told_before_anybody_is_led_there(client: Client, google: FakeGoogle) -> None:
    google.fault = "away"
    answer = client.post(START, {"process": "login"})
    assert answer.templates[0].name == "socialaccount/authentication_error.html"


def test_an_answer_meant_for_another_browser_opens_nothing(client: Client, google: FakeGoogle) -> None:
    led = client.post(START, {"process": "login"}).headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(led).query).items()}
    victim = Client()
    answer = victim.get(google.choose(asked, BEE))
    assert answer.templates[0].name == "socialaccount/authentication_error.html"
    assert not signed_in(victim)


def test_turning_back_at_google_is_no_error(client: Client, google: FakeGoogle) -> None:
    led = client.post(START, {"process": "login"}).headers["Location"]
    state = parse_qs(urlsplit(led).query)["state"][0]
    answer = client.get(f"{START}callback/", {"error": "access_denied", "state": state}, follow=True)
    assert (answer.status_code, answer.templates[0].name) == (200, "socialaccount/login_cancelled.html")
