"""Beat's tasks of the trail: each looks for what is due and is safe twice."""

from celery import shared_task

from audit.jobs import alerting, attesting, keeping


@shared_task(name="audit.tasks.link", ignore_result=True, acks_late=False, quiet=True)
def link() -> None:
    """Every 2 s: entries that found their chain in other hands get their place."""
    keeping.link()


@shared_task(name="audit.tasks.tell", ignore_result=True, acks_late=False, quiet=True)
def tell() -> None:
    """Every 5 s: staff are told of critical entries."""
    alerting.tell()


@shared_task(name="audit.tasks.attest")
def attest() -> None:
    """Every hour, at work once a day: verify the trail and sign its heads."""
    attesting.attest()
