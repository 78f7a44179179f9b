"""Celery tasks of the books app: ids in, the job does the work, the row says how far it is."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from books.jobs import bundling, exporting, steps
from books.transitions.exports import BUNDLE_TASK as MAKE_BUNDLE
from books.transitions.exports import TASK as MAKE_EXPORT
from books.transitions.steps import TASK as PERFORM_STEP


@shared_task(name=PERFORM_STEP)
def perform_step(step_id: str) -> None:
    """Do one step of a run, if nobody holds it; what comes next is offered when it commits."""
    steps.perform(UUID(step_id))


@shared_task(name=MAKE_EXPORT)
def make_export(export_id: str) -> None:
    """Make one file, if nobody holds it."""
    exporting.make(UUID(export_id))


@shared_task(name=MAKE_BUNDLE)
def make_bundle(bundle_id: str) -> None:
    """Pack many files into one ZIP, if nobody holds it and all of them are settled."""
    bundling.make(UUID(bundle_id))


@shared_task(name="books.tasks.erase_old_bundles", acks_late=False)
def erase_old_bundles() -> None:
    """Every hour by beat: erase bundles a week after they were made, rows and files."""
    bundling.erase_old(timezone.now())
