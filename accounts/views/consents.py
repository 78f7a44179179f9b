"""The texts people agree to, for everybody to read; and the page that asks again when there is a new version."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import me
from accounts.actions import consents as actions
from accounts.forms.signup import Agreement
from accounts.queries import consents


@login_not_required
@require_safe
def legal(request: HttpRequest, kind: str, number: int | None = None) -> HttpResponse:
    """A text in force, or one of its older versions."""
    page = consents.legal_page(kind, number)
    if page is None:
        raise Http404
    return render(request, "legal/text.html", {"text": page})


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """New versions: read, agree, or leave."""
    person = me(request)
    form = Agreement(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.agree(person=person, language=consents.language())
    missing = consents.missing(person)
    if not missing:
        request.session.pop(consents.DUE, None)
        return redirect("organizations:landing")
    texts = [text for kind in missing if (text := consents.legal_page(kind))]
    return render(request, "legal/consent.html", {"form": form, "texts": texts}, status=422 if form.is_bound else 200)
