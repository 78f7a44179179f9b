"""Addresses of a book's chapters: order, cutting, trash, find and replace, who wrote them; below `/o/<slug>/`."""

from django.urls import URLPattern, path

from books.views import chapters, provenance, replacing

BOOK = "books/<uuid:book_id>/"
CHAPTER = f"{BOOK}chapters/<uuid:chapter_id>/"

urlpatterns: list[URLPattern] = [
    path(f"{BOOK}chapters/", chapters.chapters, name="chapters"),
    path(f"{BOOK}chapters/add/", chapters.chapter_add, name="chapter_add"),
    path(f"{BOOK}chapters/move/", chapters.chapter_move, name="chapter_move"),
    path(f"{BOOK}chapters/undo/", chapters.cut_undo, name="cut_undo"),
    path(f"{BOOK}chapters/trash/", chapters.chapters_trash, name="chapters_trash"),
    path(f"{CHAPTER}arrange/", chapters.chapter_edit, name="chapter_edit"),
    path(f"{CHAPTER}split/", chapters.chapter_split, name="chapter_split"),
    path(f"{CHAPTER}merge/", chapters.chapter_merge, name="chapter_merge"),
    path(f"{CHAPTER}trash/", chapters.chapter_trash, name="chapter_trash"),
    path(f"{CHAPTER}return/", chapters.chapter_return, name="chapter_return"),
    path(f"{CHAPTER}erase/", chapters.chapter_erase, name="chapter_erase"),
    path(f"{BOOK}replace/", replacing.replace, name="replace"),
    path(f"{BOOK}replace/<uuid:revision_id>/undo/", replacing.replace_undo, name="replace_undo"),
    path(f"{BOOK}origins/", provenance.origins, name="origins"),
    path(f"{CHAPTER}origin/", provenance.origin, name="origin"),
    path(f"{CHAPTER}origin/review/", provenance.review, name="origin_review"),
]
