"""What staff say of a gift."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from billing.models import FREE, Plan
from core.ids import new_id
from organizations.models import CUSTOM, Organization


class GiftForm(forms.Form):
    """To whom, until when, and why."""

    organization = forms.ModelChoiceField(
        Organization.objects.filter(closed_at__isnull=True),
        to_field_name="slug",
        label=_("Address of the organization"),
        help_text=_("What stands after /o/ in its addresses."),
        widget=UnfoldAdminTextInputWidget,
        error_messages={"invalid_choice": _("No open organization has this address.")},
    )
    until = forms.DateField(
        label=_("To the end of"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text=_("Left empty: without an end."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stands in the trail and beside the gift: name nobody."),
        widget=UnfoldAdminTextInputWidget,
    )

    def ends(self) -> datetime | None:
        """The last moment of the day, in the site's zone."""
        day = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day, time.max)) if day else None


class GivePlanForm(GiftForm):
    """A plan."""

    plan = forms.ModelChoiceField(
        Plan.objects.exclude(code__in=[FREE, CUSTOM]), label=_("Plan"), widget=UnfoldAdminSelectWidget
    )
    field_order = ("organization", "plan", "until", "reason")


class GiveCreditsForm(GiftForm):
    """Credits; `key` makes a form that is sent twice one gift."""

    amount = forms.IntegerField(
        label=_("Credits"), min_value=1, max_value=100_000, widget=UnfoldAdminIntegerFieldWidget
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    field_order = ("organization", "amount", "until", "reason", "key")


class TakeBackForm(forms.Form):
    """Which credits, and why."""

    entry = forms.UUIDField()
    reason = forms.CharField(max_length=300)
