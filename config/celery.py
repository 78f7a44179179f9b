"""The Celery application: queues `default`, `writing` (threads) and `documents` (processes); beat sweeps the leases."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("scriptorium", task_cls="core.queue:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
