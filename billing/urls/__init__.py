"""Addresses below `/o/<slug>/billing/`, one module per noun."""

from django.urls.resolvers import URLPattern

app_name = "billing"
urlpatterns: list[URLPattern] = []
