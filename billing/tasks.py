"""Celery's tasks of billing: ids in, one job each."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from billing.jobs import catalogue, errands, events, graces, looking, months, plans, reconciling, rollups, watching
from billing.transitions import forgetting
from billing.transitions.access import TASK as SETTLE_PLAN
from billing.transitions.errands import TASK as RUN_ERRAND
from billing.transitions.looking import TASK as LOOK_AGAIN
from billing.transitions.mirroring import TASK as SYNC_CATALOGUE
from billing.transitions.receiving import TASK as APPLY_EVENT


@shared_task(name=RUN_ERRAND)
def run_errand(errand_id: str) -> None:
    """Ask a payment provider for one thing, if nobody else does."""
    errands.run(UUID(errand_id))


@shared_task(name=APPLY_EVENT)
def apply_event(event_id: str) -> None:
    """Apply what a payment provider sent, if nobody else does."""
    events.apply(UUID(event_id))


@shared_task(name=LOOK_AGAIN)
def look_again(subject_id: str) -> None:
    """Read something that is open at its provider and settle it, if nobody else does."""
    looking.look(UUID(subject_id))


@shared_task(name="billing.tasks.reconcile", acks_late=False)
def reconcile() -> None:
    """Every ten minutes by beat: find what deliveries lost."""
    reconciling.reconcile()


@shared_task(name="billing.tasks.watch_payments", acks_late=False)
def watch_payments() -> None:
    """Every minute by beat: tell staff of payments that need a person."""
    watching.watch()


@shared_task(name="billing.tasks.erase_old_bodies", acks_late=False)
def erase_old_bodies() -> None:
    """Every hour by beat: erase what providers sent 90 days ago."""
    forgetting.old_bodies(timezone.now())


@shared_task(name="billing.tasks.settle_graces", acks_late=False)
def settle_graces() -> None:
    """Every hour by beat: what a day brings to missing payments, trials, given plans and cards."""
    graces.settle()


@shared_task(name="billing.tasks.settle_months", acks_late=False)
def settle_months() -> None:
    """Every hour by beat: credits that come with a paid month, and credits whose time is over."""
    months.settle()


@shared_task(name=SYNC_CATALOGUE)
def sync_catalogue(subject_id: str) -> None:
    """Bring the price list of one account at a provider up to date, if nobody else does."""
    catalogue.work(UUID(subject_id))


@shared_task(name=SETTLE_PLAN)
def settle_plan(plan_id: str) -> None:
    """Give everybody who has a plan what it allows now, if nobody else does."""
    plans.settle(UUID(plan_id))


@shared_task(name="billing.tasks.roll_up_usage", acks_late=False)
def roll_up_usage() -> None:
    """Every fifteen minutes by beat: add up what was used, and warn whose credits run low."""
    rollups.roll_up()
