"""Addresses of saving a chapter, and of who is in a book; below `/o/<slug>/`."""

from django.urls import URLPattern, path

from books.views import presence, saving

urlpatterns: list[URLPattern] = [
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/save/", saving.save, name="save"),
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/text/", saving.text, name="text"),
    path("books/<uuid:book_id>/people/", presence.people, name="people"),
    path("books/<uuid:book_id>/here/", presence.here, name="here"),
]
