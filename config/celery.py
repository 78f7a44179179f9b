"""The Celery application: queues `default`, `writing` (threads) and `documents` (processes); beat sweeps the leases."""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("scriptorium", task_cls="core.queue:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def log_as_everywhere(**_options: object) -> None:
    """Workers and beat log like the site: with a receiver here, Celery leaves logging alone."""
    dictConfig(settings.LOGGING)
