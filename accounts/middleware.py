"""The signed-in person's language and time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest
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
