"""Addresses of share links and publishing, below `/o/<slug>/`."""

from django.urls import URLPattern, path

from books.views import publishing, shares

ROOT = "books/<uuid:book_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{ROOT}sharing/", shares.shares, name="shares"),
    path(f"{ROOT}sharing/visibility/", shares.share_visibility, name="share_visibility"),
    path(f"{ROOT}sharing/<uuid:link_id>/revoke/", shares.share_revoke, name="share_revoke"),
    path(f"{ROOT}visits/", shares.visits, name="visits"),
    path(f"{ROOT}publishing/", publishing.publishing, name="publishing"),
    path(f"{ROOT}publishing/take-back/", publishing.take_back, name="take_back"),
]
