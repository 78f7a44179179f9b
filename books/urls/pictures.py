"""Addresses of pictures in a book's text, below `/o/<slug>/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
