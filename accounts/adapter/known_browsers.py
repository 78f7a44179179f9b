"""Browsers that a person has signed in with before: a signed cookie, so that nothing about them is stored here.

Whoever signs in with another one gets a mail that says so.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.models import User

SALT = "accounts.known_browsers"
YEAR_SECONDS = 365 * 24 * 3600
PEOPLE = 10  # of one browser; the one who was here longest ago is forgotten first


def knows(request: HttpRequest, person: User) -> bool:
    """Whether this person has signed in with this browser within a year."""
    return _mark(person) in _people(request)


def remember(request: HttpRequest, response: HttpResponse, person: User) -> None:
    """From now on the browser is known as this person's too."""
    mine = _mark(person)
    people = [mine, *(one for one in _people(request) if one != mine)][:PEOPLE]
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        signing.dumps(people, salt=SALT),
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _people(request: HttpRequest) -> list[str]:
    """Marks in the cookie; none when it is not ours or too old."""
    try:
        found: list[str] = signing.loads(
            request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), salt=SALT, max_age=YEAR_SECONDS
        )
    except signing.BadSignature:
        return []
    return found


def _mark(person: User) -> str:
    """Stands for the person in the cookie, which says nothing to who reads it."""
    return salted_hmac(SALT, str(person.pk), algorithm="sha256").hexdigest()[:24]
