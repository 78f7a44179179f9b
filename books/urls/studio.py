"""Addresses of the editor: its page, and the preview of a text; below `/o/<slug>/`."""

from django.urls import URLPattern, path

from books.views import studio

urlpatterns: list[URLPattern] = [
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/edit/", studio.studio, name="studio"),
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/preview/", studio.preview, name="preview"),
]
