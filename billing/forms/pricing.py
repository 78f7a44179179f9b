"""What the price page is asked: a currency, month or year, how long a book, how many pages."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from billing.models import Currency, Interval

# What a book may have; the brief of a book holds the same (tests/billing/test_show_prices.py compares).
MOST_CHAPTERS = 50
FEWEST_WORDS, MOST_WORDS = 200, 5000  # of a chapter


class OfferForm(forms.Form):
    """Which prices to show; what is missing or unknown is guessed, so no error is shown."""

    currency = forms.ChoiceField(choices=Currency.choices)
    interval = forms.ChoiceField(choices=[(one.value, one.label) for one in (Interval.MONTH, Interval.YEAR)])

    def asked(self, currency: Currency) -> tuple[Currency, Interval]:
        """The currency and the interval, with this currency in place of none."""
        self.is_valid()
        found = self.cleaned_data.get("currency") or currency
        return Currency(found), Interval(self.cleaned_data.get("interval") or Interval.MONTH)


class BookLengthForm(forms.Form):
    """How long a book is to be; sent by GET, so that an answer has an address."""

    chapter_count = forms.IntegerField(
        label=_("Chapters"),
        min_value=1,
        max_value=MOST_CHAPTERS,
        help_text=format_lazy(_("From 1 to {most}."), most=MOST_CHAPTERS),
    )
    words_per_chapter = forms.IntegerField(
        label=_("Words per chapter"),
        min_value=FEWEST_WORDS,
        max_value=MOST_WORDS,
        help_text=_("A printed page holds about 250."),
    )

    @property
    def words(self) -> int:
        """Words of the whole book, of a valid form."""
        planned: int = self.cleaned_data["chapter_count"] * self.cleaned_data["words_per_chapter"]
        return planned


class PagesForm(forms.Form):
    """How many pages are to be corrected, `most` at most, and how soon."""

    rush = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, most: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["pages"] = forms.IntegerField(
            label=_("Pages of your manuscript"),
            min_value=1,
            max_value=most,
            help_text=_("A page is 250 words, or 1,500 characters with spaces, whichever gives more."),
        )
