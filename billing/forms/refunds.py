"""What staff send to pay something back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from billing.models import Refund
from core.money import Money, digits

REASON_LENGTH = Refund._meta.get_field("reason").max_length


class RefundForm(forms.Form):
    """How much of what is left of a payment, and why. `cleaned_data["amount"]` is in minor units."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("It stays in our books; who paid is told the amount."),
    )

    field_order = ["amount", "reason"]

    def __init__(self, *args: Any, left: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = digits(left.currency)
        self.places = places
        self.fields["amount"] = forms.DecimalField(
            label=_("Amount (%(currency)s)") % {"currency": left.currency},
            decimal_places=places,
            min_value=Decimal(1).scaleb(-places),
            max_value=Decimal(left.amount).scaleb(-places),
            initial=Decimal(left.amount).scaleb(-places),
            widget=UnfoldAdminDecimalFieldWidget(),
        )
        self.order_fields(self.field_order)

    def clean_amount(self) -> int:
        """In minor units."""
        return int(Decimal(self.cleaned_data["amount"]).scaleb(self.places))
