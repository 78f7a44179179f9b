"""What pages cost: beside a bare page with the same middleware and queries, and with many books beside few."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.benchmarks.clock import fastest
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from accounts.models import User
    from organizations.models import Organization

ROUNDS = 60
FEW, FULL_PAGE, MANY = 10, 25, 10_000  # a page of the list shows 24


def benchmark(site: Site) -> Iterator[Row]:
    """Home and book page as a share of a bare page's rate; then the book list with ten and ten thousand books."""
    from tests import builders
    from tests.benchmarks import bare
    from tests.benchmarks.runs import signed_in

    with override_settings(ROOT_URLCONF=bare.__name__, TEMPLATES=bare.templates()):
        person = builders.make_person()
        browser = signed_in(person)
        sizes = {size: shelf(person, size) for size in (FEW, FULL_PAGE, MANY)}
        site.analyze()
        addresses = {"home": reverse("books:home", args=[sizes[FULL_PAGE].slug]), "book page": book(person)}
        for name, address in addresses.items():
            yield from beside_bare(browser, name, address)
        lists = {size: reverse("books:book_list", args=[of.slug]) for size, of in sizes.items()}
        for few in (FEW, FULL_PAGE):
            yield flat(browser, few, lists[few], lists[MANY])


def shelf(person: "User", books: int) -> "Organization":
    """An organization of the person's with that many books."""
    from books.models import Book
    from core import tenancy
    from organizations.models import Membership, Role
    from tests import builders

    organization = builders.make_organization()
    Membership.objects.create(organization=organization, person=person, role=Role.OWNER)
    with tenancy.declared(organization.pk):
        Book.objects.bulk_create(
            Book(
                organization=organization, author=person, title=f"Volume {number}", topic="Keeping bees",
                byline=person.name, chapter_count=2, words_per_chapter=200,
            )
            for number in range(books)
        )  # fmt: skip
    return organization


def book(person: "User") -> str:
    """The address of a written book of ten chapters, by itself in an organization."""
    from books.models import BookStatus
    from tests import builders

    organization = shelf(person, 0)
    written = builders.make_book(organization, person, status=BookStatus.REVIEW, chapter_count=10)
    for position in range(1, 11):
        builders.make_chapter(written, position=position)
    return reverse("books:book", args=[organization.slug, written.pk])


def beside_bare(browser: Client, name: str, address: str) -> Iterator[Row]:
    """The page's rate ÷ that of its own view showing nothing, and ÷ that of its SQL repeated as it stands."""
    from tests.benchmarks import bare

    def nothing() -> None:
        with bare.nothing_shown():
            get(browser, address)

    asked = captured(lambda: get(browser, address))
    within = asked[asked.index("BEGIN") + 1 :]  # what comes before the view's transaction is the middleware's
    bare.repeat([query for query in within if query.startswith("SELECT")])
    page, unseen, sql = fastest(lambda: get(browser, address), nothing, lambda: get(browser, "/bare/"), rounds=ROUNDS)
    sides = f"{page:.1f} ms, bare page {unseen:.1f} ms; {len(asked)} statements, bare page {len(captured(nothing))}"
    yield Row(f"{name} ÷ bare page (rate)", f"{unseen / page:.2f}", "≥ 0.80", sides)
    yield Row(f"{name} ÷ its SQL alone (rate)", f"{sql / page:.2f}", "none", f"{page:.1f} ms, SQL {sql:.1f} ms")


def flat(browser: Client, few: int, small: str, large: str) -> Row:
    """The time of the list of many books ÷ that of few."""
    many_ms, few_ms = fastest(lambda: get(browser, large), lambda: get(browser, small), rounds=ROUNDS)
    return Row(
        f"book list {MANY:,} ÷ {few} books", f"{many_ms / few_ms:.2f}", "flat", f"{many_ms:.1f} ÷ {few_ms:.1f} ms"
    )


def captured(visit: Callable[[], None]) -> list[str]:
    """The statements of a page's second visit: the first one fills caches and the session."""
    visit()
    with CaptureQueriesContext(connection) as found:
        visit()
    return [query["sql"] for query in found.captured_queries]


def get(browser: Client, address: str) -> None:
    """Visit a page. Raises RuntimeError when it is not shown."""
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")
