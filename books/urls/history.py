"""Addresses of revisions, comparisons and restoring, below `/o/<slug>/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
