"""Addresses of comments and suggestions, below `/o/<slug>/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
