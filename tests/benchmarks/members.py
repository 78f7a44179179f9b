"""The page of members with many beside few, in every order and for a search; and asking for a permission."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.benchmarks.clock import fastest
from tests.benchmarks.pages import get
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from accounts.models import User
    from organizations.models import Organization

ROUNDS = 20
FEW, FULL_PAGE, MANY = 10, 50, 100_000  # a page shows 50
BATCH = 5_000
# Of the list of many: what is asked for, and how it is called in the row.
ASKED = {
    "newest first": "",
    "by name": "?sort=name",
    "guests": "?role=guest",
    "one is found": "?q=person-77777",
    "many are found": "?q=example",
    "nobody is found": "?q=zzyzzyva",
}


def benchmark(site: Site) -> Iterator[Row]:
    """Times of the page of many members ÷ that of few; then what one question of `may` costs."""
    from tests import builders
    from tests.benchmarks.runs import signed_in

    person = builders.make_person()
    browser = signed_in(person)
    addresses = {size: reverse("tenant:members", args=[house(person, size).slug]) for size in (FEW, FULL_PAGE, MANY)}
    site.analyze()
    for few in (FEW, FULL_PAGE):
        for name, asked in ASKED.items() if few == FULL_PAGE else [("newest first", "")]:
            large, small = addresses[MANY] + asked, addresses[few]
            many_ms, few_ms = fastest(lambda: get(browser, large), lambda: get(browser, small), rounds=ROUNDS)  # noqa: B023  # called at once
            sides = f"{many_ms:.1f} ÷ {few_ms:.1f} ms"
            yield Row(f"members {MANY:,} ÷ {few}, {name}", f"{many_ms / few_ms:.2f}", "flat", sides)
    yield asking(person)


def house(person: "User", size: int) -> "Organization":
    """An organization of the person's with that many members, a tenth of them guests."""
    from accounts.models import User
    from organizations.models import Membership, Role
    from tests import builders

    organization = builders.make_organization()
    Membership.objects.create(organization=organization, person=person, role=Role.OWNER)
    for first in range(0, size - 1, BATCH):
        numbers = range(first, min(first + BATCH, size - 1))
        with transaction.atomic():
            people = User.objects.bulk_create(
                User(
                    email=f"person-{number}@{organization.slug}.example", display_name=f"Reader {number * 7919 % size}"
                )
                for number in numbers
            )
            Membership.objects.bulk_create(
                Membership(organization=organization, person=one, role=Role.GUEST if number % 10 == 0 else Role.MEMBER)
                for number, one in enumerate(people)
            )
    return organization


def asking(person: "User") -> Row:
    """The first question of a request reads the membership; all others are a look into a set."""
    from organizations.access import resolve
    from organizations.models import PERMISSIONS

    slug = person.memberships.order_by("id")[0].organization.slug
    with CaptureQueriesContext(connection) as asked:
        member = resolve(person, slug)
    times = 100_000 // len(PERMISSIONS)
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as later:
        for _turn in range(times):
            for codename in PERMISSIONS:
                member.may(codename)
    each = (time.perf_counter() - began) * 1e6 / (times * len(PERMISSIONS))
    return Row(
        "queries of a permission after the first", str(len(later)), "0", f"first {len(asked)}; {each:.2f} µs each"
    )
