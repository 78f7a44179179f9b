"""What Prometheus reads at /metrics: requests as this host's processes counted them, work as the database has it.

Requests are counted in memory, in files shared by the processes of one host when PROMETHEUS_MULTIPROC_DIR names a
folder. Queues, runs and model calls are read from the database when asked: the same truth from any host, nothing lost
with a process. No label names an organization, a person or a book: a label's values must be few.
"""

import ipaddress
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.http import HttpRequest
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core import tenancy
from core.models import Lease, Mail

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# A request with one of these came through a proxy, whatever address it has now.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")

if _shared := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    Path(_shared).mkdir(parents=True, exist_ok=True)
_counted = CollectorRegistry()
REQUESTS = Counter("scriptorium_http_requests", "Answered requests", ["route", "method", "status"], registry=_counted)
REQUEST_SECONDS = Histogram(
    "scriptorium_http_request_seconds", "Seconds to the answer's start", ["route"], buckets=SECONDS, registry=_counted
)


@dataclass(frozen=True)
class Reading:
    """One number of one metric; `name` without the prefix, unit last (`_seconds`, `_bytes`)."""

    name: str
    about: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


Source = Callable[[], Iterable[Reading]]
# Apps above add theirs when they are ready. Each is called in a read-only transaction across organizations.
sources: list[Source] = []


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """One answered request; `route` is the name of an address, never the path somebody asked for."""
    REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)


def queue_readings() -> Iterator[Reading]:
    """Per task: leases on offer, held and put off, and how long the oldest one on offer has waited."""
    free = Q(held_until__isnull=True) | Q(held_until__lt=Now())
    due = free & Q(available_at__lte=Now())
    rows = Lease.objects.values("task").annotate(
        offered=Count("id", filter=due),
        held=Count("id", filter=Q(held_until__gte=Now())),
        deferred=Count("id", filter=free & Q(available_at__gt=Now())),
        oldest=Min("available_at", filter=due),
        now=Now(),
    )
    for row in rows:
        for state in ("offered", "held", "deferred"):
            yield Reading("leases", "Durable work by state", row[state], {"task": row["task"], "state": state})
        waited = (row["now"] - row["oldest"]).total_seconds() if row["oldest"] else 0.0
        yield Reading("queue_age_seconds", "Wait of the oldest work on offer", max(0.0, waited), {"task": row["task"]})


def mail_readings() -> Iterator[Reading]:
    """Mails by state."""
    for state, number in Mail.objects.values_list("state").annotate(number=Count("id")):
        yield Reading("mails", "Mails by state", number, {"state": state})


sources += [queue_readings, mail_readings]


class Database(Collector):
    """Collector of every source, at scrape time."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Families in name order; when the database is away, only that it is."""
        readings, up = [], 1.0
        try:
            with tenancy.counted():
                readings = sorted((one for source in sources for one in source()), key=lambda one: one.name)
        except DatabaseFault:
            up = 0.0
        readings.append(Reading("database_up", "Whether the database answered this scrape", up))
        for _name, group in groupby(readings, key=lambda one: one.name):
            yield family(list(group))


def family(readings: list[Reading]) -> GaugeMetricFamily:
    """Readings of one name as Prometheus has them."""
    first = readings[0]
    names = sorted(first.labels)
    found = GaugeMetricFamily(f"scriptorium_{first.name}", first.about, labels=names)
    for one in readings:
        found.add_metric([one.labels[name] for name in names], one.value)
    return found


def page() -> bytes:
    """Everything in Prometheus' text format (CONTENT_TYPE)."""
    shown = CollectorRegistry()
    if _shared:
        multiprocess.MultiProcessCollector(shown)  # type: ignore[no-untyped-call]  # the package leaves it untyped
    else:
        shown.register(_counted)
    shown.register(Database())
    return generate_latest(shown)


def may_read(request: HttpRequest) -> bool:
    """Whether the caller is on a network of METRICS_ALLOWED, itself and not through a proxy."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        caller = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a Unix socket has no address
        return False
    if isinstance(caller, ipaddress.IPv6Address) and caller.ipv4_mapped:
        caller = caller.ipv4_mapped
    return any(caller in network for network in settings.METRICS_ALLOWED)
