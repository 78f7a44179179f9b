"""What row level security adds to a page: the list of books over a million rows of a thousand organizations."""

from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.benchmarks import bulk
from tests.benchmarks.clock import fastest
from tests.benchmarks.pages import get
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

ROUNDS = 60
ORGANIZATIONS, BOOKS = 1_000, 1_000_000


def benchmark(site: Site) -> Iterator[Row]:
    """The page as the web role, whom every policy binds ÷ as a role that no policy binds, in each order."""
    from core.tenancy import SYSTEM_ROLE
    from organizations.models import Organization
    from tests import builders
    from tests.benchmarks.runs import signed_in

    mine = builders.make_organization()
    reader = builders.make_member(mine, "owner")
    bulk.multiply(site, mine, ORGANIZATIONS - 1, {"id": "uuidv7()", "slug": "'isolated-' || n"})
    names = list(Organization.objects.filter(slug__startswith="isolated-").values_list("pk", flat=True))
    varied = {
        "id": "uuidv7()",
        "organization_id": f"((%(among)s)::uuid[])[1 + n %% {ORGANIZATIONS}]",
        "title": "'Volume ' || n",
        "content_changed_at": "t.content_changed_at + n * interval '1 second'",
    }
    bulk.multiply(site, builders.make_book(mine, reader), BOOKS - 1, varied, among=[mine.pk, *names])
    site.analyze()
    browser = signed_in(reader)
    for order in ("new", "changed", "title"):
        address = f"{reverse('books:book_list', args=[mine.slug])}?sort={order}"
        bound, free = fastest(visit(browser, address, "NONE"), visit(browser, address, SYSTEM_ROLE), rounds=ROUNDS)
        sides = f"{bound:.1f} ÷ {free:.1f} ms"
        yield Row(f"row level security, by {order}", f"{bound / free:.2f}", "≤ 1.10", sides)


def visit(browser: Client, address: str, role: str) -> Callable[[], None]:
    """A visit of the page as that role."""

    def go() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
        get(browser, address)

    return go
