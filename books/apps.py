"""Manuscripts, runs, exports."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext_lazy as _


class BooksConfig(AppConfig):
    """Books app."""

    name = "books"
    verbose_name = _("Books")

    def ready(self) -> None:
        register(model_routes)
        from books import receivers
        from books.queries import readings
        from books.queries.usage import METERS
        from core import metrics
        from organizations.queries import usage
        from organizations.signals import organization_closing, organization_erased

        metrics.sources.append(readings.of_work)
        organization_closing.connect(receivers.organization_closing, dispatch_uid="books.organization_closing")
        organization_erased.connect(receivers.organization_erased, dispatch_uid="books.organization_erased")
        usage.register(*METERS)


def model_routes(**_options: Any) -> list[CheckMessage]:
    """Refuse to start with routes that no call could take; each message names the key."""
    from books.jobs import route

    return [Error(f"MODEL_ROUTES: {fault}", id="books.E001") for fault in route.faults()]
