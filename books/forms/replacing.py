"""What is looked for in a book, and which of it is replaced."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from books.queries.replacing import ON_A_PAGE
from books.transitions.chapters import MOST_CHAPTERS
from core.patterns import LONGEST_SEARCH, Sought
from core.text import has_control_characters, normalize


class ExactField(forms.CharField):
    """Text to the letter: spaces count, at its ends too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, max_length=LONGEST_SEARCH, **kwargs)

    def to_python(self, value: object) -> str:
        return normalize(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if has_control_characters(value):
            raise forms.ValidationError(_("Remove the control characters from this text."), code="control")


class FindForm(forms.Form):
    """What is looked for, and what shall stand there."""

    find = ExactField(label=_("Find"))
    replace = ExactField(label=_("Replace with"), required=False)
    match_case = forms.BooleanField(label=_("Match case"), required=False)
    whole_words = forms.BooleanField(label=_("Whole words"), required=False)
    is_pattern = forms.BooleanField(label=_("Regular expression"), required=False)
    page = forms.IntegerField(min_value=1, max_value=9999, required=False, widget=forms.HiddenInput)

    def sought(self) -> Sought:
        """What is looked for."""
        said = self.cleaned_data
        return Sought(said["find"], said["match_case"], said["whole_words"], said["is_pattern"])


class PairsField(forms.Field):
    """Ids of chapters, each with a number, from fields of one name: `id:number`."""

    widget = forms.MultipleHiddenInput

    def __init__(self, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[tuple[UUID, int]]:
        pairs = []
        for one in (value or [])[: self.most]:
            identifier, _colon, number = one.partition(":")
            pairs.append((forms.UUIDField().clean(identifier), forms.IntegerField(min_value=0).clean(number)))
        return pairs


class ReplaceForm(FindForm):
    """Which places: those ticked on the page, or all that were found."""

    hit = PairsField(ON_A_PAGE, required=False)
    seen = PairsField(MOST_CHAPTERS)
    every = forms.BooleanField(required=False)

    def chosen(self) -> dict[UUID, set[int]] | None:
        """The ticked places by chapter; None for all of them."""
        if self.cleaned_data["every"]:
            return None
        places: dict[UUID, set[int]] = {}
        for chapter, place in self.cleaned_data["hit"]:
            places.setdefault(chapter, set()).add(place)
        return places
