"""Celery tasks of the books app: ids in, the job does the work, the row says how far it is."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from books.jobs import bundling, checking, erasing, exporting, pictures, steps, visits
from books.transitions.copying import TASK as COPY_PICTURE
from books.transitions.erasing import TASK as DELETE_FILES
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


@shared_task(name=DELETE_FILES)
def delete_files(book_id: str) -> None:
    """Delete the files of an erased book, if nobody holds it."""
    erasing.delete_files(UUID(book_id))


@shared_task(name=COPY_PICTURE)
def copy_picture(picture_id: str) -> None:
    """Give the picture of a copied book files of its own, if nobody holds it."""
    pictures.copy(UUID(picture_id))


@shared_task(name="books.tasks.purge_trash", acks_late=False)
def purge_trash() -> None:
    """Every hour by beat: erase what has been in the trash for 30 days."""
    erasing.purge_trash()


@shared_task(name="books.tasks.store_visits", acks_late=False)
def store_visits() -> None:
    """Every five minutes by beat: write what was counted of readers from outside into the database."""
    visits.store()


@shared_task(name="books.tasks.check_models", acks_late=False)
def check_models() -> None:
    """Ask every configured model for one word; what came is kept for the staff's page."""
    checking.check_models()
