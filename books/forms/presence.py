"""Where somebody says they are."""

from django import forms


class HereForm(forms.Form):
    """A tab of a browser, by a number it drew; the chapter it shows, if one; and whether it is closing."""

    tab = forms.UUIDField()
    chapter = forms.UUIDField(required=False)
    leaving = forms.BooleanField(required=False)
