"""A new book's brief as its author types it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from books.models import Audience, Difficulty, Genre, Palette, Tone
from books.models.books import MAX_CHAPTERS, MAX_WORDS, MIN_WORDS, BookLanguage
from core.forms import LineField, TextField


def capitalized(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The choices as they stand alone in a control; lazy labels stay lazy."""
    return [(value, capfirst(label)) for value, label in choices]


class BookForm(forms.Form):
    """A new book's brief."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    title = LineField(label=_("Title"), max_length=100)
    subtitle = LineField(label=_("Subtitle"), max_length=150, required=False)
    byline = LineField(
        label=_("Author’s name on the cover"),
        max_length=100,
        required=False,
        help_text=_("Your own, or a pen name. You can change it later."),
    )
    topic = LineField(
        label=_("What is it about?"),
        max_length=200,
        help_text=_("One sentence: the subject, and what is special about this book."),
    )
    goal = TextField(
        label=_("What should the reader take away?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It decides what the chapters explain, and what they leave out."),
    )
    language = forms.ChoiceField(
        label=_("Language of the book"), choices=BookLanguage.choices, help_text=_("Whatever these pages are in.")
    )
    genre = forms.ChoiceField(label=_("Kind of book"), choices=capitalized(Genre.choices))
    audience = forms.ChoiceField(label=_("Readers"), choices=capitalized(Audience.choices))
    difficulty = forms.ChoiceField(label=_("What they know already"), choices=capitalized(Difficulty.choices))
    tone = forms.ChoiceField(label=_("Tone"), choices=capitalized(Tone.choices))
    chapter_count = forms.IntegerField(
        label=_("Chapters"),
        min_value=1,
        max_value=MAX_CHAPTERS,
        help_text=_("You can add and drop some in the outline."),
    )
    words_per_chapter = forms.IntegerField(
        label=_("Words per chapter"),
        min_value=MIN_WORDS,
        max_value=MAX_WORDS,
        help_text=_("A printed page holds about 250."),
    )
    palette = forms.ChoiceField(label=_("Cover colour"), choices=capitalized(Palette.choices), widget=forms.RadioSelect)
    approves_itself = forms.BooleanField(
        label=_("Approve the outline by itself"),
        required=False,
        help_text=_("Otherwise you read and change the outline before any chapter is written."),
    )
