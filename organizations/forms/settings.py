"""Shapes of an organization's settings."""

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy

from accounts.models import Language
from core.forms import LineField, TextField, WebsiteField, time_zones


class AddressField(forms.CharField):
    """The part of an organization's address that is its own, in small letters; its shape is the action's to judge."""

    def __init__(self, **kwargs: object) -> None:
        attributes = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "data-address": ""}
        super().__init__(max_length=60, widget=forms.TextInput(attrs=attributes), **kwargs)  # type: ignore[arg-type]

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").lower()


class SettingsForm(forms.Form):
    """General settings of an organization."""

    name = LineField(label=gettext_lazy("Name"), max_length=100)
    slug = AddressField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Small letters, digits and hyphens. Former addresses lead on to this one."),
    )
    description = TextField(
        label=gettext_lazy("Description"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you make here, in a sentence or two."),
    )
    website = WebsiteField()
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=Language.choices,
        help_text=gettext_lazy("Of invitations, unless another one is chosen."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lazy(time_zones, list)(),
        help_text=gettext_lazy("Of dates that concern everybody here."),
    )
