"""Addresses of pictures in a book's text, below `/o/<slug>/`."""

from django.urls import URLPattern, path

from books.views import pictures

_ONE = "books/<uuid:book_id>/pictures/<uuid:picture_id>/"
urlpatterns: list[URLPattern] = [
    path("books/<uuid:book_id>/pictures/", pictures.pictures, name="pictures"),
    path(_ONE, pictures.picture, name="picture"),
    path(f"{_ONE}remove/", pictures.picture_remove, name="picture_remove"),
    path(f"{_ONE}small/", pictures.picture_small, name="picture_small"),
    path(f"{_ONE}large/", pictures.picture_large, name="picture_large"),
]
