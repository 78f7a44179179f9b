"""The shared kernel: nothing in here names a business noun."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Kernel app: leases, mail, tenancy, storage, events to the browser."""

    name = "core"
    verbose_name = _("Machinery")
