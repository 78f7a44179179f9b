"""The order of a rewrite and the decision about it, as they are typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from books.models.chapters import LONGEST_INSTRUCTION
from core.forms import TextField


class InstructionForm(forms.Form):
    """What shall be different, at the price that was shown."""

    instruction = TextField(
        label=_("What shall be different?"),
        max_length=LONGEST_INSTRUCTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: shorter, with one story of a real day, and without the list of tools."),
    )
    accepted_credits = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def clean_instruction(self) -> str:
        """Without the space around it."""
        return str(self.cleaned_data["instruction"]).strip()


class TakeForm(forms.Form):
    """Which text stood beside the proposal that is taken: its digest."""

    present = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
