"""Shapes of an organization's looks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.pictures import ACCEPT
from organizations.models import Typeface


class ColorField(forms.RegexField):
    """A colour as `#rrggbb`, small letters; browsers show a palette."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(
            "^#[0-9a-f]{6}$",
            widget=forms.TextInput(attrs={"type": "color"}),
            error_messages={"invalid": _("Enter a colour as # and six hexadecimal digits, such as #1c5560.")},
            **kwargs,  # type: ignore[arg-type]  # passed on as they came
        )

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").lower()


class LooksForm(forms.Form):
    """Colours and typeface."""

    accent = ColorField(label=_("Colour on light pages"), help_text=_("Of buttons, links and marks."))
    accent_dark = ColorField(
        label=_("Colour on dark pages"), help_text=_("The same in a lighter shade, for who reads on a dark ground.")
    )
    typeface = forms.ChoiceField(label=_("Headings"), choices=Typeface.choices, widget=forms.RadioSelect)


class LogoForm(forms.Form):
    """A picture to be the logo."""

    logo = forms.FileField(
        label=_("Logo"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("JPEG, PNG, WebP or GIF, up to 5 MB. A wide or square one with a clear ground looks best."),
    )
