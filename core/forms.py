"""Form fields shared by every app."""

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.keyset import Cursor
from core.text import clean_line, has_control_characters, normalize

EMAIL_LENGTH = 254  # the longest that mail is delivered to (RFC 5321)


def time_zones() -> list[tuple[str, str]]:
    """Choices of a time zone: IANA zones with a place in their name, sorted."""
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


class TextField(forms.CharField):
    """Many lines: normalized, nothing stripped, control characters refused."""

    widget = forms.Textarea

    def __init__(self, **kwargs: object) -> None:
        super().__init__(strip=False, **kwargs)  # type: ignore[arg-type]  # passed on as it came

    def to_python(self, value: object) -> str:
        return normalize(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value.strip())
        if has_control_characters(value):
            raise ValidationError(_("Remove the control characters from this text."), code="control")


class LineField(forms.CharField):
    """One line: NFC, white space folded, control characters refused."""

    def to_python(self, value: object) -> str:
        return clean_line(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if has_control_characters(value):
            raise ValidationError(_("Remove the control characters from this text."), code="control")


class AddressesField(TextField):
    """One or several e-mail addresses, apart by commas, semicolons or white space; a list of them, lower-cased."""

    most = 50
    between = re.compile(r"[\s,;]+")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        plain = {"rows": 3, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        return super().widget_attrs(widget) | plain

    def clean(self, value: Any) -> Any:
        given = [one.strip("<>") for one in self.between.split(super().clean(value))]
        found = list(dict.fromkeys(one.lower() for one in given if one))
        if wrong := [one for one in found if not self._is_address(one)]:
            said = {"addresses": ", ".join(wrong[:5])}
            raise ValidationError(_("These are no e-mail addresses: %(addresses)s.") % said, code="invalid")
        if len(found) > self.most:
            raise ValidationError(_("At most %(number)d addresses at once.") % {"number": self.most}, code="max")
        return found

    @staticmethod
    def _is_address(text: str) -> bool:
        try:
            validate_email(text)
        except ValidationError:
            return False
        return len(text) <= EMAIL_LENGTH


class WebsiteField(forms.URLField):
    """The address of a page of the web, or nothing; https:// is put in front of what has no scheme."""

    default_validators = [URLValidator(["http", "https"])]
    default_error_messages = {"invalid": gettext_lazy("Enter a web address, such as https://example.org.")}

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Website"),
            max_length=200,
            required=False,
            assume_scheme="https",
            widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url", "spellcheck": "false"}),
            help_text=gettext_lazy("With https:// in front, or without: we add it."),
        )


class QuestionForm(forms.Form):
    """What a page's address asks for. No error is shown: what makes no sense is left out."""

    def understood(self, name: str) -> Any:
        """The cleaned value of a field, or None."""
        self.is_valid()
        return self.cleaned_data.get(name)


class ListForm(QuestionForm):
    """The same of a list whose pages are told by cursor."""

    after = forms.UUIDField(required=False)
    before = forms.UUIDField(required=False)

    def cursor(self) -> Cursor:
        """Where the page begins or ends."""
        return Cursor(after=self.understood("after"), before=self.understood("before"))
