"""Addresses of a book's chapters: order, split, merge, trash, find and replace, below `/o/<slug>/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
