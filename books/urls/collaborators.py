"""Addresses of who works on a book, below `/o/<slug>/`."""

from django.urls import URLPattern, path

from books.views import collaborators

ROOT = "books/<uuid:book_id>/collaborators/"

urlpatterns: list[URLPattern] = [
    path(ROOT, collaborators.collaborators, name="collaborators"),
    path(f"{ROOT}new/", collaborators.collaborator_new, name="collaborator_new"),
    path(f"{ROOT}<uuid:collaborator_id>/", collaborators.collaborator, name="collaborator"),
    path(f"{ROOT}<uuid:collaborator_id>/resend/", collaborators.collaborator_resend, name="collaborator_resend"),
    path(f"{ROOT}<uuid:collaborator_id>/end/", collaborators.collaborator_end, name="collaborator_end"),
    path("books/<uuid:book_id>/leave/", collaborators.collaborator_leave, name="collaborator_leave"),
]
