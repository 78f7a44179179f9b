"""Addresses of who works on a book, below `/o/<slug>/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
