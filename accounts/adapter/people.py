"""People who sign up and sign in."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import setup_user_email
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actions import beta, consents, open_person
from accounts.adapter import known_browsers, proof
from accounts.models import EMAIL_LENGTH, User
from accounts.queries import devices
from accounts.queries.beta import SESSION_KEY
from accounts.queries.consents import language
from accounts.transitions.erasing import vacant
from core import origin
from core.ids import new_id


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """E-mails are lower-cased, and a new person keeps the language the sign-up page was in."""

    def clean_email(self, email: str) -> str:
        """Lower-case before anything is looked up or stored; refuse what the column would cut to another address."""
        cleaned = str(super().clean_email(email)).lower()
        if len(cleaned) > EMAIL_LENGTH:
            raise ValidationError(_("This e-mail address is too long."), code="max_length")
        return cleaned

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Take over the sign-up form and the language of the page it was on; Google's people come through here too.

        Raises DomainError when somebody else has just used the invitation.
        """
        said = form.cleaned_data
        user.language = request.LANGUAGE_CODE if request.LANGUAGE_CODE in {"en", "fr"} else "en"
        user.display_name = said.get("display_name", "")
        if not self.is_email_verified(request, said["email"]):
            self.unstash_verified_email(request)  # an invitation's link has proved its own address alone
        held = beta.claim(email=said["email"], code=said["invite_code"]) if settings.CLOSED_BETA else None
        saved: User = super().save_user(request, user, form, commit=commit)
        if held:
            beta.spend(invite=held, person=saved)
            request.session.pop(SESSION_KEY, None)
        consents.agree(person=saved, language=language())
        return saved

    def send_account_already_exists_mail(self, email: str) -> None:
        """Instead of a new account, whose work is done all the same and taken back: it takes as long as a new one."""
        with transaction.atomic():
            person = User(email=vacant(new_id(), "taken"), password=make_password(email))
            person.save()
            setup_user_email(self.request, person, [])
            consents.agree(person=person, language=language())
            open_person(person=person)
            transaction.set_rollback(True)
        super().send_account_already_exists_mail(email)

    def is_safe_url(self, url: str) -> bool:
        """Ours, or not at all: what is no address in the first place (`https://[::1`) is nobody's."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the trail has it; the unspecified address for a socket of the machine itself."""
        return origin.client_address(request) or "::"

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """allauth's: password, second factor; a mailed code for who has neither."""
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        if ways or not user.is_authenticated:
            return ways
        return [{"id": "mailed_code", "description": _("Use a mailed code"), "url": reverse("accounts:prove")}]

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whether allauth asks. It takes who has neither password nor factor at their session's word: we do not.

        Raises ReauthenticationRequired itself for those, the answer that asking would have.
        """
        if proof.is_missing(context.request):
            raise ReauthenticationRequired
        return bool(super().is_reauthentication_required(app=app, **more))

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Mapping[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell a person of a change to their account, in their language and clock, with the device in words."""
        with override(user.language), timezone.override(ZoneInfo(user.time_zone)):
            said = {"device": devices.in_words(self.get_http_user_agent(self.request)), **(context or {})}
            super().send_notification_mail(template_prefix, user, said, email)

    def post_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse:
        """Lead on; a browser this person has not signed in with before is told of by mail."""
        led: HttpResponse = super().post_login(request, user, **login)
        if not (login["signup"] or known_browsers.knows(request, user)):
            self.send_notification_mail("account/email/new_browser", user)
        known_browsers.remember(request, led, user)
        return led
