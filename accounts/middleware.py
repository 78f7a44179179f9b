"""Who is signed in: led to the door if nobody is, shown every page in their language and time zone if somebody is.

And the doors themselves: how often each may be tried, and that the time of their answers tells nothing.
"""

import math
import random
import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.internal.stagekit import unstash_login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils import timezone, translation
from redis.exceptions import RedisError

from accounts.actions import acting
from accounts.models import Impersonation, User
from accounts.queries import acting as acting_queries
from accounts.queries.consents import DUE
from core import origin, rate_limits, views
from core.digests import of_token
from core.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def preferences(get_response: GetResponse) -> GetResponse:
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


def acting_as(get_response: GetResponse) -> GetResponse:
    """Where staff act as somebody (`request.acting`): check it anew, name them in the trail, end it in time."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.acting = None  # type: ignore[attr-defined]  # read by the banner, by config.acting and by the admin
        ticket = request.session.get(acting.TICKET)
        if not ticket:
            return get_response(request)
        held = acting_queries.of_ticket(ticket)
        if not acting_queries.goes_on(held, request.user, seal=str(ticket.get(HASH_SESSION_KEY))):
            return _sent_back(request, held)
        request.acting = held  # type: ignore[attr-defined]
        with origin.acting(held.staff.pk, str(held.staff)):
            response = get_response(request)
        if not request.user.is_authenticated:
            acting.end_acting(impersonation_id=held.pk, why="signed_out")
        return response

    return middleware


def _sent_back(request: HttpRequest, held: Impersonation) -> HttpResponse:
    """Nothing was done: the staff are themselves again, on the person's page of the admin, or signed out.

    What was ended before its time was ended elsewhere, perhaps by staff who signed out everywhere: no way leads back.
    """
    ended_elsewhere = held.ended_at is not None and held.ended_at < held.ends_at
    acting.end_acting(impersonation_id=held.pk, why="over" if timezone.now() >= held.ends_at else "refused")
    back = acting.leave(request.session, staff=held.staff) and not ended_elsewhere
    if ended_elsewhere:
        request.session.flush()
    rotate_token(request)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect("admin:accounts_user_change", held.person_id) if back else redirect(settings.LOGIN_URL)


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


# What stays open to who has not agreed to a new version yet: reading it, leaving, and what is theirs by law.
BEFORE_CONSENT = {"accounts:consent", "legal", "legal_version", "account_logout", "set_language", "accounts:theme",
                  "account_reauthenticate", "accounts:prove", "signed_file", "livez", "readyz",
                  "metrics"}  # fmt: skip
BEFORE_CONSENT_ALSO = ("accounts:privacy", "accounts:closing", "accounts:export", "mfa_reauthenticate")


class Consent:
    """Lead who signed in to the texts that are new since, until they agreed; the session says so, no page asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], arguments: Any, named: Any
    ) -> HttpResponse | None:
        """To the page that asks, or on."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not request.user.is_authenticated or name in BEFORE_CONSENT or name.startswith(BEFORE_CONSENT_ALSO):
            return None
        return redirect("accounts:consent") if request.session.get(DUE) else None


# Forms about an account, by view: the door (settings.RATE_LIMITS) and the field that names the account.
FORMS = {
    "account_login": ("sign_in", "login"),
    "account_signup": ("sign_up", "email"),
    "socialaccount_signup": ("sign_up", "email"),
    "account_reset_password": ("code_request", "email"),
    "account_request_login_code": ("code_request", "email"),
    "account_email_verification_sent": ("code_entry", ""),
    "account_confirm_login_code": ("code_entry", ""),
    "account_confirm_password_reset_code": ("code_entry", ""),
    "account_complete_password_reset": ("code_entry", ""),
    "accounts:email_confirm": ("code_entry", ""),
}
# Forms of somebody who is signed in, or halfway: the account is theirs.
OF_PERSON = {
    "account_email": "email_change",
    "account_change_password": "reauthenticate",
    "account_reauthenticate": "reauthenticate",
    "account_set_password": "reauthenticate",
    "accounts:prove": "reauthenticate",
    "mfa_reauthenticate": "reauthenticate",
    "mfa_reauthenticate_webauthn": "reauthenticate",
    "mfa_authenticate": "second_factor",
    "mfa_login_webauthn": "second_factor",
}


class Doors:
    """Count what is sent to the doors before anything of it is looked at; too often is answered 429.

    The one place for all of allauth's forms. Reading their pages is never counted, and works while Valkey is away.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], arguments: Any, named: Any
    ) -> HttpResponse | None:
        """Refuse, or let pass."""
        door, account = _door(request) if request.method == "POST" else ("", "")
        if not door:
            return None
        try:
            rate_limits.hit(door, **({"account": account} if account else {}))
        except DomainError as refusal:
            return views.refused(request, refusal)
        return None


def _door(request: HttpRequest) -> tuple[str, str]:
    """The door a form was sent to, and the account it is about; an unknown account counts like any other."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in FORMS:
        door, field = FORMS[name]
        return door, request.POST.get(field, "")
    if name in OF_PERSON:
        login = None if request.user.is_authenticated else unstash_login(request, peek=True)
        person = login.user if login else request.user
        return OF_PERSON[name], str(person.pk or "") if person else ""
    return "", ""


# Doors whose work differs when the account is there: its time is hidden.
EVEN = {"account_login", "account_signup", "account_reset_password", "account_request_login_code", "account_email",
        "account_email_verification_sent", "account_confirm_login_code", "account_confirm_password_reset_code",
        "accounts:email_confirm", "data_request", "reopen", "socialaccount_signup"}  # fmt: skip
# Said before anything of an account is looked at (forged, too often, Valkey away): nothing to hide, and refusals are
# without number: nobody keeps threads asleep by them.
BEFORE_LOOKING = {403, 429, 503}


_chance = random.SystemRandom()


def even_pace(get_response: GetResponse) -> GetResponse:
    """Let answers of the doors leave at whole multiples of DOOR_SECONDS after they were asked for.

    Outermost, so that sessions are saved and transactions ended by then. The equal work is done where it can be; this
    hides what is left of the difference, and a little chance what a processor that slept longer takes to wake.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        looked = request.method == "POST" and name in EVEN and response.status_code not in BEFORE_LOOKING
        if looked and settings.DOOR_SECONDS:
            taken = time.perf_counter() - began
            paced = math.ceil(taken / settings.DOOR_SECONDS) * settings.DOOR_SECONDS
            time.sleep(paced - taken + _chance.uniform(0, settings.DOOR_SECONDS / 25))
        return response

    return middleware


SEEN_SECONDS = 60


class SessionSeen:
    """Write down when a session was last used, at most once a minute: the cache alone is asked in between."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and self._is_due(request.session):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    @staticmethod
    def _is_due(session: SessionBase) -> bool:
        """Whether a minute has passed; while Valkey is away the list of sessions waits.

        A session in which staff act as somebody else is never written down as that person's.
        """
        if not session.session_key or acting.TICKET in session:
            return False
        try:
            return bool(cache.add(f"seen:{of_token(session.session_key)}", True, SEEN_SECONDS))
        except RedisError:
            return False
