"""Visits of readers from outside, counted without a cookie: in Valkey while a day lasts, in VisitCount for good.

A visit is a page opened. A visitor is what one address and one browser look like for a day: their digest under a salt
that is drawn every day and forgotten with it enters a HyperLogLog, from which nothing can be read but how many there
were (about 1 % off). Neither address nor browser nor digest is stored, and no day can be tied to another.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import redis
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from ua_parser import parse_device

from books.models import Book, ShareLink, VisitCount
from core import events, rate_limits, tenancy
from organizations.models import Organization

KEPT = timedelta(days=3)  # so long Valkey holds a day's numbers: beat has stored them by then
ROBOTS = "Spider"  # the device family of every robot that uap-core knows


@dataclass(frozen=True)
class Place:
    """Where something is read from outside: a book by a link or, without one, its public page."""

    organization: UUID
    book: UUID
    link: UUID | None = None

    def __str__(self) -> str:
        return f"{self.organization}:{self.book}:{self.link or ''}"

    @classmethod
    def named(cls, text: str) -> "Place":
        """The place that `str` made a text of."""
        organization, book, link = text.split(":")
        return cls(UUID(organization), UUID(book), UUID(link) if link else None)


def count(place: Place, *, address: str, browser: str, purpose: str = "") -> None:
    """Count one page opened, unless by a robot or before anybody asked for it; lost while Valkey is away.

    `browser` is what it says of itself, `purpose` its Sec-Purpose header ("prefetch" while nobody looks).
    """
    if "prefetch" in purpose.lower() or is_robot(browser):
        return
    today = timezone.now().date()
    caller = rate_limits.network(address) if address else ""
    events.quietly(lambda valkey: _count(valkey, today, place, f"{caller}\n{browser}"))


def is_robot(browser: str) -> bool:
    """Whether the browser says it is a program that reads for others; one that says nothing is none of anybody's."""
    device = parse_device(browser) if browser else None
    return not browser or (device is not None and device.family == ROBOTS)


def store() -> int:
    """Write the numbers of today and yesterday (UTC) into VisitCount; how many rows. Safe twice: they are set."""
    today = timezone.now().date()
    return sum(_store(day) for day in (today - timedelta(days=1), today))


def _count(valkey: redis.Redis, day: date, place: Place, visitor: str) -> None:
    salt = _salt(valkey, day)
    who = hmac.digest(salt, f"{place}\n{visitor}".encode(), hashlib.sha256)
    changes = valkey.pipeline()
    changes.hincrby(_key(day, "visits"), str(place), 1)
    changes.pfadd(_key(day, f"visitors:{place}"), who)
    for key in (_key(day, "visits"), _key(day, f"visitors:{place}")):
        changes.expire(key, KEPT)
    changes.execute()


def _salt(valkey: redis.Redis, day: date) -> bytes:
    """The day's own, drawn by whoever counts first; gone a minute after the day."""
    key = _key(day, "salt")
    over = datetime.combine(day + timedelta(days=1), time(minute=1), UTC)
    valkey.set(key, secrets.token_bytes(32), nx=True, exat=over)
    return bytes(valkey.get(key) or b"")  # type: ignore[arg-type]  # redis-py's answers may be awaitables


def _key(day: date, what: str) -> str:
    return f"reading:{day.isoformat()}:{what}"


def _store(day: date) -> int:
    valkey = events.client()
    counted: dict[Place, tuple[int, int]] = {}
    for name, visits in valkey.hgetall(_key(day, "visits")).items():
        place = Place.named(name.decode())  # type: ignore[union-attr]  # this connection answers bytes
        counted[place] = int(visits), int(valkey.pfcount(_key(day, f"visitors:{place}")))
    tenants = Organization.objects.in_bulk({place.organization for place in counted})
    for identifier, organization in sorted(tenants.items()):
        theirs = {place: numbers for place, numbers in counted.items() if place.organization == identifier}
        with transaction.atomic(), tenancy.declared(identifier):
            _keep(organization, theirs, day)
    return len(counted)


def _keep(organization: Organization, counted: dict[Place, tuple[int, int]], day: date) -> None:
    """Store numbers of books and links that are still there, never less than what stands: whoever lost count begins
    again from nothing, and two that store at once store the same."""
    books = Book.objects.of(organization).filter(erased_at__isnull=True, pk__in=[place.book for place in counted])
    links = ShareLink.objects.of(organization).filter(pk__in=[place.link for place in counted if place.link])
    there = {*books.values_list("pk", flat=True), *links.values_list("pk", flat=True), None}
    known = {place: numbers for place, numbers in counted.items() if {place.book, place.link} <= there}
    VisitCount.objects.bulk_create(
        [VisitCount(organization=organization, book_id=place.book, link_id=place.link, day=day) for place in known],
        ignore_conflicts=True,
    )
    for place, (visits, estimated) in known.items():
        rows = VisitCount.objects.of(organization).filter(book=place.book, link=place.link, day=day)
        visitors = min(visits, estimated)
        rows.filter(Q(visits__lt=visits) | Q(visitors__lt=visitors)).update(
            visits=Greatest("visits", Value(visits)),
            visitors=Greatest("visitors", Value(visitors)),
            updated_at=timezone.now(),
        )
