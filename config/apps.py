"""The admin application, pointed at our own site class."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

# Every process that loads Django has our Celery application as the current one: pages send tasks too.
import config.celery  # noqa: F401


class AdminConfig(DjangoAdminConfig):
    """Make config.admin.AdminSite the default admin site."""

    default_site = "config.admin.AdminSite"
