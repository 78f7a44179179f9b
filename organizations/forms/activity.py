"""What is looked for in an organization's activity."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from audit.models import Severity
from audit.queries import acts
from core.forms import LineField, QuestionForm
from organizations.queries.activity import SYSTEM, Asked


def areas() -> list[tuple[str, Any]]:
    """Kinds of acts that happen in organizations, as registered."""
    return [(key, area.label) for key, area in acts.areas.items() if area.in_organizations]


class ActivityForm(QuestionForm):
    """Filters and cursor."""

    person = forms.CharField(required=False, max_length=36)
    area = forms.ChoiceField(required=False, choices=areas)
    severity = forms.ChoiceField(required=False, choices=Severity.choices)
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    q = LineField(required=False, max_length=100)
    before = forms.UUIDField(required=False)

    def clean_person(self) -> str:
        """An id, or the word for the system itself."""
        given: str = self.cleaned_data["person"]
        if not given or given == SYSTEM:
            return given
        try:
            return str(UUID(given))
        except ValueError as error:
            raise forms.ValidationError(_("Nobody has this id.")) from error

    def asked(self) -> Asked:
        """What is looked for."""
        names = Asked.__dataclass_fields__
        return Asked(**{name: value for name in names if (value := self.understood(name))})

    def cursor(self) -> UUID | None:
        """The entry before which the page begins."""
        before: UUID | None = self.understood("before")
        return before
