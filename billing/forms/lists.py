"""What is looked for in the lists of billing, and how often a page that waits was looked at."""

from django import forms

from billing.models import EntryKind
from billing.queries import entries, payments
from billing.queries.waiting import DELAYS, Look
from core.forms import LineField, ListForm, QuestionForm


class EntriesForm(ListForm):
    """Search, filters and cursor of the ledger."""

    q = LineField(required=False, max_length=100)
    kind = forms.ChoiceField(required=False, choices=EntryKind.choices)
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def wanted(self) -> entries.Wanted:
        """Which entries."""
        names = entries.Wanted.__dataclass_fields__
        return entries.Wanted(**{name: value for name in names if (value := self.understood(name))})


class PaymentsForm(ListForm):
    """Search, filters and cursor of payments."""

    q = LineField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=[(name, name) for name in payments.STATES])
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def wanted(self) -> payments.Wanted:
        """Which payments."""
        names = payments.Wanted.__dataclass_fields__
        return payments.Wanted(**{name: value for name in names if (value := self.understood(name))})


class LookForm(QuestionForm):
    """A page that waits: the number of this look, what the page shows now, whether to go on to the provider's page.

    `going` is 1 where somebody has just asked to go there, and 2 when the page that says so looks again: an answer to
    a sent form must not lead to another site (the policy over forms follows it), the one after may.
    """

    look = forms.IntegerField(required=False, min_value=0, max_value=len(DELAYS))
    stage = forms.CharField(required=False, max_length=20)
    going = forms.IntegerField(required=False, min_value=1, max_value=2)

    def asked(self) -> Look:
        """How often it was looked at."""
        return Look(self.understood("look") or 0)


class QuantityForm(forms.Form):
    """How many packs are bought."""

    quantity = forms.IntegerField(min_value=1, max_value=100, initial=1)

    def number(self) -> int:
        """The number that was given, 1 where none that makes sense was."""
        return int(self.cleaned_data["quantity"]) if self.is_valid() else 1
