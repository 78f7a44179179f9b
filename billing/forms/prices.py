"""A price as staff type it: an amount with its decimals, and tiers line by line."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from billing.models import CreditPack, Currency, Interval, Plan, Service, ServiceKind
from core.money import digits

TIER = re.compile(r"(\d+)\s*[-–]\s*(\d+)\s*:?\s+(\d+(?:[.,]\d+)?)")
MOST = Decimal(10) ** 10


class PriceForm(forms.Form):
    """One price of one thing, which decides what is asked: a plan's interval, tiers of a service by the page."""

    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=Currency.choices, widget=UnfoldAdminSelectWidget
    )
    interval = forms.ChoiceField(
        label=gettext_lazy("Paid"),
        choices=[(one.value, one.label) for one in (Interval.MONTH, Interval.YEAR)],
        widget=UnfoldAdminSelectWidget,
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount, gross"),
        min_value=Decimal(0),
        max_value=MOST,
        localize=True,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    trial_days = forms.IntegerField(
        label=gettext_lazy("Days of trial"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("None when empty. A trial gives the plan’s limits and no credits."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    tiers = forms.CharField(
        label=gettext_lazy("Tiers"),
        help_text=gettext_lazy("One a line, from the first page on: 11–300 2.00"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    def __init__(self, *arguments: Any, item: Plan | CreditPack | Service, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not isinstance(item, Plan):
            del self.fields["interval"], self.fields["trial_days"]
        if isinstance(item, Service) and item.kind == ServiceKind.BY_PAGE:
            del self.fields["amount"]
        else:
            del self.fields["tiers"]

    def asked(self) -> dict[str, Any]:
        """What the action takes, of a valid form; money in minor units."""
        found = self.cleaned_data
        return {
            "currency": found["currency"],
            "interval": found.get("interval", Interval.ONCE),
            "amount": found.get("amount", 0),
            "trial_days": found.get("trial_days") or 0,
            "tiers": found.get("tiers", ()),
        }

    def clean(self) -> dict[str, Any]:
        """Amounts in the minor units of the currency. Raises ValidationError for more decimals than it has."""
        found, currency = super().clean() or self.cleaned_data, self.cleaned_data.get("currency")
        for name in ("amount", "tiers"):
            if currency and name in found:
                try:
                    found[name] = self._minor(found[name], currency) if name == "amount" else self._tiers(currency)
                except ValidationError as error:
                    self.add_error(name, error)
        return found

    def _tiers(self, currency: str) -> tuple[tuple[int, int, int], ...]:
        found = []
        for number, line in enumerate(self.cleaned_data["tiers"].splitlines(), 1):
            match = TIER.fullmatch(line.strip())
            if match:
                first, last, amount = match.groups()
                found.append((int(first), int(last), self._minor(Decimal(amount.replace(",", ".")), currency)))
            elif line.strip():
                raise ValidationError(
                    _("Line %(number)d is no tier: write it as 11–300 2.00"), params={"number": number}
                )
        return tuple(found)

    @staticmethod
    def _minor(amount: Decimal, currency: str) -> int:
        scaled = amount.scaleb(digits(currency))
        if scaled != scaled.to_integral_value():
            said = {"currency": currency, "number": digits(currency)}
            raise ValidationError(_("Amounts in %(currency)s have at most %(number)d decimals.") % said)
        return int(scaled)
