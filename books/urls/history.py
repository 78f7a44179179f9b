"""Addresses of revisions, versions, comparisons and going back, below `/o/<slug>/`."""

from django.urls import URLPattern, path

from books.views import chapter_history, history

BOOK = "books/<uuid:book_id>/history/"
REVISION = f"{BOOK}<uuid:revision_id>/"
VERSIONS = "books/<uuid:book_id>/chapters/<uuid:chapter_id>/versions/"
urlpatterns: list[URLPattern] = [
    path(BOOK, history.history, name="history"),
    path(f"{BOOK}keep/", history.revision_keep, name="revision_keep"),
    path(f"{BOOK}compare/", history.compare, name="compare"),
    path(REVISION, history.revision, name="revision"),
    path(f"{REVISION}restore/", history.revision_restore, name="revision_restore"),
    path(f"{REVISION}<uuid:chapter_id>/", history.revision_chapter, name="revision_chapter"),
    path(
        f"{REVISION}<uuid:chapter_id>/restore/",
        history.revision_chapter_restore,
        name="revision_chapter_restore",
    ),
    path(VERSIONS, chapter_history.versions, name="versions"),
    path(f"{VERSIONS}compare/", chapter_history.versions_compare, name="versions_compare"),
    path(f"{VERSIONS}<int:number>/", chapter_history.version, name="version"),
    path(f"{VERSIONS}<int:number>/restore/", chapter_history.version_restore, name="version_restore"),
    path(f"{VERSIONS}<int:number>/paragraph/", chapter_history.paragraph_restore, name="paragraph_restore"),
]
