"""Manuscripts, runs, exports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BooksConfig(AppConfig):
    """Books app."""

    name = "books"
    verbose_name = _("Books")

    def ready(self) -> None:
        from books.queries import readings
        from core import metrics

        metrics.sources.append(readings.of_work)
