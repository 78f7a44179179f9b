"""Shapes of what is typed to change an address."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import EMAIL_LENGTH, User
from accounts.queries import codes as mailed


class EmailForm(forms.Form):
    """The new address. Whether somebody has it is not told here."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, person: User) -> None:
        super().__init__(*args)
        self.person = person

    def clean_email(self) -> str:
        """Lower case; another one than before."""
        email: str = get_adapter().clean_email(self.cleaned_data["email"])
        if email == self.person.email:
            raise ValidationError(gettext("This is your address already."), code="same")
        return email


class CodeField(forms.CharField):
    """A code from an e-mail."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            max_length=32,
            widget=forms.TextInput(
                attrs={
                    "class": "code-input",
                    "autocomplete": "one-time-code",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                }
            ),
        )


class MailedCodesForm(forms.Form):
    """Codes of mails, compared to their digests in the order of the fields; which of them is wrong is told."""

    def __init__(self, *args: Any, codes: list[str]) -> None:
        super().__init__(*args)
        self.kept = dict(zip(self.fields, codes, strict=False))

    def clean(self) -> dict[str, Any]:
        """Refuse what does not fit."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name, kept in self.kept.items():
            if name in said and not mailed.fits(said[name], kept):
                self.add_error(name, ValidationError(gettext("This is not the code."), code="wrong"))
        return said


class CodesForm(MailedCodesForm):
    """The codes of both addresses: both mailboxes are the person's own."""

    old_code = CodeField(_("Code from your present address"))
    new_code = CodeField(_("Code from the new address"))


class ProofForm(MailedCodesForm):
    """The code that proves who it is once more."""

    code = CodeField(_("Code"))
