"""What Prometheus reads: true numbers, for the right callers, naming nobody."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import User
from audit.models import Entry
from books.models import CallState, ExportState, LanguageModelCall, RunState
from core import metrics, tenancy
from core.models import Lease
from organizations.models import Organization
from tests import builders
from tests.contracts.source import ROOT

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Samples:
    """Values by (name, labels), parsed as Prometheus would."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    """One number; a missing one is 0, as a rate sees it."""
    return samples.get((f"scriptorium_{name}", frozenset(labels.items())), 0.0)


def scrape(client: Client | None = None) -> Samples:
    """What a Prometheus beside the process gets."""
    answer = (client or Client()).get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    return read(answer.content.decode())


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("10.20.3.4", {}, 200),
        ("10.21.3.4", {}, 404),
        ("203.0.113.9", {}, 404),
        ("", {}, 404),
        ("unix", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 404),
        ("10.20.3.4", {"Via": "2.0 Caddy"}, 404),
    ],
)
@pytest.mark.django_db
def test_only_the_networks_that_may_read_find_it(
    address: str, headers: dict[str, str], status: int, client: Client, settings: Any
) -> None:
    settings.METRICS_ALLOWED = [*settings.METRICS_ALLOWED, ip_network("10.20.0.0/16")]
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


def test_signing_in_opens_nothing(owner: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(owner).get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_status(client: Client) -> None:
    before = scrape()
    client.get("/")
    client.get("/no/such/page/of-somebody")
    client.generic("BREW", "/")
    after = scrape()

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert more("http_requests_total", route="front", method="GET", status="200") == 1
    assert more("http_requests_total", route="unmatched", method="GET", status="404") == 1
    assert more("http_request_seconds_count", route="unmatched") == 1
    assert more("http_request_seconds_bucket", route="unmatched", le="+Inf") == 1
    assert not [labels for _name, labels in after if "of-somebody" in str(labels) or "BREW" in str(labels)]


@pytest.mark.django_db
def test_the_queue_tells_how_long_its_oldest_work_waits() -> None:
    now, minute = timezone.now(), timedelta(minutes=1)
    for available in (now - 5 * minute, now - minute, now + 9 * minute):
        Lease.objects.create(id=uuid4(), task="planted.task", available_at=available)
    held = {"holder": uuid4(), "held_until": now + minute}
    Lease.objects.create(id=uuid4(), task="planted.task", available_at=now - 9 * minute, **held)
    samples = scrape()
    assert value(samples, "queue_age_seconds", task="planted.task") == pytest.approx(300, abs=10)
    assert value(samples, "leases", task="planted.task", state="offered") == 2
    assert value(samples, "leases", task="planted.task", state="held") == 1
    assert value(samples, "leases", task="planted.task", state="deferred") == 1


@pytest.fixture
def work(organization: Organization, owner: User, outsider: User) -> Organization:
    """A run in each of two organizations; calls and exports in the first, one of each older than an hour."""
    run = builders.make_run(builders.make_book(organization, owner), state=RunState.WRITING)
    other = outsider.memberships.get().organization
    builders.make_run(builders.make_book(other, outsider), state=RunState.WRITING)
    step = builders.make_step(run)
    usual: dict[str, Any] = {
        "run": run,
        "step": step,
        "organization": organization,
        "attempt": 1,
        "holder": uuid4(),
        "model": "m",
    }
    spent: dict[str, Any] = {"purpose": "section", "tokens_in": 100, "tokens_out": 50, "total_ms": 2000}
    failed: dict[str, Any] = {"purpose": "section", "state": CallState.FAILED, "problem_code": "busy"}
    with tenancy.declared(organization.pk):
        for number, fields in enumerate([spent, spent, failed]):
            state = fields.get("state", CallState.ANSWERED)
            LanguageModelCall.objects.create(**usual, **{**fields, "state": state}, input_hash=f"{number}")
        old = {**spent, "state": CallState.ANSWERED, "id": "01800000-0000-7000-8000-000000000000"}
        LanguageModelCall.objects.create(**usual, **old, input_hash="old")
    ready = {"state": ExportState.READY, "file": "x", "sha256": "0" * 64}
    builders.make_export(run.book, **ready, finished_at=timezone.now() + timedelta(seconds=3))
    return organization


def test_work_of_all_organizations_is_counted_together(work: Organization) -> None:
    samples = scrape()
    assert value(samples, "database_up") == 1
    assert value(samples, "runs", state="writing") == 2
    answered = {"model": "m", "purpose": "section", "state": "answered"}
    assert value(samples, "model_calls_last_hour", **answered) == 2
    assert value(samples, "model_tokens_last_hour", **answered, direction="in") == 200
    assert value(samples, "model_tokens_last_hour", **answered, direction="out") == 100
    assert value(samples, "model_answer_last_hour_seconds", model="m", of="mean") == 2
    assert value(samples, "model_errors_last_hour", model="m", code="busy") == 1
    assert value(samples, "exports_last_hour", format="epub", state="ready") == 1
    assert value(samples, "export_last_hour_seconds", format="epub", state="ready", of="longest") == pytest.approx(
        3, 0.2
    )


def test_no_number_names_an_organization_a_book_or_a_person(work: Organization, owner: User) -> None:
    text = Client().get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    for name in (str(work.pk), work.slug, work.name, str(owner.pk), owner.email):
        assert name not in text
    assert {label for _name, labels in read(text) for label, _value in labels} <= {
        "route", "method", "status", "le", "task", "state", "model", "purpose", "direction", "code", "format", "of",
    }  # fmt: skip


def test_counting_leaves_no_line_in_the_trail_and_can_change_nothing(work: Organization) -> None:
    with tenancy.declared(work.pk):
        before = Entry.objects.count()
    scrape()
    with tenancy.declared(work.pk):
        assert Entry.objects.count() == before
    with pytest.raises(DatabaseError, match="read-only"), tenancy.counted():
        Lease.objects.create(id=uuid4(), task="planted", available_at=timezone.now())
    with pytest.raises(DatabaseError):  # and row level security is back
        list(LanguageModelCall.objects.values("id"))


@pytest.mark.django_db
def test_a_database_that_is_away_is_said_and_requests_are_still_told(client: Client) -> None:
    def away() -> Any:
        raise DatabaseError("away")

    client.get("/")
    metrics.sources.append(away)
    try:
        samples = scrape()
    finally:
        metrics.sources.remove(away)
    assert value(samples, "database_up") == 0
    assert any(name == "scriptorium_http_requests_total" for name, _labels in samples)


def test_processes_of_one_host_are_counted_together(tmp_path: Path) -> None:
    count = "from core import metrics; metrics.count_request(route='front', method='GET', status=200, seconds=0.2)"
    show = "print(metrics.page().decode())"
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "made"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    said = ""
    for code in (count, f"{count}; {show}"):
        command = [sys.executable, "-c", f"import django; django.setup(); {code}"]
        said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    samples = read(said)
    assert value(samples, "http_requests_total", route="front", method="GET", status="200") == 2
    assert value(samples, "http_request_seconds_sum", route="front") == pytest.approx(0.4)
