"""What staff may do while they act as somebody else: what stands here, and nothing besides.

A new address is refused until somebody lists it. Looking is free in an organization's pages and in public ones; the
account itself (sign-in, profile, data, sessions), the admin, and tables to take away stay closed. Of what changes
something only work on books is open, and of that nothing that costs credits, cannot be undone, or decides for others.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from core import views
from core.errors import Forbidden

ALWAYS = {"accounts:acting_stop", "account_logout"}
# Whole namespaces, to look at; and single addresses beside them.
LOOK_IN = {"books", "tenant", "organizations"}
LOOK_AT = {
    "front", "pricing", "help", "robots", "signed_file", "run_events", "book_events", "bundle_events", "legal",
}  # fmt: skip
# Tables of what people did, to take away; the way into an organization; what asks for the password again.
CLOSED = {
    "books:downloads_table", "tenant:activity_table", "tenant:hand_over", "tenant:close", "tenant:ordinary",
    "tenant:leave", "organizations:new", "organizations:invitation", "organizations:own_invitation",
}  # fmt: skip
WORK = {
    "books:book_act", "books:book_edit", "books:book_copy", "books:place", "books:export_request", "books:bundle_new",
    "books:save", "books:sources", "books:source_remove", "books:version_restore", "books:rewrite_take",
    "books:rewrite_discard",
    "books:chat_title", "books:chat_rename", "books:chat_stop", "books:run_pause", "books:run_resume",
    "books:run_cancel", "books:run_retry",
}  # fmt: skip
SAFE = {"GET", "HEAD", "OPTIONS"}


class Refusals:
    """Refuse, with 403 and a sentence, what staff may not do in somebody else's name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], arguments: Any, named: Any
    ) -> HttpResponse | None:
        """Before any view, and before its transaction."""
        match = request.resolver_match
        if getattr(request, "acting", None) is None or match is None:
            return None
        if is_open(match.view_name, request.method or ""):
            return None
        said = _("This is not open while you act as somebody else. Stop acting first.")
        return views.refused(request, Forbidden(said, code="acting"))


def is_open(name: str, method: str) -> bool:
    """Whether an address, by its name, may be asked so."""
    if name in ALWAYS:
        return True
    if method not in SAFE:
        return name in WORK
    return name in LOOK_AT or (name.partition(":")[0] in LOOK_IN and ":" in name and name not in CLOSED)
