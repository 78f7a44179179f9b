"""Addresses of an organization's own pages, below `/o/<slug>/`."""

from django.urls import path

from organizations.views import branding, closing, settings, usage

app_name = "tenant"

urlpatterns = [
    path("settings/", settings.general, name="settings"),
    path("settings/looks/", branding.looks, name="looks"),
    path("settings/looks/logo/", branding.logo_change, name="logo_change"),
    path("settings/close/", closing.close, name="close"),
    path("settings/ordinary/", closing.ordinary, name="ordinary"),
    path("closed/", closing.closed, name="closed"),
    path("brand-<slug:digest>.css", branding.brand, name="brand"),
    path("logo-<slug:digest>.webp", branding.logo, name="logo"),
    path("usage/", usage.usage, name="usage"),
]
