"""What leaves for Sentry when a page falls: where it fell, and nothing of anybody."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sentry_sdk
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.contracts.source import ROOT

SECRETS = {
    "body": "my-secret-diary",
    "password": "correct-horse-battery",
    "cookie": "0123session",
    "header": "Bearer-abc.123",
    "query": "signature-of-a-link",
    "token": "eyJuYW1lIjoieCJ9:1wTOKN:0123456789abcdefghijklmnopqrstuvwxyz",
    "quoted": "reader@example.org",
    "local": "only-in-a-local-variable",
    "address": "203.0.113.77",
}
FALL = f"""
import django, sentry_sdk
django.setup()
from django.conf import settings
from django.test import Client
settings.ROOT_URLCONF = {__name__!r}
secrets = {SECRETS!r}
client = Client(raise_request_exception=False, REMOTE_ADDR=secrets["address"])
client.cookies["session"] = secrets["cookie"]
answer = client.post(
    f"/files/{{secrets['token']}}/?sig={{secrets['query']}}",
    {{"title": secrets["body"], "password": secrets["password"]}},
    headers={{"Authorization": secrets["header"], "X-Request-Id": "request-of-the-fault"}},
)
assert answer.status_code == 500, answer.status_code
sentry_sdk.flush(10)
"""


@login_not_required
def broken(request: HttpRequest, token: str) -> HttpResponse:
    """A page that has read everything and falls with some of it in its message."""
    kept = f"{SECRETS['local']} {request.POST['title']}"
    raise ValueError(f"cannot read {token} for {SECRETS['quoted']}: {len(kept)}")


urlpatterns = [path("files/<str:token>/", broken, name="broken")]


class Sentry(ThreadingHTTPServer):
    """Sentry's door on the loopback: takes envelopes and keeps them as text."""

    received: list[str]


class Door(BaseHTTPRequestHandler):
    """One envelope."""

    def do_POST(self) -> None:
        """Keep it and say yes."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        text = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        self.server.received.append(text.decode())  # type: ignore[attr-defined]  # the server is a Sentry
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nothing on the console."""


@pytest.fixture
def project() -> Iterator[Sentry]:
    """A project that takes reports."""
    server = Sentry(("127.0.0.1", 0), Door)
    server.received = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def test_nothing_is_reported_without_an_address() -> None:
    assert not sentry_sdk.get_client().is_active()


@pytest.mark.django_db
def test_a_fault_is_reported_without_body_cookie_or_person(project: Sentry) -> None:
    database = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    given = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database,
        "SENTRY_DSN": f"http://public@127.0.0.1:{project.server_port}/1",
        "RELEASE": "r1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", FALL], cwd=ROOT, env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = "\n".join(project.received)
    assert [name for name, secret in SECRETS.items() if secret in said] == []
    [event] = [json.loads(line) for line in said.splitlines() if '"exception"' in line]
    [fault] = event["exception"]["values"]
    assert fault["type"] == "ValueError"
    assert fault["stacktrace"]["frames"][-1]["function"] == "broken"
    assert event["tags"]["request_id"] == "request-of-the-fault"
    assert (event["environment"], event["release"]) == ("test", "r1")
    assert event["request"].keys() <= {"url", "method", "headers"}
    assert "user" not in event
