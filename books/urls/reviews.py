"""Addresses of what models suggest, and passages written anew, below `/o/<slug>/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
