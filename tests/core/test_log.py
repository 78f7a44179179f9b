"""What a log line carries, and what it never does: planted secrets appear in no line of any process."""

import io
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from celery import current_app
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.models import User
from core import logs, queue, redaction, tenancy
from organizations.models import Organization
from tests.contracts.source import ROOT
from tests.contracts.test_production import PRODUCTION

log = logging.getLogger("planted")

EMAIL = "Jeanne.D'Arc+books@example.org"
TOKEN = signing.dumps({"name": "exports/x.epub"}, salt="files")
PLANTED = {
    "an address": ("mail to jeanne.arc+books@example.org failed", "jeanne.arc"),
    "a signed file": (f"GET /files/{TOKEN}/ 404", TOKEN),
    "a signed value elsewhere": (f"token was {TOKEN}, expired", TOKEN),
    "a reset key": ("/accounts/password/reset/key/1w-cz3k2n-5f6d7e8f90/", "cz3k2n"),
    "an invitation": ("/invitations/Zx81kQ/accept/", "Zx81kQ"),
    "an unnamed token in a path": ("/reader/Ab3dEf6hIj9lMn2pQr5t/", "Ab3dEf6hIj9lMn2pQr5t"),
    "a hexadecimal token in a path": ("/x/0123456789abcdef0123456789abcdef/", "89abcdef0123"),
    "a query string": ("https://bucket.example.org/a.epub?X-Amz-Signature=abc123def&x=1", "abc123def"),
    "a bare query string": ("GET /download?s3cr3tvalue", "s3cr3tvalue"),
    "a password": ("{'password': 'correct horse', 'x': 1}", "correct horse"),
    "a password in a form": ("email=x&password1=battery-staple&next=/", "battery-staple"),
    "a header": ("Authorization: Bearer abcdef.123456", "abcdef.123456"),
    "a basic header": ("sent Basic dXNlcjpwYXNz to", "dXNlcjpwYXNz"),
    "a cookie": ("Cookie: __Host-session=abc123; theme=dark; other=def456", "def456"),
    "a set cookie": ('"Set-Cookie": "session=k3y5t0ne; Path=/"', "k3y5t0ne"),
    "an API key": ("api_key=lm-0123456789", "lm-0123456789"),
    "a key in JSON": ('{"apiKey": "lm-0123456789"}', "lm-0123456789"),
    "a provider's key": ("Incorrect key provided: sk-" + "proj-0123456789abcdef", "proj-0123456789"),
    "a JSON web token": ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIi"),
    "an address with a password": ("redis://default:hunter2hunter@cache:6379/0 refused", "hunter2hunter"),
    "a refused row": ("duplicate key\nDETAIL:  Key (title)=(My secret diary) already exists.", "My secret diary"),
}
INNOCENT = [
    "books.jobs.steps: step 01909d3e-7b1c-7e4a-9a3e-0242ac120002 belongs to another worker now",
    "GET /o/atelier/books/01909d3e-7b1c-7e4a-9a3e-0242ac120002/ 200",
    "/o/a-rather-long-name-of-an-organization/books/new/",
    "broker unreachable, core.tasks.deliver will be sent by the sweep: Error 111 connecting to 127.0.0.1:6379",
    "tokens_in=120 tokens_out=340 in 1.2 s. Really? Yes.",
    "typst ended with 1: error: unknown font family at 3:14",
]


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Every line that is logged during the test, as production writes and a log store reads it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.formatter("json"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_secret_is_in_no_line(what: str, lines: Callable[[], list[dict[str, Any]]]) -> None:
    text, secret = PLANTED[what]
    assert secret in text
    log.warning(text)
    log.warning("with arguments: %s %s", text, {"nested": text})
    log.info("request", extra={"path": text, "method": "GET"})
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("task failed")
    assert len(lines()) == 4
    assert secret not in json.dumps(lines(), ensure_ascii=False)


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_needed_to_find_a_fault_stays(text: str) -> None:
    assert redaction.clean(text) == text


def test_values_of_our_own_secrets_go_whatever_shape_they_have(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setenv("PLANTED_PROVIDER_KEY", "zebra crossing 7")
    monkeypatch.setenv("PLANTED_URL", "smtp://user:p%40ssword%21@mail.example.org")
    redaction.own_secrets.cache_clear()
    try:
        for secret in ("zebra crossing 7", "p@ssword!", settings.SECRET_KEY):
            assert secret not in redaction.clean(f"provider said {secret} is wrong")
    finally:
        redaction.own_secrets.cache_clear()


def test_values_under_a_telling_name_go_whole() -> None:
    told = {"password": 12345678, "Set-Cookie": ["a", "b"], "accessToken": "x", "tokens_in": 5, "title": "Key West"}
    removed = redaction.REMOVED
    assert redaction.cleaned(told) == {
        "password": removed, "Set-Cookie": removed, "accessToken": removed, "tokens_in": 5, "title": "Key West",
    }  # fmt: skip


@pytest.mark.parametrize("unit", ["a-", "/a", "key", "a.", "a@", "?a=", "eyJ", "A1", ":", "'", "x:a-"])
def test_a_line_of_garbage_costs_no_more_than_a_line_of_text(unit: str) -> None:
    text = "The quick brown fox jumps over the lazy dog. " * 20_000
    began = time.perf_counter()
    redaction.clean(text)
    usual = time.perf_counter() - began
    began = time.perf_counter()
    assert len(redaction.clean(unit * 500_000)) <= redaction.LONGEST + 1
    assert time.perf_counter() - began < 0.05 + 40 * usual


def test_lines_name_request_person_and_organization_by_id(
    lines: Callable[[], list[dict[str, Any]]], organization: Organization, owner: User, client_of: Callable[..., Client]
) -> None:
    client = client_of(owner)
    answered = client.get(f"/o/{organization.slug}/", headers={"X-Request-Id": "from-the-proxy-1"})
    line = next(one for one in lines() if one["event"] == "request")
    assert answered.headers["X-Request-Id"] == line["request_id"] == "from-the-proxy-1"
    assert line["person_id"] == str(owner.pk)
    assert line["organization_id"] == str(organization.pk)
    assert (line["method"], line["path"], line["route"]) == ("GET", f"/o/{organization.slug}/", "books:home")
    assert (line["status"], line["level"], line["logger"]) == (200, "info", "core.middleware")
    assert line["ms"] > 0


@pytest.mark.django_db
def test_a_request_ends_with_its_lines(client: Client, lines: Callable[[], list[dict[str, Any]]]) -> None:
    client.get("/", headers={"X-Request-Id": "first-request"})
    log.warning("after it")
    assert lines()[-1].keys() & {*logs.IDS} == set()
    assert client.get("/", headers={"X-Request-Id": "<script>"}).headers["X-Request-Id"] != "<script>"


def broken(_request: HttpRequest, token: str) -> HttpResponse:
    """A page with a fault that quotes a secret."""
    raise ValueError(f"cannot read {token} of reader@example.org")


urlpatterns = [path("files/<str:token>/", broken, name="broken")]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_fault_is_logged_with_its_request_and_without_secrets(
    lines: Callable[[], list[dict[str, Any]]], owner: User, client_of: Callable[..., Client]
) -> None:
    client = client_of(owner)
    client.raise_request_exception = False
    assert client.get(f"/files/{TOKEN}/?sig=abc123def").status_code == 500
    fault = next(one for one in lines() if one["level"] == "error")
    assert fault["request_id"] == lines()[-1]["request_id"]
    assert fault["person_id"] == str(owner.pk)
    assert "ValueError" in fault["exception"]
    said = json.dumps(lines())
    assert not [secret for secret in (TOKEN, "abc123def", "reader@example.org", owner.email) if secret in said]


def test_the_id_of_a_request_travels_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    logs.begin_request("asked-in-a-browser")
    try:
        queue.send("core.tasks.deliver", uuid4())
    finally:
        logs.end_request()
    with current_app.connection() as connection:
        message = connection.default_channel.basic_get("default")
    assert message.headers["asked_by"] == "asked-in-a-browser"


def test_lines_of_a_task_name_it_and_who_asked(lines: Callable[[], list[dict[str, Any]]]) -> None:
    organization, task = uuid4(), current_app.tasks["core.tasks.sweep"]

    @current_app.task(name="planted.task", shared=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def planted() -> None:
        log.warning("inside")

    planted.push_request(id="task-1", asked_by="request-1", organization=str(organization))
    try:
        planted()
    finally:
        planted.pop_request()
        current_app.tasks.pop("planted.task")
    inside, done = lines()
    ids = {"task": "planted.task", "task_id": "task-1", "request_id": "request-1", "organization_id": str(organization)}
    assert ids.items() <= inside.items()
    assert ids.items() <= done.items()
    assert (done["event"], done["level"]) == ("task done", "info")
    assert task.quiet
    assert not planted.quiet
    assert tenancy.current() is None


def test_production_writes_json_and_development_a_line_to_read() -> None:
    said = {}
    for environment in ("production", "development"):
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c",
             "import logging; logging.getLogger('x').warning('to a@example.org')"],
            cwd=ROOT, env={"PATH": "/usr/bin:/bin", **PRODUCTION, "ENVIRONMENT": environment},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        said[environment] = done.stderr
    line = json.loads(said["production"])
    assert (line["event"], line["level"], line["logger"]) == ("to [removed]", "warning", "x")
    assert said["development"].count("\n") == 1
    assert "to [removed]" in said["development"]
