"""Who is invited to a book, as what, and what is looked for among those who work on it."""

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Language
from books.forms.briefs import capitalized
from books.models import CollaboratorRole
from books.queries.collaborators import STATES, Wanted
from core.forms import AddressesField, LineField, ListForm, QuestionForm, TextField

ROLES = [
    (CollaboratorRole.VIEWER, gettext_lazy("Viewer: reads it and fetches its files")),
    (CollaboratorRole.COMMENTER, gettext_lazy("Commenter: also comments and suggests changes")),
    (CollaboratorRole.EDITOR, gettext_lazy("Editor: also changes the text and decides on suggestions")),
    (CollaboratorRole.ADMIN, gettext_lazy("Admin: also spends credits on it, shares it and invites others")),
]


class InviteCollaboratorsForm(forms.Form):
    """Whom to invite, as what, with which words."""

    emails = AddressesField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("One or several, apart by commas or lines. Each gets a link of their own."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=ROLES, initial=CollaboratorRole.COMMENTER, widget=forms.RadioSelect
    )
    message = TextField(
        label=gettext_lazy("Message"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Stands in the e-mail, above the link."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the e-mail"), choices=Language.choices)


class AgainForm(QuestionForm):
    """Who is invited once more: `?again=`, the id of the part they had."""

    again = forms.UUIDField(required=False)


class CollaboratorRoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect)


class CollaboratorsForm(ListForm):
    """Search, filters and cursor of the list."""

    q = LineField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=[(name, label) for name, (label, _tone) in STATES.items()])
    role = forms.ChoiceField(required=False, choices=capitalized(CollaboratorRole.choices))

    def wanted(self) -> Wanted:
        """Which collaborators."""
        given = {name: self.understood(name) or "" for name in ("q", "state", "role")}
        return Wanted(**given)
