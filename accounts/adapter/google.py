"""Google, as OpenID Connect: allauth's provider with a nonce, without what is not needed of a person."""

import secrets
from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from requests import RequestException

from accounts.models import User

NAME_LENGTH = 80
Claims = dict[str, Any]


class GoogleProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth ships no types
    """The identity token alone says who it is; of it only the address is kept, to show which account is linked."""

    package = "allauth.socialaccount.providers.openid_connect"  # whose addresses it has

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To Google, with a nonce that the token must bring back; to a page that says so when Google is away."""
        nonce = secrets.token_urlsafe(32)
        # Parameters and scopes that the address asks for are not handed on: nobody but us says what we ask of Google.
        kwargs |= {"auth_params": {**self.get_auth_params(), "nonce": nonce}, "scope": self.get_scope(), "nonce": nonce}
        try:
            led: HttpResponse = super().redirect(request, process, next_url=next_url, data=data, **kwargs)
        except RequestException as error:
            led = render_authentication_error(request, self, exception=error)
        return led

    def extract_extra_data(self, data: Mapping[str, Claims]) -> Claims:
        """What is stored of the claims."""
        return {"email": data["id_token"].get("email", "")}

    def sociallogin_from_response(self, request: HttpRequest, response: Mapping[str, Claims]) -> SocialLogin:
        """Who it is. Raises OAuth2Error when the answer brought no identity token."""
        if "id_token" not in response:
            raise OAuth2Error("no id_token")
        login = super().sociallogin_from_response(request, response)
        login.nonce = response["id_token"].get("nonce", "")
        return login


class GoogleAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """An unknown Google account opens a new person or is linked from inside: it never enters somebody's account."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse a token made for another visit, and lead an address that has an account to its own door.

        Raises OAuth2Error for the first. To tell a person that the address has an account gives nothing away here:
        Google vouches that it is theirs.
        """
        if not secrets.compare_digest(sociallogin.nonce, sociallogin.state.get("nonce", "")):
            raise OAuth2Error("the nonce is not this visit's")
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        vouched = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        if User.objects.filter(email__in=vouched).exists():
            messages.info(
                request,
                _(
                    "You have an account here with this address. Sign in to it first; "
                    "then you can link Google on the page Security."
                ),
            )
            raise ImmediateHttpResponse(redirect("account_login"))

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """The account is of the address in the form: where that is not one of Google's, Google's prove nothing."""
        chosen = form.cleaned_data["email"]
        sociallogin.email_addresses = [one for one in sociallogin.email_addresses if one.email.lower() == chosen]
        person: User = super().save_user(request, sociallogin, form)
        return person

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        """What the sign-up form is filled with: address and name."""
        return {**super().get_signup_form_initial_data(sociallogin), "display_name": sociallogin.user.display_name}

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Mapping[str, Any]) -> User:
        """Take address and name over into the new person."""
        person: User = super().populate_user(request, sociallogin, data)
        person.email = person.email.lower()
        person.display_name = (data.get("name") or "")[:NAME_LENGTH]
        return person
