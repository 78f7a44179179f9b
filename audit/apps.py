"""The append-only trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Audit app; writes down every step around row level security."""

    name = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
        from audit import transitions
        from core import tenancy

        tenancy.on_system.append(transitions.record_system)
