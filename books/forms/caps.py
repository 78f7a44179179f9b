"""Spending caps as people type them: US dollars, cents after the point, nothing for no cap."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from books.models import CallState, SpendingCaps
from books.queries.money import MICROS
from books.queries.receipts import PURPOSES
from core.forms import QuestionForm

FIELDS = ("run_micros", "month_micros", "total_micros")


class DollarsField(forms.DecimalField):
    """An amount in dollars; cleaned to millionths of a dollar, or None when left empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, min_value=0, max_value=1_000_000, decimal_places=2, localize=True, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """Millionths."""
        dollars = super().clean(value)
        return None if dollars is None else int(dollars * MICROS)

    def prepare_value(self, value: Any) -> Any:
        """What is stored, as dollars; what was typed, as it was typed."""
        return Decimal(value) / MICROS if isinstance(value, int) else value


class CapsForm(forms.Form):
    """The organization's caps."""

    run_micros = DollarsField(
        label=_("For one run, US dollars"), help_text=_("A book, a rewrite, an answer in the chat.")
    )
    month_micros = DollarsField(
        label=_("For a calendar month, US dollars"), help_text=_("It begins on the first, at midnight UTC.")
    )
    total_micros = DollarsField(label=_("In all, US dollars"), help_text=_("Everything this organization ever asks."))


class RunCapForm(forms.Form):
    """One run's own cap."""

    cap_micros = DollarsField(label=_("Cap of this run, US dollars"))


class CallsForm(QuestionForm):
    """Which of a book's calls are shown."""

    purpose = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *sorted(PURPOSES.items())]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *CallState.choices])
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> dict[str, Any]:
        """What `queries.receipts.calls` takes."""
        return {name: value for name in self.fields if (value := self.understood(name))}

    def address(self, before: UUID | None = None) -> str:
        """The query string of these calls, from their beginning or from a cursor on."""
        chosen = {name: value for name, value in self.wanted().items() if name != "before"}
        return "?" + urlencode(chosen | ({"before": before} if before else {}))


def caps_form(data: Any, row: SpendingCaps | None) -> CapsForm:
    """The form with what is stored."""
    return CapsForm(data, initial={field: getattr(row, field, None) for field in FIELDS})
