"""What books count against an organization's limits."""

from typing import Any

from django.db.models import Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from books.models import Book, Bundle, Export, Picture, Source
from books.queries.caps import month_of, since
from organizations.models import Organization
from organizations.queries.usage import Meter, Part


def on_the_shelf(organization: Organization) -> tuple[Part, ...]:
    """Books that are not in the trash, the archived among them (one query, of an index of these alone)."""
    return (Part(_("Books"), Book.objects.of(organization).filter(trashed_at__isnull=True).count()),)


def begun_this_month(organization: Organization) -> tuple[Part, ...]:
    """Books begun or copied since the first of the month (UTC), whatever became of them (one query)."""
    begun = Book.objects.of(organization).filter(pk__gte=since(month_of(timezone.now())))
    return (Part(_("Books this month"), begun.count()),)


def stored(organization: Organization) -> tuple[Part, ...]:
    """Bytes of what is kept (one query). Sums over indexes that hold the sizes: no counter that could go astray."""
    models: tuple[Any, ...] = (Export, Bundle, Source, Picture)
    sums = [_sum(model, organization) for model in models]
    files, bundles, sources, pictures = Organization.objects.filter(pk=organization.pk).values_list(*sums)[0]
    return (
        Part(_("Files of books"), files),
        Part(_("Bundles of files, kept for a week"), bundles),
        Part(_("Sources"), sources),
        Part(_("Pictures of books"), pictures),
    )


def _sum(model: Any, organization: Organization) -> Coalesce:
    rows = model.objects.of(organization).filter(size__gt=0).order_by().values("organization")
    return Coalesce(Subquery(rows.annotate(bytes=Sum("size")).values("bytes")), 0)


METERS = (
    Meter(
        "books",
        gettext_lazy("Books"),
        on_the_shelf,
        gettext_lazy("Move a book to the trash, or choose a larger plan."),
    ),
    Meter(
        "books_a_month",
        gettext_lazy("Books this month"),
        begun_this_month,
        gettext_lazy("The next month begins on the first, at midnight UTC; or choose a larger plan."),
    ),
    Meter(
        "storage_bytes",
        gettext_lazy("Storage"),
        stored,
        gettext_lazy("Remove sources, erase books you no longer need from the trash, or choose a larger plan."),
        in_bytes=True,
    ),
)
