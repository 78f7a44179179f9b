"""Addresses of what models do with a text: other texts for it, and suggestions; below `/o/<slug>/`."""

from django.urls import URLPattern, path

from books.views import assistant, reviews, rewrites

CHAPTER = "books/<uuid:book_id>/chapters/<uuid:chapter_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{CHAPTER}assistant/", assistant.assistant, name="assistant"),
    path("rewrites/<uuid:rewrite_id>/", rewrites.rewrite, name="rewrite"),
    path("rewrites/<uuid:rewrite_id>/take/", rewrites.rewrite_take, name="rewrite_take"),
    path("rewrites/<uuid:rewrite_id>/discard/", rewrites.rewrite_discard, name="rewrite_discard"),
    path("rewrites/<uuid:rewrite_id>/again/", rewrites.rewrite_again, name="rewrite_again"),
    path("reviews/<uuid:review_id>/", reviews.review, name="review"),
]
