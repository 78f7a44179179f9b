"""Who is invited, and what is looked for among invitations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Language
from core.forms import AddressesField, LineField, ListForm, TextField
from organizations.forms.members import role_choices
from organizations.models import Role
from organizations.queries.invitations import STATES, Wanted


class InviteForm(forms.Form):
    """Whom to invite, as what, with which words."""

    emails = AddressesField(
        label=gettext_lazy("E-mail addresses"),
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
