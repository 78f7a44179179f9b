"""What people ask of books: each action locks, refuses, changes, audits, enqueues: in that order."""

from books.actions.books import create_book
from books.actions.bundles import log_bundle_download, request_bundle
from books.actions.exports import log_download, request_export
from books.actions.outline import EntryDraft, approve_outline, save_outline
from books.actions.reading import save_place
from books.actions.runs import RunAction, cancel_run, pause_run, resume_run, retry_failed_steps, start_run

__all__ = [
    "EntryDraft",
    "RunAction",
    "approve_outline",
    "cancel_run",
    "create_book",
    "log_bundle_download",
    "log_download",
    "pause_run",
    "request_bundle",
    "request_export",
    "resume_run",
    "retry_failed_steps",
    "save_outline",
    "save_place",
    "start_run",
]
