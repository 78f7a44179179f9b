"""The admin application, pointed at our own site class."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Make config.admin.AdminSite the default admin site."""

    default_site = "config.admin.AdminSite"
