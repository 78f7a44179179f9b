"""Addresses of comments and suggestions, below `/o/<slug>/`."""

from django.urls import path

from books.views import comments, suggestions

BOOK = "books/<uuid:book_id>"
CHAPTER = f"{BOOK}/chapters/<uuid:chapter_id>"
COMMENT = f"{BOOK}/comments/<uuid:comment_id>"

urlpatterns = [
    path(f"{BOOK}/comments/", comments.comment_list, name="comment_list"),
    path(f"{COMMENT}/", comments.comment, name="comment"),
    path(f"{COMMENT}/edit/", comments.comment_edit, name="comment_edit"),
    path(f"{COMMENT}/delete/", comments.comment_delete, name="comment_delete"),
    path(f"{COMMENT}/resolve/", comments.comment_resolve, name="comment_resolve"),
    path(f"{CHAPTER}/comments/", comments.chapter_comments, name="chapter_comments"),
    path(f"{CHAPTER}/marks/", comments.marks, name="marks"),
    path(f"{BOOK}/suggestions/", suggestions.suggestion_list, name="suggestion_list"),
    path(f"{BOOK}/suggestions/decide/", suggestions.suggestion_decide, name="suggestion_decide"),
    path(f"{BOOK}/suggestions/undo/", suggestions.suggestion_undo, name="suggestion_undo"),
    path(f"{CHAPTER}/suggestions/", suggestions.chapter_suggestions, name="chapter_suggestions"),
    path(f"{CHAPTER}/suggestions/text/", suggestions.suggestion_text, name="suggestion_text"),
]
