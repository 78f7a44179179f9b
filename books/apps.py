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
        from accounts import signals
        from audit.queries.acts import Area, contribute
        from books import receivers
        from books.queries import acts, readings
        from books.queries.usage import METERS
        from core import metrics
        from organizations.queries import activity, usage
        from organizations.signals import organization_closing, organization_erased

        metrics.sources.append(readings.of_work)
        signals.person_exported.connect(receivers.person_exported, dispatch_uid="books.person_exported")
        signals.address_exported.connect(receivers.address_exported, dispatch_uid="books.address_exported")
        signals.address_erased.connect(receivers.address_erased, dispatch_uid="books.address_erased")
        signals.person_erased.connect(receivers.person_erased, dispatch_uid="books.person_erased")
        organization_closing.connect(receivers.organization_closing, dispatch_uid="books.organization_closing")
        organization_erased.connect(receivers.organization_erased, dispatch_uid="books.organization_erased")
        usage.register(*METERS)
        contribute(Area("books", _("Books")), acts.BOOKS, fact_labels=acts.FACTS, value_labels=acts.VALUES)
        contribute(Area("sharing", _("Sharing")), acts.SHARING)
        contribute(Area("writing", _("Writing")), acts.WRITING)
        contribute(Area("files", _("Files")), acts.FILES)
        contribute(Area("spending", _("Spending")), acts.SPENDING)
        activity.namers.append(acts.titles)


def model_routes(**_options: Any) -> list[CheckMessage]:
    """Refuse to start with routes that no call could take; each message names the key."""
    from books.jobs import route

    return [Error(f"MODEL_ROUTES: {fault}", id="books.E001") for fault in route.faults()]
