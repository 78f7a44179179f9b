"""Tenants, members, limits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Organizations app; gives every person an organization of their own."""

    name = "organizations"
    verbose_name = _("Organizations")

    def ready(self) -> None:
        from accounts.signals import person_opened
        from organizations import receivers

        person_opened.connect(receivers.person_opened, dispatch_uid="organizations.person_opened")
