"""Where a reader is."""

from django import forms

MOST_PARAGRAPHS = 100_000


class PlaceForm(forms.Form):
    """A chapter and a paragraph of it, from 0; `quiet` when a script saves it while one reads on."""

    chapter = forms.UUIDField()
    paragraph = forms.IntegerField(min_value=0, max_value=MOST_PARAGRAPHS, required=False)
    quiet = forms.BooleanField(required=False)
