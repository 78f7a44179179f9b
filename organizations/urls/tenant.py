"""Addresses of an organization's own pages, below `/o/<slug>/`."""

from django.urls.resolvers import URLPattern

app_name = "tenant"

urlpatterns: list[URLPattern] = []
