"""What the chain costs: writers of one organization, an action's share, and how fast it is verified."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from django.db import connection, transaction

from tests.benchmarks.clock import in_turns
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from accounts.models import User
    from organizations.models import Organization

WRITERS, SECONDS, TURNS = 8, 2.0, 5
ROUNDS = 60
ENTRIES = 100_000


def benchmark(site: Site) -> Iterator[Row]:
    """Eight writers with the chain ÷ without; the trail's share of creating a book; entries verified in a second."""
    from tests.benchmarks.runs import author

    person, organization = author()
    yield writers(site, organization.pk)
    yield share(site, person, organization)
    yield verified(site, organization.pk)


def writers(site: Site, organization: UUID) -> Row:
    """Entries a second of eight threads, each entry a transaction; the linking runs beside them as beat has it run."""
    from audit.jobs import keeping

    with trigger_off(site):
        rate(organization, seconds=0.3)  # warms up
    rates: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(TURNS):
        rates[True].append(rate(organization, beside=keeping.link))
        with trigger_off(site):
            rates[False].append(rate(organization))
        with sudo(site) as db:
            db.execute("DELETE FROM audit_entry WHERE digest IS NULL")
    with_chain, without = median(rates[True]), median(rates[False])
    sides = f"{with_chain:.0f} ÷ {without:.0f} entries/s, {WRITERS} writers of one organization, {TURNS} turns"
    return Row("audit: chain ÷ no chain (rate)", f"{with_chain / without:.2f}", "≥ 0.70", sides)


def rate(organization: UUID, *, seconds: float = SECONDS, beside: Callable[[], object] | None = None) -> float:
    """Entries committed in a second by all writers together."""
    from audit import actions as audit
    from core import tenancy

    written = [0] * WRITERS
    end = time.perf_counter() + seconds

    def write(number: int) -> None:
        while time.perf_counter() < end:
            with transaction.atomic(), tenancy.declared(organization):
                audit.record("book.edited", details={"number": number}, changes={"title": ("Bees", "Wasps")})
            written[number] += 1
        connection.close()

    def link() -> None:
        while beside and time.perf_counter() < end:
            beside()
            time.sleep(min(2.0, max(0.0, end - time.perf_counter())))
        connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    threads.append(threading.Thread(target=link))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(written) / seconds


def share(site: Site, person: "User", organization: "Organization") -> Row:
    """The median time of creating a book by its action, what its entry takes of it: the rest is the same without."""
    from audit import actions as audit
    from books import actions as books
    from core import tenancy
    from core.ids import new_id

    brief = {"title": "Bees by the Clock", "topic": "Keeping bees", "chapter_count": 2, "words_per_chapter": 200}

    def create() -> None:
        with transaction.atomic(), tenancy.declared(organization.pk):
            books.create_book(organization=organization, author=person, brief=brief, request_key=new_id())
            transaction.set_rollback(True)  # a plan has room for few books

    def write() -> None:
        with transaction.atomic(), tenancy.declared(organization.pk):
            audit.record("book.created", actor=person, details={"number": 1})
            transaction.set_rollback(True)

    def nothing() -> None:
        with transaction.atomic(), tenancy.declared(organization.pk), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            transaction.set_rollback(True)

    whole, entry, empty = (median(times) for times in in_turns(create, write, nothing, rounds=ROUNDS))
    sides = f"{entry - empty:.2f} of {whole:.2f} ms, creating a book by its action"
    return Row("audit: entry's share of an action", f"{(entry - empty) / whole:.3f}", "≤ 0.15", sides)


def verified(site: Site, organization: UUID) -> Row:
    """Entries a second of audit_verify, of one long chain."""
    from audit.jobs import keeping, verifying
    from audit.models import Entry
    from core import tenancy

    with transaction.atomic(), tenancy.declared(organization):
        for _ in range(ENTRIES // 5000):
            Entry.objects.bulk_create(
                Entry(action="book.edited", organization_id=organization, details={"number": number})
                for number in range(5000)
            )
    while keeping.link():
        pass
    site.analyze()
    began = time.perf_counter()
    verdicts = verifying.verify()
    took = time.perf_counter() - began
    if bad := [verdict.finding for verdict in verdicts if verdict.finding]:
        raise RuntimeError(f"the trail does not verify: {bad}")
    entries = sum(verdict.entries for verdict in verdicts)
    return Row("audit: entries verified", f"{entries / took:.0f}/s", "none", f"{entries} entries in {took:.1f} s")


@contextmanager
def trigger_off(site: Site) -> Iterator[None]:
    """Inside the block entries are written without digests and chain, as they were before there was one."""
    with sudo(site) as db:
        db.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_chain_entry")
        yield
        db.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_chain_entry")


def sudo(site: Site) -> "psycopg.Connection[tuple[Any, ...]]":
    """The superuser's connection."""
    return psycopg.connect(site.stack.environment()["DATABASE_SUPERUSER_URL"], autocommit=True)
