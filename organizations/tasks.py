"""Celery tasks of organizations: ids in, the job does the work, the row says how far it is."""

from uuid import UUID

from celery import shared_task

from organizations.jobs import erasing


@shared_task(name="organizations.tasks.erase_closed", acks_late=False)
def erase_closed() -> None:
    """Every hour by beat: put closed organizations whose 30 days are over on offer to be erased."""
    erasing.offer_due()


@shared_task(name=erasing.TASK)
def erase_organization(organization_id: str) -> None:
    """Erase one closed organization, if nobody holds it."""
    erasing.erase(UUID(organization_id))
