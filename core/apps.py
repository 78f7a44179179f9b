"""The shared kernel: nothing in here names a business noun."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Kernel app: leases, mail, tenancy, storage, events to the browser."""

    name = "core"
