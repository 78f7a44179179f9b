"""Shapes of what administrators and support send."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanWidget

from accounts.models import Impersonation, StaffGroup

REASON_LENGTH = Impersonation._meta.get_field("reason").max_length


class ActingForm(forms.Form):
    """Why somebody acts as somebody else."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("The person reads it in an e-mail afterwards. A ticket's number and a sentence are enough."),
    )


class RightsForm(forms.Form):
    """Whether somebody is staff, and of which groups."""

    is_staff = forms.BooleanField(label=_("Staff: may enter the admin"), required=False, widget=UnfoldBooleanWidget)
    groups = forms.MultipleChoiceField(
        label=_("Groups"), choices=StaffGroup.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
