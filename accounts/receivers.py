"""allauth's events, turned into our own actions.

A change of what protects the account gives the session at hand a new key (what an earlier one could do, it cannot) and
ends all others where a way in was taken away.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.usersessions.models import UserSession
from django.apps import AppConfig, apps
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts import actions
from accounts.actions import security, sign_in, staff
from accounts.models import User
from accounts.queries import consents
from accounts.queries.security import should_add_factor, unused_codes
from core import rate_limits


def signed_up(*, request: HttpRequest, user: User, sociallogin: SocialLogin | None = None, **_: Any) -> None:
    """A person finished the sign-up form: open the account in the same transaction."""
    actions.open_person(person=user)
    if sociallogin is not None:
        google_linked(request=request, sociallogin=sociallogin)


def signed_in(*, request: HttpRequest, user: User, **_: Any) -> None:
    """A person signed in: the trail, and no memory of slips before (of the address's there is)."""
    rate_limits.clear("sign_in", account=user.email)
    rate_limits.clear("second_factor", account=user.pk)
    if consents.missing(user):
        request.session[consents.DUE] = True
    sign_in.note_signed_in(person=user, methods=_methods(request, user))
    if should_add_factor(user):
        _suggest_factor(request)


def _methods(request: HttpRequest, person: User) -> list[str]:
    """Ways in of this visit, in order; empty where allauth had no part in it."""
    records: list[dict[str, str]] = get_authentication_records(request, person)
    return [one.get("type") or one.get("provider") or one["method"] for one in records]


def _suggest_factor(request: HttpRequest) -> None:
    said = _("You answer for others here, and a password alone protects your account.")
    link = format_html('<a href="{}">{}</a>', reverse("accounts:security"), _("Add a passkey or an app"))
    messages.warning(request, format_html("{} {}", said, link))


def sign_in_failed(*, credentials: Mapping[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A password was wrong, at the door or where somebody signed in was asked once more."""
    if request is not None and isinstance(request.user, User):
        sign_in.note_factor_failed(person=request.user, method="password", again=True)
    else:
        sign_in.note_sign_in_failed(email=credentials.get("email") or "", method="password")


def code_rejected(*, user: User, **_: Any) -> None:
    """A mailed code was wrong."""
    sign_in.note_factor_failed(person=user, method="code", again=False)


def factor_failed(*, user: User, authenticator: Authenticator, reauthentication: bool = False, **_: Any) -> None:
    """A code of the app or a recovery code was wrong."""
    sign_in.note_factor_failed(person=user, method=authenticator.type, again=reauthentication)


def signed_out(*, user: User | None, **_: Any) -> None:
    """A person left."""
    if user is not None:
        sign_in.note_signed_out(person=user)


def step_completed(*, request: HttpRequest, user: User, method: str, **extra: Any) -> None:
    """Somebody signed in proved once more who they are: their session may do more from here on."""
    if extra.get("reauthenticated"):
        sign_in.note_reauthenticated(person=user, method=extra.get("type") or method)
        _rotate(request)


def password_changed(*, request: HttpRequest, user: User, **_: Any) -> None:
    """The password was changed, or set for the first time."""
    security.note_password_changed(person=user, session_key=request.session.session_key, reset=False)


def password_reset(*, request: HttpRequest, user: User, **_: Any) -> None:
    """A mailed code opened the way to a new password; nobody is signed in yet."""
    security.note_password_changed(person=user, session_key=None, reset=True)


def address_proved(*, request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    """An address was proved, once and for all.

    Where sign-up asks for the code, by whoever has just shown the password or the Google account; anywhere else (a code
    in place of the password, or to reset it) by somebody who may know nothing of what was set up before.
    """
    if request.resolver_match is None or request.resolver_match.view_name != "account_email_verification_sent":
        security.forget_ways_in(person=email_address.user)


def factor_added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A passkey, an app or recovery codes more."""
    security.note_factor_added(person=user, kind=authenticator.type)
    _rotate(request)


def factor_removed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A passkey, an app or recovery codes less."""
    _rotate(request)
    security.note_factor_removed(person=user, session_key=request.session.session_key, kind=authenticator.type)


def codes_renewed(*, request: HttpRequest, user: User, **_: Any) -> None:
    """New recovery codes in place of the old ones."""
    security.note_codes_renewed(person=user)
    _rotate(request)


def factor_used(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A second factor opened the door; a recovery code that did is told of by mail."""
    security.note_factor_used(person=user, kind=authenticator.type)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        authenticator.refresh_from_db(fields=["data"])  # allauth has marked the code on a row of its own
        said = {"left": unused_codes(authenticator)}
        get_adapter(request).send_notification_mail("mfa/email/recovery_code_used", user, said)


def google_linked(*, request: HttpRequest, sociallogin: SocialLogin, **_: Any) -> None:
    """A Google account opens this one from now on."""
    security.note_google_linked(person=sociallogin.user, address=sociallogin.account.extra_data.get("email", ""))
    _rotate(request)


def google_unlinked(*, request: HttpRequest, socialaccount: SocialAccount, **_: Any) -> None:
    """A Google account does not open this one any more."""
    security.note_google_unlinked(person=socialaccount.user, address=socialaccount.extra_data.get("email", ""))
    _rotate(request)


def _rotate(request: HttpRequest) -> None:
    """A new key for the session at hand, in the list of sessions too."""
    if not isinstance(request.user, User):
        return
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def migrated(*, app_config: AppConfig, **_: Any) -> None:
    """After the last app's tables and permissions: the staff's groups have what the code says."""
    with_models = [one for one in apps.get_app_configs() if one.models_module is not None]
    if app_config == with_models[-1]:
        staff.grant_staff_groups()
