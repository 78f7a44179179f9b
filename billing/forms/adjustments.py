"""What staff say when they put credits right."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from core.ids import new_id


class AdjustForm(forms.Form):
    """How many credits more or less, and why; `key` makes a form that is sent twice one adjustment."""

    amount = forms.IntegerField(
        label=_("Credits"),
        min_value=-100_000,
        max_value=100_000,
        help_text=_("With a minus sign they are taken away."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stands in the trail and in the organization’s ledger: name nobody."),
        widget=UnfoldAdminTextInputWidget,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
