"""A chapter's text as an editor sends it."""

from django import forms

from books.transitions import texts
from core.forms import TextField

LONGEST_CHAPTER = texts.LONGEST
HIGHEST_VERSION = 2**31 - 1


class ManuscriptForm(forms.Form):
    """The text, the number of the version it was typed into, that one's text where it is sent; whether a merge."""

    version = forms.IntegerField(min_value=1, max_value=HIGHEST_VERSION)
    markdown = TextField(required=False, max_length=LONGEST_CHAPTER)
    base = TextField(required=False, max_length=LONGEST_CHAPTER)
    merged = forms.BooleanField(required=False)

    def clean_base(self) -> str | None:
        """None when it was not sent: an empty text is one, too."""
        return self.cleaned_data["base"] if "base" in self.data else None

    @property
    def is_folded(self) -> bool:
        """Whether other characters are stored than were typed: composed to NFC. Of a valid form."""
        return bool(self.cleaned_data["markdown"] != self.data.get("markdown", "").replace("\r\n", "\n"))


class SeenForm(forms.Form):
    """Which version of a chapter somebody has."""

    version = forms.IntegerField(min_value=1, max_value=HIGHEST_VERSION, required=False)
