"""The calculator of the price page."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from books.models.books import MAX_CHAPTERS, MAX_WORDS, MIN_WORDS


class PriceForm(forms.Form):
    """How long a book is to be; sent by GET, so that an answer has an address."""

    chapter_count = forms.IntegerField(
        label=_("Chapters"),
        min_value=1,
        max_value=MAX_CHAPTERS,
        help_text=format_lazy(_("From 1 to {most}."), most=MAX_CHAPTERS),
    )
    words_per_chapter = forms.IntegerField(
        label=_("Words per chapter"),
        min_value=MIN_WORDS,
        max_value=MAX_WORDS,
        help_text=_("A printed page holds about 250."),
    )

    @property
    def words(self) -> int:
        """Words of the whole book, of a valid form."""
        planned: int = self.cleaned_data["chapter_count"] * self.cleaned_data["words_per_chapter"]
        return planned
