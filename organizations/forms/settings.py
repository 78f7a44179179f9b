"""Shapes of an organization's settings."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Language
from core.forms import LineField, TextField, time_zones


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
    website = LineField(
        label=gettext_lazy("Website"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
        help_text=gettext_lazy("With https:// in front, or without: we add it."),
    )
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

    def clean_website(self) -> str:
        """A whole address: what was typed without its beginning gets one."""
        said: str = self.cleaned_data["website"]
        if not said:
            return said
        whole = said if "://" in said else f"https://{said}"
        try:
            URLValidator(["http", "https"])(whole)
        except ValidationError as error:
            raise ValidationError(_("Enter a web address, such as https://example.org."), code="website") from error
        if len(whole) > 200:
            raise ValidationError(_("This web address is too long."), code="website")
        return whole
