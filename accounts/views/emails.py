"""A person's e-mail address. These pages stand in the place of allauth's, which knows several addresses a person."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import me
from accounts.actions import emails as actions
from accounts.forms.emails import CodesForm, EmailForm
from accounts.queries import codes, emails


def _sent(request: HttpRequest) -> list[QueryDict]:
    """What the form was sent with, an empty one too."""
    return [request.POST] if request.method == "POST" else []


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth ships no types
def email(request: HttpRequest) -> HttpResponse:
    """The address, and the way to another one: codes go to both."""
    person = me(request)
    form = EmailForm(*_sent(request), person=person)
    if form.is_valid():
        asked = actions.ask_for_change(person=person, email=form.cleaned_data["email"])
        request.session[emails.SESSION_KEY] = asked
        return redirect("accounts:email_confirm")
    context = {"form": form, "pending": codes.living(request.session.get(emails.SESSION_KEY))}
    return render(request, "account/email_change.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def email_confirm(request: HttpRequest) -> HttpResponse:
    """Both codes, three tries, a quarter of an hour."""
    pending = codes.living(request.session.get(emails.SESSION_KEY))
    if pending is None:
        messages.error(request, _("This change has run out. Nothing was changed; you can begin again."))
        return redirect("account_email")
    form = CodesForm(*_sent(request), codes=pending["codes"])
    if form.is_valid():
        del request.session[emails.SESSION_KEY]
        actions.change_email(person=me(request), email=pending["email"], session_key=request.session.session_key)
        messages.success(request, _("Your address is changed. Whoever was signed in elsewhere is not any more."))
        return redirect("account_email")
    if form.is_bound:
        request.session[emails.SESSION_KEY] = pending | {"tries": pending["tries"] + 1}
        if pending["tries"] + 1 >= codes.TRIES:
            return redirect("accounts:email_confirm")
    context = {"form": form, "email": pending["email"]}
    return render(request, "account/email_confirm.html", context, status=422 if form.is_bound else 200)


@require_POST
def email_cancel(request: HttpRequest) -> HttpResponse:
    """The address stays; codes on their way are worth nothing."""
    if request.session.pop(emails.SESSION_KEY, None):
        messages.success(request, _("Your address stays as it is."))
    return redirect("account_email")
