"""What is looked for on the shelf."""

from django import forms

from core.forms import LineField


class ShelfForm(forms.Form):
    """Search and filter of the list of books."""

    q = LineField(required=False, max_length=100)
    status = forms.CharField(required=False, max_length=10)
    after = forms.UUIDField(required=False)
