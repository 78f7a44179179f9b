"""Proving once more who one is, by a mailed code: for people with neither password nor second factor."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import me
from accounts.actions import sign_in as actions
from accounts.forms.emails import ProofForm
from accounts.models import User
from accounts.queries import codes

SESSION_KEY = "proof"  # what accounts.queries.codes keeps of the code that was mailed


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Ask for a code, enter it, and go on with what it was needed for; who has a better way is led to that."""
    person = me(request)
    way = get_adapter().get_reauthentication_methods(person)[0]["url"]
    if way != request.path:
        return redirect(passthrough_next_redirect_url(request, way, REDIRECT_FIELD_NAME))
    if request.method == "POST" and "code" not in request.POST:
        request.session[SESSION_KEY] = actions.mail_proof(person=person)
    pending = codes.living(request.session.get(SESSION_KEY))
    sent = request.POST if pending and "code" in request.POST else None
    form = ProofForm(sent, codes=pending["codes"] if pending else [])
    if form.is_valid():
        return _proved(request, person)
    if pending and form.is_bound:
        actions.note_factor_failed(person=person, method="code", again=True)
        request.session[SESSION_KEY] = pending | {"tries": pending["tries"] + 1}
        pending = codes.living(request.session[SESSION_KEY])
    context = {"form": form, "pending": pending, "next": get_next_redirect_url(request, REDIRECT_FIELD_NAME)}
    return render(request, "account/prove.html", context, status=422 if form.is_bound else 200)


def _proved(request: HttpRequest, person: User) -> HttpResponse:
    """What was held back is carried out."""
    del request.session[SESSION_KEY]
    record_authentication(request, person, method="code", email=person.email, reauthenticated=True)
    answer: HttpResponse | None = resume_request(request)
    return answer or redirect("accounts:security")
