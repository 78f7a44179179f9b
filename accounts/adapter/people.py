"""People who sign up and sign in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import EMAIL_LENGTH, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """E-mails are lower-cased, and a new person keeps the language the sign-up page was in."""

    def clean_email(self, email: str) -> str:
        """Lower-case before anything is looked up or stored; refuse what the column would cut to another address."""
        cleaned = str(super().clean_email(email)).lower()
        if len(cleaned) > EMAIL_LENGTH:
            raise ValidationError(_("This e-mail address is too long."), code="max_length")
        return cleaned

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Take over the sign-up form and the language of the page it was on."""
        user.language = request.LANGUAGE_CODE if request.LANGUAGE_CODE in {"en", "fr"} else "en"
        user.display_name = form.cleaned_data.get("display_name", "")
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved
