"""Shapes of what people type about themselves."""

from zoneinfo import available_timezones

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Theme
from core.forms import LineField


def time_zones() -> list[tuple[str, str]]:
    """IANA zones with a place in their name, sorted."""
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


class SignupDetails(forms.Form):
    """What sign-up asks beside e-mail and password (allauth mixes this into its own form)."""

    display_name = LineField(
        label=_("Your name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown as the author of your books. You can change it later."),
    )
    field_order = ["email", "display_name", "password1"]

    def signup(self, request: object, user: object) -> None:
        """Nothing more to store: the adapter has taken the name."""


class ProfileForm(forms.Form):
    """A person's own profile."""

    display_name = LineField(
        label=_("Name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown as the author of your next books. Covers that exist keep the name they bear."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of these pages and of the e-mails we send you.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lazy(time_zones, list)(), help_text=_("Times are shown in it.")
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
    mails_about_runs = forms.BooleanField(
        label=_("E-mail me when a book is written or stops"),
        required=False,
        help_text=_("One e-mail when it is done, or when it waits for you because something went wrong."),
    )
    shortcuts = forms.BooleanField(
        label=_("Keyboard shortcuts of one key"),
        required=False,
        help_text=_("Press ? on any page for the list. Switch them off if they disturb speech or other aids."),
    )
