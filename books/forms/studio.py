"""A chapter's text as the studio sends it to be shown."""

from django import forms

from books.forms.saving import LONGEST_CHAPTER
from core.forms import TextField


class PreviewForm(forms.Form):
    """The text as it stands in the editor, saved or not."""

    markdown = TextField(required=False, max_length=LONGEST_CHAPTER)
