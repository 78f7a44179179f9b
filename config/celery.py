"""The Celery application: queues `default`, `writing` (threads) and `documents` (processes); beat sweeps the leases."""

import os
from logging.config import dictConfig
from pathlib import Path

from celery import Celery
from celery.signals import after_task_publish, beat_init, heartbeat_sent, setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("scriptorium", task_cls="core.queue:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def log_as_everywhere(**_options: object) -> None:
    """Workers and beat log like the site: with a receiver here, Celery leaves logging alone."""
    dictConfig(settings.LOGGING)


@heartbeat_sent.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def give_sign_of_life(**_details: object) -> None:
    """A worker's loop turns and reaches the broker, every 2 s: config.healthy looks at the file's time."""
    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()


@beat_init.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def beat_gives_it_when_it_sends(**_details: object) -> None:
    """Beat has no heartbeat; it sends the sweep every 2 s."""
    after_task_publish.connect(give_sign_of_life)
