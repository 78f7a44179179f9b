"""What every kind of answer says to the browser, as exact values: what Mozilla's Observatory asks for its A+, and more.

The settings that matter are those of production, as a process of its own reads them.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import RequestFactory
from django.urls import include, path, reverse

from accounts.models import User
from config import urls
from core.errors import TooMany
from core.middleware import headers
from core.storage import FolderStorage
from organizations.models import Organization
from tests import builders
from tests.contracts.test_production import PRODUCTION, manage

ClientOf = Callable[[User], Client]
NAMES = [
    "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_REFERRER_POLICY",
    "SECURE_CONTENT_TYPE_NOSNIFF", "SECURE_CROSS_ORIGIN_OPENER_POLICY", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_PATH", "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_NAME", "X_FRAME_OPTIONS",
    "MFA_TRUST_COOKIE_NAME", "KNOWN_COOKIE_NAME",
]  # fmt: skip

EVERYWHERE = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(self), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-create=(self), "
        "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"
    ),
}
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "manifest-src 'self'"
)
ADMIN = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'; manifest-src 'self'"
)
NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
OURS, NOBODYS, NONE = "private, no-store", "no-store", ""
NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"

# Kind of answer: its status, its type, its policy, who may keep it.
TABLE: dict[str, tuple[int, str, str, str]] = {
    "page": (200, "text/html; charset=utf-8", STRICT, NONE),
    "page of somebody": (200, "text/html; charset=utf-8", STRICT, OURS),
    "sign-in page": (200, "text/html; charset=utf-8", STRICT, NEVER),
    "admin page": (200, "text/html; charset=utf-8", ADMIN, NEVER),
    "redirect": (302, "text/html; charset=utf-8", STRICT, OURS),
    "file": (200, "application/epub+zip", NO_PAGE, OURS),
    "picture of unknown kind": (200, "application/octet-stream", NO_PAGE, OURS),
    "style sheet": (200, 'text/css; charset="utf-8"', NO_PAGE, "max-age=60, public"),
    "robots": (200, "text/plain; charset=utf-8", NO_PAGE, NONE),
    "probe": (200, "text/plain", NO_PAGE, NONE),
    "400": (400, "text/html; charset=utf-8", STRICT, NOBODYS),
    "403 in the admin": (403, "text/html; charset=utf-8", ADMIN, OURS),
    "404": (404, "text/html; charset=utf-8", STRICT, NOBODYS),
    "404 of somebody": (404, "text/html; charset=utf-8", STRICT, OURS),
    "404 as JSON": (404, "application/json", NO_PAGE, NOBODYS),
    "429": (429, "text/html; charset=utf-8", STRICT, NOBODYS),
    "500": (500, "text/html; charset=utf-8", STRICT, NOBODYS),
    "503": (503, "text/html; charset=utf-8", STRICT, NOBODYS),
    "503 as JSON": (503, "application/json", NO_PAGE, NOBODYS),
}


@login_not_required
def fall(request: HttpRequest, how: str) -> HttpResponse:
    """A page that ends badly."""
    if how == "429":
        raise TooMany("Wait.", retry_after=9)
    if how == "503":
        raise OperationalError("away")
    raise ValueError("broken")


urlpatterns = [path("fall/<str:how>/", fall), path("", include("config.urls"))]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@cache
def production() -> dict[str, Any]:
    """Settings of NAMES in production."""
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {NAMES}}}))"
    )
    done = manage("shell", "--no-imports", "-c", code, **PRODUCTION)
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    """The settings that headers and cookies depend on."""
    for name, value in production().items():
        setattr(settings, name, value)
    settings.ROOT_URLCONF = __name__


def file_link(name: str) -> str:
    """A link to a stored file."""
    stored = default_storage.save(name, ContentFile(b"<script>alert(1)</script>"))
    assert isinstance(default_storage, FolderStorage)
    return default_storage.download_url(stored, "x")


@pytest.fixture
def asked(organization: Organization, owner: User, client_of: ClientOf) -> Callable[[str], Any]:
    """The answer of that kind."""
    staff = builders.make_person(is_staff=True, is_superuser=True)
    json_please = {"headers": {"Accept": "application/json"}}
    kinds: dict[str, tuple[User | None, str, dict[str, Any]]] = {
        "page": (None, "/pricing/", {}),
        "page of somebody": (owner, f"/o/{organization.slug}/", {}),
        "sign-in page": (None, "/accounts/login/", {}),
        "admin page": (staff, "/admin/", {}),
        "redirect": (owner, "/home/", {}),
        "file": (None, file_link("exports/x.epub"), {}),
        "picture of unknown kind": (None, file_link("exports/x.svg"), {}),
        "style sheet": (None, "/static/css/tokens.css", {}),
        "robots": (None, "/robots.txt", {}),
        "probe": (None, "/livez", {}),
        "400": (None, "/", {"headers": {"Host": "evil.example.org"}}),
        "403 in the admin": (builders.make_person(is_staff=True), "/admin/books/book/", {}),
        "404": (None, "/nowhere/", {}),
        "404 of somebody": (owner, "/o/elsewhere/", {}),
        "404 as JSON": (None, "/nowhere/", json_please),
        "429": (None, "/fall/429/", {}),
        "500": (None, "/fall/500/", {}),
        "503": (None, "/fall/503/", {}),
        "503 as JSON": (None, "/fall/503/", json_please),
    }

    def ask(kind: str) -> Any:
        person, url, options = kinds[kind]
        client = client_of(person) if person else Client()
        client.raise_request_exception = False
        return client.get(url, secure=True, **options)

    return ask


def directives(policy: str) -> dict[str, frozenset[str]]:
    """A policy without the order of its parts, which means nothing."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {part[0]: frozenset(part[1:]) for part in parts}


