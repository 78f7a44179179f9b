"""Shapes of leaving, coming back, and asking about one's data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import EMAIL_LENGTH, DataRequestKind, User


def email_field(label: Any, **options: Any) -> forms.EmailField:
    """An e-mail address, lower-cased by who stores it."""
    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    return forms.EmailField(label=label, max_length=EMAIL_LENGTH, widget=widget, **options)


class ClosingForm(forms.Form):
    """The e-mail, typed, so that nobody closes an account by a slip."""

    email = email_field(_("Your e-mail address"), help_text=_("Type it to show that you mean it."))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        """The very address of the account."""
        typed: str = self.cleaned_data["email"]
        if typed.lower() != self.person.email:
            raise forms.ValidationError(_("This is not the address of this account."), code="other")
        return typed


class NewAddressForm(forms.Form):
    """Another address for an account that comes back."""

    email = email_field(_("New e-mail address"))


class DataRequestForm(forms.Form):
    """What somebody without an account asks about their data."""

    email = email_field(_("Your e-mail address"))
    kind = forms.ChoiceField(
        label=_("What do you want?"),
        widget=forms.RadioSelect,
        choices=[
            (DataRequestKind.EXPORT, _("A copy of what you keep about me")),
            (DataRequestKind.ERASE, _("Erase what you keep about me")),
        ],
        initial=DataRequestKind.EXPORT,
    )
