"""Shape of a new organization."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import LineField
from organizations.forms.settings import AddressField


class OpenForm(forms.Form):
    """Name and address of a further organization."""

    name = LineField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True, "data-address-from": ""}),
        help_text=_("Of your publishing house, school, team or series."),
    )
    slug = AddressField(
        label=_("Address"),
        required=False,
        help_text=_("Small letters, digits and hyphens. Left empty, one is made of the name. It can be changed later."),
    )
