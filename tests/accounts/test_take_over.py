"""Nobody has a way into an account for having opened it first, with an address that is somebody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from accounts.actions import beta
from accounts.models import User
from audit.models import Entry
from core import tenancy
from tests.accounts.door import ANOTHER, confirm, mailed_code, sign_in, sign_up, signed_in
from tests.accounts.test_google import BEE, come_back, finish, google, provider  # noqa: F401  # the fixtures
from tests.fakes.google import Account, FakeGoogle

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]
ADA = "ada@example.org"
UNVOUCHED = Account(BEE.subject, BEE.email, BEE.name, email_verified=False)


def by_code(client: Client, run_queue: Queue) -> None:
    """Come in by a mailed code."""
    client.post(reverse("account_request_login_code"), {"email": ADA})
    client.post(reverse("account_confirm_login_code"), {"code": mailed_code(run_queue)})


def by_reset(client: Client, run_queue: Queue) -> None:
    """Come in with a new password, set by a mailed code."""
    client.post(reverse("account_reset_password"), {"email": ADA})
    client.post(reverse("account_confirm_password_reset_code"), {"code": mailed_code(run_queue)})
    client.post(reverse("account_complete_password_reset"), {"password1": ANOTHER, "password2": ANOTHER})
    sign_in(client, ADA, ANOTHER)


@pytest.mark.parametrize("way", [by_code, by_reset])
def test_a_password_from_before_the_address_was_proved_opens_nothing(run_queue: Queue, way: Any) -> None:
    sign_up(Client(), ADA)
    ada, eve = Client(), Client()
    way(ada, run_queue)
    assert signed_in(ada)
    sign_in(eve, ADA)
    assert not signed_in(eve)
    with tenancy.system("looking"):
        assert Entry.objects.filter(action="person.ways_in_forgotten", target_id=User.objects.get().pk).count() == 1


@pytest.mark.parametrize("way", [by_code, by_reset])
def test_a_google_account_from_before_the_address_was_proved_opens_nothing(
    google: FakeGoogle,  # noqa: F811  # the fixture
    run_queue: Queue,
    way: Any,
) -> None:
    ada, eve = Client(), Client()
    come_back(eve, google, UNVOUCHED)
    finish(eve, email=ADA)
    assert User.objects.get().email == ADA
    way(ada, run_queue)
    assert signed_in(ada)
    again = Client()
    come_back(again, google, UNVOUCHED)
    assert not signed_in(again)


def test_who_proves_the_address_where_they_signed_up_keeps_the_password(client: Client, run_queue: Queue) -> None:
    sign_up(client, ADA)
    confirm(client, mailed_code(run_queue))
    again = Client()
    sign_in(again, ADA)
    assert signed_in(again)


def test_an_address_that_is_proved_already_keeps_its_password(client: Client, run_queue: Queue) -> None:
    sign_up(client, ADA)
    confirm(client, mailed_code(run_queue))
    by_code(Client(), run_queue)
    again = Client()
    sign_in(again, ADA)
    assert signed_in(again)


def test_another_address_than_googles_is_proved_by_a_code(
    google: FakeGoogle,  # noqa: F811  # the fixture
    client: Client,
    run_queue: Queue,
) -> None:
    come_back(client, google)
    finish(client, email=ADA)
    assert not signed_in(client)
    assert [(one.email, one.verified) for one in EmailAddress.objects.all()] == [(ADA, False)]
    confirm(client, mailed_code(run_queue))
    assert signed_in(client)
    assert SocialAccount.objects.get().user.email == ADA


def test_a_beta_code_lets_its_own_address_in_by_google_too(
    google: FakeGoogle,  # noqa: F811  # the fixture
    client: Client,
    settings: Any,
) -> None:
    settings.CLOSED_BETA = True
    made = beta.invite(email=ADA, language="en", by=None)
    come_back(client, google)
    finish(client, email=BEE.email, invite_code=made.code)
    assert not User.objects.exists()
    finish(client, email=ADA, invite_code=made.code)
    assert not signed_in(client)
