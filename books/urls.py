"""Addresses of books, runs and exports, below `/o/<slug>/`."""

from django.urls import path

from books.views import books, bundles, exports, home, reader, runs, sources

app_name = "books"

urlpatterns = [
    path("", home.home, name="home"),
    path("books/", books.book_list, name="book_list"),
    path("books/new/", books.book_new, name="book_new"),
    path("books/<uuid:book_id>/", books.book, name="book"),
    path("books/<uuid:book_id>/write/", books.book_write, name="book_write"),
    path("books/<uuid:book_id>/read/", reader.read, name="read"),
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/", reader.chapter, name="chapter"),
    path("books/<uuid:book_id>/exports/<slug:format_key>/", exports.export_request, name="export_request"),
    path("books/<uuid:book_id>/sources/", sources.sources, name="sources"),
    path("sources/<uuid:source_id>/remove/", sources.source_remove, name="source_remove"),
    path("books/<uuid:book_id>/place/", reader.place, name="place"),
    path("books/<uuid:book_id>/downloads/", exports.downloads, name="downloads"),
    path("books/<uuid:book_id>/downloads.csv", exports.downloads_table, name="downloads_table"),
    path("exports/<uuid:export_id>/", exports.download, name="download"),
    path("bundles/", bundles.bundles, name="bundles"),
    path("bundles/new/", bundles.bundle_new, name="bundle_new"),
    path("bundles/<uuid:bundle_id>/", bundles.bundle, name="bundle"),
    path("bundles/<uuid:bundle_id>/download/", bundles.bundle_download, name="bundle_download"),
    path("runs/<uuid:run_id>/", runs.run, name="run"),
    path("runs/<uuid:run_id>/outline/", runs.outline, name="outline"),
    path("runs/<uuid:run_id>/pause/", runs.pause, name="run_pause"),
    path("runs/<uuid:run_id>/resume/", runs.resume, name="run_resume"),
    path("runs/<uuid:run_id>/cancel/", runs.cancel, name="run_cancel"),
    path("runs/<uuid:run_id>/retry/", runs.retry, name="run_retry"),
]
