"""Who is invited, and what is looked for among invitations."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import EMAIL_LENGTH, Language
from core.forms import LineField, ListForm, TextField
from organizations.forms.members import role_choices
from organizations.models import Role
from organizations.queries.invitations import STATES, Wanted

AT_ONCE = 50
BETWEEN = re.compile(r"[\s,;]+")


PLAIN = {"rows": 3, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class AddressesField(TextField):
    """One or several e-mail addresses, apart by commas, semicolons or white space; a list of them, lower-cased."""

    def clean(self, value: Any) -> Any:
        given = [one.strip("<>") for one in BETWEEN.split(super().clean(value))]
        found = list(dict.fromkeys(one.lower() for one in given if one))
        if wrong := [one for one in found if not self._is_address(one)]:
            said = {"addresses": ", ".join(wrong[:5])}
            raise ValidationError(_("These are no e-mail addresses: %(addresses)s.") % said, code="invalid")
        if len(found) > AT_ONCE:
            raise ValidationError(_("At most %(number)d addresses at once.") % {"number": AT_ONCE}, code="max")
        return found

    @staticmethod
    def _is_address(text: str) -> bool:
        try:
            validate_email(text)
        except ValidationError:
            return False
        return len(text) <= EMAIL_LENGTH


class InviteForm(forms.Form):
    """Whom to invite, as what, with which words."""

    emails = AddressesField(
        label=gettext_lazy("E-mail addresses"),
        widget=forms.Textarea(attrs=PLAIN),
        help_text=gettext_lazy("One or several, apart by commas or lines. Each gets a link of their own."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.MEMBER)
    message = TextField(
        label=gettext_lazy("Message"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Stands in the e-mail, above the link."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the e-mail"), choices=Language.choices)

    def __init__(self, *arguments: Any, giver_role: Role, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["role"].choices = role_choices(giver_role)  # type: ignore[attr-defined]  # a ChoiceField


class InvitationsForm(ListForm):
    """Search, filter and cursor of the list of invitations."""

    q = LineField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=[(name, label) for name, (label, _tone) in STATES.items()])

    def wanted(self) -> Wanted:
        """Which invitations."""
        return Wanted(q=self.understood("q") or "", state=self.understood("state") or "")
