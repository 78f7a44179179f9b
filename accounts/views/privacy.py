"""One's own data: what was agreed to, a copy of everything; and the same for people without an account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import me
from accounts.forms.privacy import DataRequestForm
from accounts.models import DataRequest
from accounts.queries import privacy as queries
from core import rate_limits


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Consents, the copy, closing; HTMX asks for the `copy` part while one is being made."""
    page = queries.privacy_page(me(request))
    if request.headers.get("HX-Request"):
        if page.waiting:
            return HttpResponse(status=204)
        return render(request, "privacy/privacy.html#copy", {"page": page})
    return render(request, "privacy/privacy.html", {"page": page})


@require_POST
def export_request(request: HttpRequest) -> HttpResponse:
    """Ask for a copy of everything."""
    actions.request_copy(person=me(request))
    messages.success(request, _("Your copy is being put together. We write to you when it is ready."))
    return redirect("accounts:privacy")


@require_safe
def export_download(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One's own copy, by a link that expires after five minutes."""
    found = queries.own_copy(me(request), request_id)
    if found is None:
        raise Http404
    return _fetched(request, found)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: of an account only for who is signed in to it; POST fetches the file."""
    found = queries.linked_copy(token)
    if found is None:
        return render(request, "privacy/link_over.html", status=404)
    if found.person_id is not None:
        return redirect("accounts:privacy")
    if request.method == "POST":
        return _fetched(request, found)
    return render(request, "privacy/data.html", {"found": found})


def _fetched(request: HttpRequest, found: DataRequest) -> HttpResponse:
    """Written down, then on to the file."""
    actions.log_copy_fetched(request=found, by=me(request) if found.person_id else None)
    name = f"{_('my-data')}-{found.created_at:%Y-%m-%d}.zip"
    return redirect(default_storage.download_url(found.file, name))  # type: ignore[attr-defined]  # core.storage


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """For people without an account: an address and a wish; the answer never tells whether anything is kept."""
    form = DataRequestForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        rate_limits.hit("data_request", account=form.cleaned_data["email"].lower())
        actions.ask_as_visitor(language=get_language() or "en", **form.cleaned_data)
        return render(request, "privacy/asked.html")
    return render(request, "privacy/request.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link that shows who reads the mailbox; only the button does anything."""
    found = queries.unconfirmed(token)
    if found is None:
        return render(request, "privacy/link_over.html", status=404)
    if request.method == "POST":
        actions.confirm_request(request=found)
        return render(request, "privacy/confirmed.html", {"found": found})
    return render(request, "privacy/confirm.html", {"found": found})
