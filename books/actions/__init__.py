"""What people ask of books: each action locks, refuses, changes, audits, enqueues: in that order."""

from books.actions.books import create_book
from books.actions.bundles import log_bundle_download, request_bundle
from books.actions.chats import Asked, ask, begin_chat, delete_chat, rename_chat, stop_answer
from books.actions.details import duplicate_book, save_details
from books.actions.exports import log_download, request_export
from books.actions.outline import EntryDraft, approve_outline, save_outline
from books.actions.reading import save_place
from books.actions.runs import RunAction, cancel_run, pause_run, resume_run, retry_failed_steps, start_run
from books.actions.shelf import archive_book, erase_book, restore_book, trash_book, unarchive_book

__all__ = [
    "Asked",
    "EntryDraft",
    "RunAction",
    "approve_outline",
    "archive_book",
    "ask",
    "begin_chat",
    "cancel_run",
    "create_book",
    "delete_chat",
    "duplicate_book",
    "erase_book",
    "log_bundle_download",
    "log_download",
    "pause_run",
    "rename_chat",
    "request_bundle",
    "request_export",
    "restore_book",
    "resume_run",
    "retry_failed_steps",
    "save_details",
    "save_outline",
    "save_place",
    "start_run",
    "stop_answer",
    "trash_book",
    "unarchive_book",
]
