"""The list of sessions: what it says, how it stays cheap, and ending one or all others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.queries import devices, sessions
from audit.models import Entry, Severity
from core import tenancy
from tests import builders
from tests.accounts.authenticator import prove
from tests.accounts.door import ANOTHER, PASSWORD, mailed_code, sign_in, signed_in

pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
TELEPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def ada() -> User:
    """Somebody with a password."""
    return builders.make_person(email="ada@example.org", password=PASSWORD)


@pytest.fixture
def here(ada: User) -> Client:
    """Her browser at a desk, signed in."""
    client = Client(headers={"user-agent": WINDOWS})
    sign_in(client, ada.email)
    return client


@pytest.fixture
def there(ada: User) -> Client:
    """Her telephone, signed in."""
    client = Client(headers={"user-agent": TELEPHONE})
    sign_in(client, ada.email)
    return client


def actions(person: User) -> list[tuple[str, str]]:
    """What the trail has of sessions: action and severity."""
    with tenancy.system("looking"):
        found = Entry.objects.filter(target_id=person.pk, action__contains="session").order_by("id")
        return [(one.action, one.severity) for one in found]


def test_each_browser_is_listed_in_words_this_one_first(here: Client, there: Client) -> None:
    page = here.get(reverse("accounts:sessions"))
    assert [(row.device, row.is_this) for row in page.context["sessions"]] == [
        ("Firefox on Windows", True),
        ("Safari on iOS", False),
    ]


def test_devices_are_named_in_french_too(ada: User, here: Client) -> None:
    ada.language = "fr"
    ada.save()
    assert "Firefox sous Windows" in here.get(reverse("accounts:sessions")).content.decode()


@pytest.mark.parametrize("said", ["", "curl/8.5.0", "x" * 300, "<script>alert(1)</script>"])
def test_any_browser_has_a_name(said: str) -> None:
    assert devices.in_words(said)


def test_ending_one_session_ends_that_one(here: Client, there: Client, ada: User) -> None:
    other = next(row for row in here.get(reverse("accounts:sessions")).context["sessions"] if not row.is_this)
    here.post(reverse("accounts:session_end", args=[other.id]))
    assert signed_in(here)
    assert not signed_in(there)
    assert actions(ada) == [("person.session_ended", Severity.MEDIUM)]


def test_nobody_ends_a_session_of_somebody_else(here: Client, ada: User) -> None:
    eve = Client()
    eve.force_login(builders.make_person())
    eve.post(reverse("accounts:session_end", args=[UserSession.objects.get(user=ada).pk]))
    assert signed_in(here)
    assert actions(ada) == []


def test_ending_all_others_asks_first_and_leaves_this_one(here: Client, there: Client, ada: User) -> None:
    assert here.get(reverse("accounts:sessions_end")).status_code == 200
    assert signed_in(there)
    here.post(reverse("accounts:sessions_end"))
    assert signed_in(here)
    assert not signed_in(there)
    assert actions(ada) == [("person.sessions_ended", Severity.MEDIUM)]


def test_a_new_password_ends_all_others(here: Client, there: Client, ada: User) -> None:
    prove(here)
    fields = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER, "password": ANOTHER}
    assert here.post(reverse("account_change_password"), fields).status_code == 302
    assert signed_in(here)
    assert not signed_in(there)
    assert [row.is_this for row in here.get(reverse("accounts:sessions")).context["sessions"]] == [True]


def test_a_reset_password_ends_every_session(here: Client, ada: User, run_queue: Callable[[], int]) -> None:
    client = Client()
    place = client.post(reverse("account_reset_password"), {"email": ada.email}).headers["Location"]
    led = client.post(place, {"code": mailed_code(run_queue)})
    client.post(led.headers["Location"], {"password1": ANOTHER, "password2": ANOTHER})
    assert not signed_in(here)
    assert not UserSession.objects.filter(user=ada).exists()


def test_the_session_has_a_new_key_after_signing_in_and_after_each_proof(ada: User) -> None:
    client = Client()
    client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    keys = [client.cookies["session"].value]
    sign_in(client, ada.email)
    keys.append(client.cookies["session"].value)
    prove(client)
    keys.append(client.cookies["session"].value)
    assert len(set(keys)) == 3
    assert UserSession.objects.get(user=ada).session_key == keys[-1]
    for old in keys[:-1]:
        thief = Client()
        thief.cookies["session"] = old
        assert not signed_in(thief)


def test_last_use_is_written_at_most_once_a_minute(here: Client, ada: User) -> None:
    here.get(reverse("accounts:profile"))
    with CaptureQueriesContext(connection) as queries:
        here.get(reverse("accounts:profile"))
    assert not [one for one in queries if "usersession" in one["sql"]]
    long_ago = timezone.now() - timedelta(hours=1)
    UserSession.objects.filter(user=ada).update(last_seen_at=long_ago)
    cache.clear()  # the minute is over
    here.get(reverse("accounts:profile"))
    assert UserSession.objects.get(user=ada).last_seen_at > long_ago


def test_the_list_takes_as_many_queries_however_long_it_is(ada: User) -> None:
    counts = []
    for _again in range(2):
        client = Client()
        client.force_login(ada)
        key = client.session.session_key
        with CaptureQueriesContext(connection) as queries:
            sessions.of(ada, key)
        counts.append(len(queries))
    assert counts[0] == counts[1] == 1


def test_a_session_that_ran_out_is_not_listed(here: Client, there: Client, ada: User) -> None:
    row = UserSession.objects.exclude(session_key=here.session.session_key).get()
    row._session_store().delete(row.session_key)
    assert sessions.count(ada) == 1
