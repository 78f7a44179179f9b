"""Addresses of books, runs and exports, below `/o/<slug>/`."""

from django.urls import path

from books.views import books, bundles, chats, details, exports, home, reader, rewrites, runs, shelf, sources

app_name = "books"

urlpatterns = [
    path("", home.home, name="home"),
    path("books/", shelf.book_list, name="book_list"),
    path("books/new/", books.book_new, name="book_new"),
    path("books/act/", shelf.act, name="book_act"),
    path("trash/", shelf.trash, name="trash"),
    path("trash/<uuid:book_id>/erase/", shelf.erase, name="erase"),
    path("books/<uuid:book_id>/", books.book, name="book"),
    path("books/<uuid:book_id>/edit/", details.book_edit, name="book_edit"),
    path("books/<uuid:book_id>/copy/", details.book_copy, name="book_copy"),
    path("books/<uuid:book_id>/write/", books.book_write, name="book_write"),
    path("books/<uuid:book_id>/read/", reader.read, name="read"),
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/", reader.chapter, name="chapter"),
    path("books/<uuid:book_id>/exports/<slug:format_key>/", exports.export_request, name="export_request"),
    path("books/<uuid:book_id>/place/", reader.place, name="place"),
    path("books/<uuid:book_id>/downloads/", exports.downloads, name="downloads"),
    path("books/<uuid:book_id>/downloads.csv", exports.downloads_table, name="downloads_table"),
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/rewrite/", rewrites.rewrite_new, name="rewrite_new"),
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/versions/", rewrites.versions, name="versions"),
    path("books/<uuid:book_id>/chapters/<uuid:chapter_id>/versions/<int:number>/", rewrites.version, name="version"),
    path(
        "books/<uuid:book_id>/chapters/<uuid:chapter_id>/versions/<int:number>/restore/",
        rewrites.version_restore,
        name="version_restore",
    ),
    path("rewrites/<uuid:rewrite_id>/", rewrites.rewrite, name="rewrite"),
    path("rewrites/<uuid:rewrite_id>/take/", rewrites.rewrite_take, name="rewrite_take"),
    path("rewrites/<uuid:rewrite_id>/discard/", rewrites.rewrite_discard, name="rewrite_discard"),
    path("books/<uuid:book_id>/sources/", sources.sources, name="sources"),
    path("sources/<uuid:source_id>/remove/", sources.source_remove, name="source_remove"),
    path("books/<uuid:book_id>/chat/", chats.chats, name="chats"),
    path("books/<uuid:book_id>/chat/title/", chats.chat_title, name="chat_title"),
    path("books/<uuid:book_id>/chat/<uuid:chat_id>/", chats.chat, name="chat"),
    path("books/<uuid:book_id>/chat/<uuid:chat_id>/rename/", chats.chat_rename, name="chat_rename"),
    path("books/<uuid:book_id>/chat/<uuid:chat_id>/delete/", chats.chat_delete, name="chat_delete"),
    path("books/<uuid:book_id>/chat/<uuid:chat_id>/<uuid:turn_id>/stop/", chats.chat_stop, name="chat_stop"),
    path("books/<uuid:book_id>/chat/<uuid:chat_id>/<uuid:turn_id>/retry/", chats.chat_retry, name="chat_retry"),
    path("books/<uuid:book_id>/chat/<uuid:chat_id>/<uuid:turn_id>/resume/", chats.chat_resume, name="chat_resume"),
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
