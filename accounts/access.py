"""Who asks, and the ways in for who came with a link."""

from allauth.account.adapter import get_adapter
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User


def me(request: HttpRequest) -> User:
    """The signed-in person, typed; for views that only somebody signed in can reach."""
    assert isinstance(request.user, User)  # noqa: S101  # accounts.middleware.SignInRequired saw to it
    return request.user


def to_sign_up(request: HttpRequest, *, email: str, back: str) -> HttpResponse:
    """To the sign-up page, the address filled in and proved by the link that was mailed to it; then `back`."""
    get_adapter(request).stash_verified_email(request, email)
    return _through("account_signup", back)


def to_sign_in(request: HttpRequest, *, held: str, back: str) -> HttpResponse:
    """To the sign-in page, then `back`; whoever is signed in is signed out, and `held` stays in the session."""
    if request.user.pk:
        kept = request.session.get(held)
        auth.logout(request)
        request.session[held] = kept
    return _through("account_login", back)


def _through(door: str, back: str) -> HttpResponse:
    return redirect(f"{reverse(door)}?{urlencode({'next': back})}")
