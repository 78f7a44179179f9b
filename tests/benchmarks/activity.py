"""The activity page with few entries and with many, its filters over a million, and its table's memory."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from tests.benchmarks import bulk
from tests.benchmarks.clock import fastest
from tests.benchmarks.pages import get
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from accounts.models import User
    from organizations.models import Organization

ROUNDS = 20
FEW, FULL_PAGE, MANY, MOST = 10, 51, 100_000, 1_000_000  # a page shows 50


def benchmark(site: Site) -> Iterator[Row]:
    """The page with 100 000 entries ÷ few; each filter over 1 000 000 ÷ that page; a table’s memory."""
    from tests import builders
    from tests.benchmarks.runs import signed_in

    reader, rare = builders.make_person(), builders.make_person()
    browser = signed_in(reader)
    sizes = {size: filled(site, reader, rare, size) for size in (FEW, FULL_PAGE, MANY, MOST)}
    site.analyze()
    pages = {size: reverse("tenant:activity", args=[of.slug]) for size, of in sizes.items()}
    for few in (FEW, FULL_PAGE):
        yield beside(browser, f"activity {MANY:,} ÷ {few} entries", pages[MANY], pages[few], "flat")
    for name, asked in {
        "person": {"person": str(rare.pk)},
        "severity": {"severity": "critical"},
        "kind": {"area": "files"},
        "words, none found": {"q": "nothing like it"},
    }.items():
        address = f"{pages[MOST]}?{urlencode(asked)}"
        yield beside(browser, f"{MOST:,} entries, by {name} ÷ all", address, pages[MOST], "none")
    before, most, rows = streamed(browser, reverse("tenant:activity_table", args=[sizes[MANY].slug]))
    sides = f"{most:.1f} − {before:.1f} MB, {rows:,} rows"
    yield Row(f"table of {MANY:,} entries: memory", f"{most - before:.1f} MB", "none", sides)


def filled(site: Site, reader: "User", rare: "User", entries: int) -> "Organization":
    """An organization of the reader's with so many entries; every 20 000th is critical and by `rare`."""
    from audit import actions as audit
    from audit.models import Entry
    from core import tenancy
    from organizations.models import Membership, Role
    from tests import builders

    organization = builders.make_organization()
    for person in (reader, rare):
        Membership.objects.create(organization=organization, person=person, role=Role.OWNER)
    with tenancy.declared(organization.pk), transaction.atomic():
        audit.record("book.created", actor=reader, target=organization, personal={"title": "Bees by the Clock"})
        entry = Entry.objects.get(organization_id=organization.pk)
    seldom = "CASE WHEN n %% 20000 = 0 THEN {} ELSE {} END"
    varied = {
        "id": "uuidv7()",
        "action": seldom.format("'export.ready'", "t.action"),
        "severity": seldom.format("'critical'", "t.severity"),
        "actor_id": seldom.format("((%(among)s)::uuid[])[1]", "t.actor_id"),
    }
    bulk.multiply(site, entry, entries - 1, varied, among=[rare.pk])
    return organization


def beside(browser: Client, name: str, one: str, other: str, bar: str) -> Row:
    """The time of one page ÷ that of another."""
    above, below = fastest(lambda: get(browser, one), lambda: get(browser, other), rounds=ROUNDS)
    return Row(name, f"{above / below:.2f}", bar, f"{above:.1f} ÷ {below:.1f} ms")


def streamed(browser: Client, address: str) -> tuple[float, float, int]:
    """Megabytes of this process before and at the most while a table is sent, and how many lines that was."""
    gc.collect()
    before = most = resident()
    answer = browser.get(address)
    if not isinstance(answer, StreamingHttpResponse):
        raise RuntimeError(f"{address} answers {answer.status_code}")
    lines = 0
    for part in answer:
        lines += part.count(b"\n")
        most = max(most, resident())
    return before, most, lines


def resident() -> float:
    """Megabytes of this process."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) / 1024
