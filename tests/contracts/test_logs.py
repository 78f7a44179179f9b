"""Nothing that opens a door or names a person stands in a line: real journeys through the site, every line captured."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.digests import new_token
from organizations.models import Organization
from tests import builders
from tests.accounts import door
from tests.core.test_log import lines  # noqa: F401  # the fixture

pytestmark = pytest.mark.django_db
Lines = Callable[[], list[dict[str, Any]]]
EMAIL, PASSWORD, OTHER = "new.reader@example.org", "Quiet-Meadow-27", "Loud-Harbour-31"


@pytest.fixture(autouse=True)
def quick_doors(settings: Any) -> None:
    """Answers as soon as they are there."""
    settings.DOOR_SECONDS = 0


@pytest.fixture
def said(lines: Lines) -> Callable[[], str]:  # noqa: F811  # the fixture
    """Everything that was logged, as one text."""
    return lambda: json.dumps(lines(), ensure_ascii=False)


def assert_silent(text: str, *secrets: str) -> None:
    """None of these, nor any address, is in the text; something was said at all."""
    assert '"event"' in text
    assert [secret for secret in secrets if secret and secret in text] == []
    assert "@example.org" not in text


def test_signing_up(client: Client, said: Callable[[], str], run_queue: Callable[[], int]) -> None:
    door.sign_up(client, EMAIL, PASSWORD, "New Reader")
    code = door.mailed_code(run_queue)
    door.confirm(client, "WRONG1")
    door.confirm(client, code)
    assert door.signed_in(client)
    assert_silent(said(), EMAIL, PASSWORD, code, "WRONG1", "New Reader", str(client.session.session_key))


def test_signing_in(client: Client, said: Callable[[], str]) -> None:
    builders.make_person(email=EMAIL, password=PASSWORD)
    for password in (OTHER, PASSWORD):
        client.post(reverse("account_login") + f"?email={EMAIL}", {"login": EMAIL, "password": password})
    client.get("/home/", follow=True)
    csrf = client.cookies["csrf"].value
    assert_silent(said(), EMAIL, PASSWORD, OTHER, csrf, str(client.session.session_key))


def test_resetting_the_password(client: Client, said: Callable[[], str], run_queue: Callable[[], int]) -> None:
    builders.make_person(email=EMAIL, password=PASSWORD)
    client.post(reverse("account_reset_password"), {"email": EMAIL})
    code = door.mailed_code(run_queue)
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    client.post(reverse("account_complete_password_reset"), {"password1": OTHER, "password2": OTHER})
    assert_silent(said(), EMAIL, PASSWORD, OTHER, code)


LINKS = ["organizations:invitation", "data", "data_confirm", "reopen", "reopen_as", "book_join", "shared"]


@pytest.mark.parametrize("name", LINKS)
def test_links_with_a_token(name: str, client: Client, said: Callable[[], str]) -> None:
    for token in (new_token(), signing.dumps({"email": EMAIL}, salt="planted")):
        client.get(reverse(name, args=[token]))
        client.post(reverse(name, args=[token]))
        assert_silent(said(), token, token[:20])


def test_files_with_a_token(client: Client, said: Callable[[], str]) -> None:
    token = signing.dumps(["exports/x.epub", "The Diary of New Reader.epub"], salt="core.storage", compress=True)
    client.get(reverse("signed_file", args=[token]))
    assert_silent(said(), token)


def test_being_invited(
    organization: Organization, owner: User, client_of: Callable[[User], Client], said: Callable[[], str]
) -> None:
    form = {"emails": EMAIL, "email": EMAIL, "role": "member", "message": "Join us, dear New Reader"}
    client_of(owner).post(reverse("tenant:invite", args=[organization.slug]), form)
    assert_silent(said(), EMAIL, owner.email, "dear New Reader")


def test_errors_of_programs(client: Client, said: Callable[[], str]) -> None:
    key = "sk-live-0123456789abcdefghij"
    client.raise_request_exception = False
    headers = {"Accept": "application/json", "Authorization": f"Bearer {key}"}
    for path in (f"/api/books/?key={key}", f"/nowhere/?email={EMAIL}&token={key}", f"/files/{key}/"):
        client.get(path, headers=headers)
        client.post(path, {"email": EMAIL, "secret": key}, headers=headers)
    assert_silent(said(), key, EMAIL)


def test_lines_name_by_id_who_was_there_and_who_really_was(
    organization: Organization,
    owner: User,
    client_of: Callable[[User], Client],
    lines: Lines,  # noqa: F811  # the fixture
) -> None:
    helper = builders.make_person(is_staff=True, is_superuser=True, display_name="Sam Support")
    client = client_of(helper)
    client.post(reverse("admin:accounts_act", args=[owner.pk]), {"reason": "Ticket 4711"})
    client.get(f"/o/{organization.slug}/")
    line = [one for one in lines() if one["event"] == "request"][-1]
    assert (line["person_id"], line["real_person_id"]) == (str(owner.pk), str(helper.pk))
    assert line["organization_id"] == str(organization.pk)
    assert_silent(json.dumps(lines()), "Sam Support", "4711", owner.email)
