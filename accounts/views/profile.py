"""A person's own pages."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms.profile import ProfileForm
from accounts.models import Theme, User

YEAR_SECONDS = 365 * 24 * 3600


def me(request: HttpRequest) -> User:
    """The signed-in person, typed."""
    assert isinstance(request.user, User)  # noqa: S101  # LoginRequiredMiddleware saw to it
    return request.user


def back(request: HttpRequest) -> HttpResponse:
    """Back to the page a switch was on, if it is ours."""
    target = request.POST.get("next") or request.headers.get("Referer", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return redirect(target)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone, theme, e-mails, shortcuts."""
    person = me(request)
    form = ProfileForm(request.POST or None, initial={name: getattr(person, name) for name in ProfileForm.base_fields})
    if form.is_valid():
        actions.save_profile(person=person, **form.cleaned_data)
        with override(person.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The language switch: a cookie for everybody, the profile for who is signed in."""
    response = back(request)
    language = request.POST.get("language", "")
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax")
        if request.user.is_authenticated:
            actions.choose_language(person=me(request), language=language)
    return response


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """The theme switch: a cookie for everybody, the profile for who is signed in."""
    response = back(request)
    chosen = request.POST.get("theme", "")
    if chosen in Theme.values:
        response.set_cookie("theme", chosen, max_age=YEAR_SECONDS, samesite="Lax")
        if request.user.is_authenticated:
            actions.choose_theme(person=me(request), theme=chosen)
    return response
