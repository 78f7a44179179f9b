"""The decision about a proposal, as it is typed."""

from django import forms


class AgainForm(forms.Form):
    """Another try, at the price that was shown."""

    accepted_credits = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)


class TakeForm(forms.Form):
    """Which text stood beside the proposal that is taken: its digest."""

    present = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
