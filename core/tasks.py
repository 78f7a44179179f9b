"""Kernel tasks: the sweep that brings lost work back, and mail."""

from uuid import UUID

from celery import shared_task

from core import leases, mail


@shared_task(name="core.tasks.sweep", ignore_result=True, acks_late=False, quiet=True)
def sweep() -> None:
    """Every 2 s by beat: send again what is due and nobody holds."""
    leases.sweep()


@shared_task(name=mail.TASK)
def deliver(mail_id: str) -> None:
    """Hand one queued mail to the transport; a transport that is down is tried again later."""
    mail.deliver(UUID(mail_id))
