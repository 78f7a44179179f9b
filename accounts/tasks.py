"""Celery tasks of the accounts app: ids in, the job does the work, the row says how far it is."""

from uuid import UUID

from celery import shared_task

from accounts.jobs import acting, avatars, beta, erasing, requests
from accounts.transitions.acting import TASK as END_ACTING
from accounts.transitions.erasing import TASK as ERASE_PERSON
from accounts.transitions.pictures import TASK as TIDY_PICTURES
from accounts.transitions.requests import TASK as ANSWER_REQUEST


@shared_task(name=TIDY_PICTURES)
def tidy_pictures(person_id: str) -> None:
    """Delete the pictures a person had before, if nobody else does."""
    avatars.tidy(UUID(person_id))


@shared_task(name=beta.MAIL_TASK)
def mail_beta_invites(invite_id: str) -> None:
    """Mail the open invitations that wait; the job offers itself again while there are more."""
    beta.mail_invites(UUID(invite_id))


@shared_task(name=ANSWER_REQUEST)
def answer_request(request_id: str) -> None:
    """Do what is due for somebody's wish about their data, if nobody holds it."""
    requests.answer(UUID(request_id))


@shared_task(name=ERASE_PERSON)
def erase_person(closing_id: str) -> None:
    """Erase an account whose two weeks are over, if nobody holds it."""
    erasing.erase(UUID(closing_id))


@shared_task(name=END_ACTING)
def end_acting(impersonation_id: str) -> None:
    """End what staff began in somebody's name, if its time is over and nobody stopped it."""
    acting.end(UUID(impersonation_id))
