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
from accounts.access import me
from accounts.forms.profile import AboutForm, ContactForm, PictureForm, PreferencesForm
from accounts.models import Theme
from accounts.queries.contact import shown_phone

YEAR_SECONDS = 365 * 24 * 3600


def back(request: HttpRequest) -> HttpResponse:
    """Back to the page a switch was on, if it is ours."""
    target = request.POST.get("next") or request.headers.get("Referer", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return redirect(target)


def saved(request: HttpRequest, page: str) -> HttpResponse:
    """Back to the page, with the news in the person's language, which may have just changed."""
    with override(me(request).language):
        messages.success(request, _("Your profile is saved."))
    return redirect(page)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Picture, name, job, company, website, a few words."""
    person = me(request)
    form = AboutForm(request.POST or None, initial={name: getattr(person, name) for name in AboutForm.base_fields})
    if form.is_valid():
        actions.save_about(person=person, **form.cleaned_data)
        return saved(request, "accounts:profile")
    return profile_page(request, form=form)


def profile_page(
    request: HttpRequest, *, form: AboutForm | None = None, picture: PictureForm | None = None
) -> HttpResponse:
    """The page with both of its forms; 422 when one of them was sent and is wrong."""
    person = me(request)
    about = form or AboutForm(initial={name: getattr(person, name) for name in AboutForm.base_fields})
    given = picture or PictureForm()
    status = 422 if about.is_bound or given.is_bound else 200
    return render(request, "accounts/profile.html", {"form": about, "picture": given}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Phone and postal address."""
    person = me(request)
    known = {"phone": shown_phone(person), **person.postal_address}
    form = ContactForm(request.POST or None, initial=known, language=person.language)
    if form.is_valid():
        actions.save_contact(person=person, **form.cleaned_data)
        return saved(request, "accounts:contact")
    return render(request, "accounts/contact.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, time zone, theme, shortcuts, e-mails."""
    person = me(request)
    known = {name: getattr(person, name) for name in PreferencesForm.base_fields}
    form = PreferencesForm(request.POST or None, initial=known)
    if form.is_valid():
        actions.save_preferences(person=person, **form.cleaned_data)
        return saved(request, "accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form}, status=422 if form.is_bound else 200)


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
