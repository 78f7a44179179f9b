"""What no request can do, at any address: change something without its form's token, lead elsewhere, name a host."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RegexPattern

from accounts.models import User
from organizations.models import Organization
from tests import builders

PASSWORD = "Quiet-Meadow-27"
FILLED = {
    "uuid": "01890000-0000-7000-8000-000000000000", "slug": "atelier", "int": "1", "str": "x1", "path": "x1",
}  # fmt: skip


def patterns(resolver: Any, route: str = "") -> Iterator[tuple[str, Any]]:
    """(address with something in place of what it names, view) of every address."""
    for pattern in resolver.url_patterns:
        here = route + _filled(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, here)
        elif isinstance(pattern, URLPattern):
            yield f"/{here}", pattern.callback


def _filled(pattern: Any) -> str:
    if isinstance(pattern, RegexPattern):
        return re.sub(r"\(\?P<\w+>(?:[^()]|\([^)]*\))*\)", "x1", str(pattern)).lstrip("^").removesuffix("$")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: FILLED.get(found[1] or "str", "x1"), str(pattern))


ADDRESSES = sorted({address for address, _view in patterns(get_resolver())} - {"/x1"})


# A mail program posts there without ever having been here (RFC 8058); the signature in the address is the right.
# A payment provider signs what it posts.
EXEMPT = ["/me/unsubscribe/x1/", "/webhooks/stripe/"]


def test_no_view_is_exempt_from_the_token() -> None:
    exempt = [address for address, view in patterns(get_resolver()) if getattr(view, "csrf_exempt", False)]
    assert exempt == EXEMPT


def test_nothing_is_changed_without_the_token(organization: Organization, owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    for address in sorted(set(ADDRESSES) - set(EXEMPT)):
        assert resolve(address), address
        for method in (strict.post, strict.delete):
            assert method(address).status_code == 403, address
    assert len(ADDRESSES) > 100


def test_a_token_of_somebody_else_is_refused(owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    strict.cookies[django_settings.CSRF_COOKIE_NAME] = "a" * 32
    forged = strict.post("/me/theme/", {"theme": "dark", "csrfmiddlewaretoken": "b" * 32})
    assert forged.status_code == 403
    assert strict.post("/me/theme/", {"theme": "dark", "csrfmiddlewaretoken": "a" * 32}).status_code == 302


# ── Leading elsewhere ───────────────────────────────────────────────────────────────────────────────────────────────

TRICKS = [
    "https://evil.example.org/", "http://evil.example.org", "//evil.example.org", "///evil.example.org",
    "////evil.example.org", "/\\evil.example.org", "\\\\evil.example.org", "\\/evil.example.org",
    "https:evil.example.org", "http:///evil.example.org", "https:\\\\evil.example.org", "javascript:alert(1)",
    "data:text/html,x", "https://testserver@evil.example.org", "https://testserver.evil.example.org/",
    "//testserver@evil.example.org", " //evil.example.org", "\t//evil.example.org", "/\t/evil.example.org",
    "/\n/evil.example.org", "\x00//evil.example.org", "https://[::1", "//evil.example.org\\@testserver",
    "ftp://testserver/", "/..//evil.example.org", "/%2f%2fevil.example.org",
]  # fmt: skip


def leads(answer: Any) -> str:
    """The host that a browser would go to."""
    location = re.sub(r"[\t\n\r]", "", answer.headers.get("Location", "")).strip(" \x00")
    assert not urlsplit(location).scheme or urlsplit(location).scheme == "http", location
    return urlsplit(urljoin("http://testserver/somewhere/", location.replace("\\", "/"))).netloc


@pytest.fixture
def quick_doors(settings: Any) -> None:
    """Passwords that cost nothing, and answers as soon as they are there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DOOR_SECONDS = 0


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.django_db
def test_no_next_leads_elsewhere(trick: str, client: Client, quick_doors: None) -> None:
    person = builders.make_person(password=PASSWORD)
    form = {"login": person.email, "password": PASSWORD, "next": trick}
    assert leads(client.post("/accounts/login/", form)) == "testserver"
    assert leads(client.get("/accounts/login/", {"next": trick})) == "testserver"
    assert leads(client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": trick})) == "testserver"
    assert leads(client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": trick})) == "testserver"
    assert leads(client.get("/admin/login/", {"next": trick})) == "testserver"
    for switch, value in (("/language/", {"language": "fr"}), ("/me/theme/", {"theme": "dark"})):
        assert leads(client.post(switch, {**value, "next": trick})) == "testserver"
        if trick.isprintable():
            assert leads(client.post(switch, value, headers={"Referer": trick})) == "testserver"
    assert leads(client.post("/accounts/logout/", {"next": trick})) == "testserver"


@pytest.mark.django_db
def test_a_next_of_ours_is_followed(client: Client) -> None:
    person = builders.make_person(password=PASSWORD)
    form = {"login": person.email, "password": PASSWORD, "next": "/me/profile/"}
    assert client.post("/accounts/login/", form).headers["Location"] == "/me/profile/"


# ── Hosts and sessions ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "host", ["evil.example.org", "testserver.evil.example.org", "testserver@evil.example.org", "a b", "[::1", ""]
)
@pytest.mark.django_db
def test_another_host_is_refused(host: str, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = client.get("/pricing/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.django_db
def test_a_host_that_a_proxy_did_not_say_counts_for_nothing(client: Client) -> None:
    person = builders.make_person(password=PASSWORD)
    form = {"login": person.email, "password": PASSWORD}
    entered = client.post("/accounts/login/", form, headers={"X-Forwarded-Host": "evil.example.org"})
    assert leads(entered) == "testserver"


@pytest.mark.django_db
def test_the_session_is_a_new_one_after_signing_in_and_out(client: Client) -> None:
    person = builders.make_person(password=PASSWORD)
    session = client.session
    session["planted"] = "by somebody who knows this session"
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = str(session.session_key)
    entered = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert entered.status_code == 302
    signed_in = str(client.session.session_key)
    assert signed_in != session.session_key
    assert not client.session.exists(str(session.session_key))
    client.post("/accounts/logout/")
    assert not client.session.exists(signed_in)
