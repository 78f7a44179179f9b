"""The moves of files, and what they mean for the bundles that wait for them."""

from datetime import timedelta

from books.models import Bundle, BundleItem, Export, ExportState
from core import events, leases

TASK = "books.tasks.make_export"
BUNDLE_TASK = "books.tasks.make_bundle"
# The last file that settles wakes its bundle; this look is for one that went away with its book.
NEXT_LOOK = timedelta(seconds=15)


def settle(export: Export) -> None:
    """Inside the transaction in which a file became ready or failed: hurry the bundles that waited for it alone.

    The bundles are locked first: of two files that settle at once, the later sees the earlier one's state.
    """
    bundles = Bundle.objects.of(export.organization).filter(state=ExportState.PENDING, items__export=export)
    waiting = list(bundles.select_for_update(of=("self",), no_key=True).order_by("pk"))
    unsettled = BundleItem.objects.of(export.organization).filter(bundle__in=waiting, export__state=ExportState.PENDING)
    still_waiting = set(unsettled.values_list("bundle_id", flat=True)) if waiting else set()
    for bundle in waiting:
        if bundle.pk not in still_waiting:
            leases.offer(bundle.pk, BUNDLE_TASK, organization=export.organization_id)
        events.changed(bundle.pk)
