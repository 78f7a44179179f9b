"""What beat asks for and how often, and which queue each task goes to."""

from datetime import timedelta
from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "sweep leases": {"task": "core.tasks.sweep", "schedule": timedelta(seconds=2), "options": {"expires": 2}},
    "erase old bundles": {"task": "books.tasks.erase_old_bundles", "schedule": timedelta(hours=1)},
    "store visits": {"task": "books.tasks.store_visits", "schedule": timedelta(minutes=5)},
    "purge trash": {"task": "books.tasks.purge_trash", "schedule": timedelta(hours=1)},
    "link the trail": {"task": "audit.tasks.link", "schedule": timedelta(seconds=2), "options": {"expires": 2}},
    "tell of critical acts": {"task": "audit.tasks.tell", "schedule": timedelta(seconds=5), "options": {"expires": 5}},
    "attest the trail": {"task": "audit.tasks.attest", "schedule": timedelta(hours=1)},
    "reconcile payments": {"task": "billing.tasks.reconcile", "schedule": timedelta(minutes=10)},
    "watch payments": {"task": "billing.tasks.watch_payments", "schedule": timedelta(minutes=1)},
    "erase old bodies": {"task": "billing.tasks.erase_old_bodies", "schedule": timedelta(hours=1)},
    "roll up usage": {"task": "billing.tasks.roll_up_usage", "schedule": timedelta(minutes=15)},
    "erase closed": {"task": "organizations.tasks.erase_closed", "schedule": timedelta(hours=1)},
    "settle graces": {"task": "billing.tasks.settle_graces", "schedule": timedelta(hours=1)},
    "settle months": {"task": "billing.tasks.settle_months", "schedule": timedelta(hours=1)},
}
# Everything else goes to the default queue.
QUEUES = {
    "books.tasks.perform_step": {"queue": "writing"},
    "books.tasks.check_models": {"queue": "writing"},
    "books.tasks.make_export": {"queue": "documents"},
    "books.tasks.make_bundle": {"queue": "documents"},
    "accounts.tasks.answer_request": {"queue": "documents"},
}
