"""Tenants, members, limits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    """Organizations app; gives every person an organization of their own."""

    name = "organizations"
    verbose_name = _("Organizations")

    def ready(self) -> None:
        from accounts import signals
        from accounts.queries.activity import naming
        from accounts.queries.security import responsibilities
        from audit.queries.acts import Area, contribute
        from organizations import receivers
        from organizations.queries import activity, acts
        from organizations.queries.responsibility import answers_for_others

        for name in (
            "person_opened",
            "person_closing",
            "person_closed",
            "person_reopened",
            "person_exported",
            "person_erased",
            "address_exported",
            "address_erased",
        ):
            getattr(signals, name).connect(getattr(receivers, name), dispatch_uid=f"organizations.{name}")
        contribute(
            Area("organization", _("Organization")), acts.ORGANIZATION, fact_labels=acts.FACTS, value_labels=acts.VALUES
        )
        contribute(Area("members", _("Members")), acts.MEMBERS)
        contribute(Area("limits", _("Usage")), acts.LIMITS)
        contribute(Area("activity", _("Activity")), acts.ACTIVITY)
        naming.append(activity.names_for)
        responsibilities.append(answers_for_others)
