"""`python -m tests.faults.pooled`: two organizations read their books from eight threads; prints what leaked."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django

ROUNDS, THREADS = 40, 8


def main() -> None:
    """Make a book in each of two organizations, then look for the other's, through whatever DATABASE_URL points at."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import DatabaseError, connection, transaction

    from books.models import Book
    from core import tenancy
    from organizations.models import Organization
    from tests.builders import make_book, make_organization, make_person

    def prepare(slug: str) -> Organization:
        with transaction.atomic():
            organization = make_organization(slug=slug)
            with tenancy.declared(organization.pk):
                make_book(organization, make_person(), title=slug)
        return organization

    def look(turn: int) -> list[str]:
        own = organizations[turn % 2]
        wrong = []
        try:
            for _ in range(ROUNDS):
                with tenancy.declared(own.pk), transaction.atomic():
                    # Without `.of()`: only the database keeps them apart here.
                    titles = list(Book.objects.values_list("title", flat=True))
                wrong += [] if titles == [own.slug] else [f"{own.slug} saw {titles}"]
                try:
                    with transaction.atomic():
                        wrong += [f"nobody saw {list(Book.objects.values_list('title', flat=True))}"]
                except DatabaseError:
                    pass
        finally:
            connection.close()
        return wrong

    organizations = [prepare("pool-a"), prepare("pool-b")]
    with ThreadPoolExecutor(THREADS) as threads:
        wrong = [one for found in threads.map(look, range(THREADS)) for one in found]
    sys.stdout.write("\n".join(wrong) or f"clean after {ROUNDS * THREADS * 2} transactions")


if __name__ == "__main__":
    main()