@pytest.mark.parametrize("kind", TABLE)
def test_headers_are_exactly_these(kind: str, asked: Callable[[str], Any]) -> None:
    status, media_type, policy, kept = TABLE[kind]
    answer = asked(kind)
    said = {name: answer.headers.get(name) for name in EVERYWHERE}
    assert said == EVERYWHERE
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, media_type)
    assert directives(answer.headers["Content-Security-Policy"]) == directives(policy)
    assert answer.headers.get("Cache-Control", NONE) == kept
    # Whatever is told about our software helps nobody but an attacker.
    assert not answer.headers.keys() & {"Server", "X-Powered-By", "X-AspNet-Version"}
    answer.close()


@pytest.mark.parametrize("kind", [kind for kind, (_status, _type, policy, _kept) in TABLE.items() if policy == STRICT])
def test_pages_are_in_no_frame_for_old_browsers_too(kind: str, asked: Callable[[str], Any]) -> None:
    assert asked(kind).headers.get("X-Frame-Options", "DENY") == "DENY"


def test_no_policy_of_a_page_allows_what_the_observatory_calls_unsafe() -> None:
    assert not re.search(r"unsafe|\*|https?:|strict-dynamic", STRICT)
    assert STRICT.startswith("default-src 'none'")


@pytest.mark.parametrize("kind", ["file", "picture of unknown kind"])
def test_files_are_downloads(kind: str, asked: Callable[[str], Any]) -> None:
    answer = asked(kind)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    answer.close()


@pytest.mark.django_db(transaction=True)
def test_event_streams_are_kept_by_nobody(organization: Organization, owner: User, client_of: ClientOf) -> None:
    run = builders.make_run(builders.make_book(organization, owner))
    answer = client_of(owner).get(reverse("run_events", args=[organization.slug, run.pk]), secure=True)
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert (answer.headers["Content-Type"], answer.headers["Content-Security-Policy"]) == ("text/event-stream", NO_PAGE)
    assert answer.headers["Cache-Control"] == "no-store"


# ── Cookies ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def attributes(answer: Any) -> dict[str, dict[str, Any]]:
    """What each cookie of an answer says about itself, without its value and age."""
    kept = ("secure", "httponly", "samesite", "path", "domain")
    return {name: {key: cookie[key] for key in kept} for name, cookie in answer.cookies.items()}


def as_told(*, httponly: bool = True, samesite: str = "Lax") -> dict[str, Any]:
    return {"secure": True, "httponly": httponly, "samesite": samesite, "path": "/", "domain": ""}


@pytest.mark.django_db
def test_cookies_are_for_this_host_over_https_and_for_no_script(client: Client) -> None:
    person = builders.make_person(password="Quiet-Meadow-27")
    opened = client.get("/accounts/login/", secure=True)
    assert attributes(opened) == {"__Host-csrf": as_told()}
    form = {"login": person.email, "password": "Quiet-Meadow-27"}
    entered = client.post("/accounts/login/", form, secure=True)
    assert entered.status_code == 302
    assert attributes(entered) == dict.fromkeys(["__Host-csrf", "__Host-session", "__Host-known"], as_told())


@pytest.mark.django_db
def test_switches_of_signed_out_pages_are_secure_too(client: Client) -> None:
    language = client.post("/language/", {"language": "fr"}, secure=True)
    assert attributes(language) == {"__Host-language": as_told()}
    theme = client.post("/me/theme/", {"theme": "dark"}, secure=True)
    assert attributes(theme) == {"theme": as_told(httponly=False)}


def test_a_careless_cookie_is_narrowed() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie("careless", "x")
        response.set_cookie("strict", "x", samesite="Strict")
        return response

    answer = headers(view)(RequestFactory().get("/"))
    assert attributes(answer) == {"careless": as_told(), "strict": as_told(samesite="Strict")}


def test_production_names_every_cookie_for_this_host() -> None:
    names = {name: value for name, value in production().items() if name.endswith("COOKIE_NAME")}
    assert len(names) == 5
    assert [name for name, value in names.items() if not value.startswith("__Host-")] == []
