"""Leaving, and coming back."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.access import me
from accounts.errors import AccountRefused
from accounts.forms.privacy import ClosingForm, NewAddressForm
from accounts.models import Closing
from accounts.queries import closing as queries
from accounts.queries import emails
from core import rate_limits


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest) -> HttpResponse:
    """What follows, what stands in the way, and the form."""
    person = me(request)
    form = ClosingForm(request.POST or None, person=person)
    if form.is_valid():
        try:
            closed = actions.close_account(person=person)
        except AccountRefused as refused:
            form.add_error(None, refused.message)
        else:
            logout(request)
            return render(request, "privacy/closed.html", {"closing": closed})
    context = {"form": form, "obstacles": queries.obstacles(person)}
    return render(request, "privacy/close.html", context, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: undo with the old address, or, when that is somebody else's by now, ask for another."""
    found = queries.open_closing(token)
    if found is None:
        return render(request, "privacy/link_over.html", status=404)
    if emails.is_taken(found.email):
        return _another_address(request, found)
    if request.method == "POST":
        return _back(request, found, found.email)
    return render(request, "privacy/reopen.html", {"closing": found, "email": found.email})


def _another_address(request: HttpRequest, found: Closing) -> HttpResponse:
    """Ask for it; a link to it comes by mail, and the page says so whatever becomes of it."""
    form = NewAddressForm(request.POST or None)
    if form.is_valid():
        rate_limits.hit("email_change", account=str(found.person_id))
        actions.ask_new_address(closing=found, email=form.cleaned_data["email"])
        return render(request, "privacy/new_address_asked.html", {"email": form.cleaned_data["email"]})
    return render(request, "privacy/new_address.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen_as(request: HttpRequest, token: str) -> HttpResponse:
    """The link to the other address: who opens it reads that mailbox."""
    found = queries.with_new_address(token)
    if found is None:
        return render(request, "privacy/link_over.html", status=404)
    if request.method == "POST":
        return _back(request, *found)
    return render(request, "privacy/reopen.html", {"closing": found[0], "email": found[1]})


def _back(request: HttpRequest, found: Closing, email: str) -> HttpResponse:
    """Everything is where it was; sign in as before."""
    actions.reopen_account(closing=found, email=email)
    messages.success(request, _("Your account is there again. Sign in as before."))
    return redirect("account_login")
