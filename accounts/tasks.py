"""Celery tasks of the accounts app: ids in, the job does the work, the row says how far it is."""

from uuid import UUID

from celery import shared_task

from accounts.actions.beta import MAIL_TASK
from accounts.jobs import avatars, beta
from accounts.transitions.pictures import TASK as TIDY_PICTURES


@shared_task(name=TIDY_PICTURES)
def tidy_pictures(person_id: str) -> None:
    """Delete the pictures a person had before, if nobody else does."""
    avatars.tidy(UUID(person_id))


@shared_task(name=MAIL_TASK)
def mail_beta_invites(invite_id: str) -> None:
    """Mail the open invitations that wait; the job offers itself again while there are more."""
    beta.mail_invites(UUID(invite_id))
