"""Who is signed in: led to the door if nobody is, shown every page in their language and time zone if somebody is."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from accounts.models import User


def preferences(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Show every page in the person's language and clock, whatever the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        person = request.user
        if not isinstance(person, User):
            return get_response(request)
        translation.activate(person.language)
        request.LANGUAGE_CODE = person.language
        with timezone.override(ZoneInfo(person.time_zone)):
            return get_response(request)

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Django's own, but for a page that looks again by itself after its person has signed out elsewhere.

    HTMX would follow the redirect and put the sign-in page in the middle of that page: it is told to load anew instead.
    """

    def handle_no_permission(  # type: ignore[override]  # Django always redirects
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """The way to the sign-in page, or 401 with HX-Refresh."""
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        return super().handle_no_permission(request, view_func)
