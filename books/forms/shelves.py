"""What is looked for on the shelf, and what is done to several of its books."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from books.models import BookLanguage, BookStatus, Genre
from books.queries.shelves import ORDERS, Wanted
from core.forms import LineField, ListForm

AT_ONCE = 100


class ShelfForm(ListForm):
    """Search, filters, order and cursor of the list of books."""

    q = LineField(required=False, max_length=100)
    status = forms.ChoiceField(required=False, choices=BookStatus.choices)
    language = forms.ChoiceField(required=False, choices=BookLanguage.choices)
    genre = forms.ChoiceField(required=False, choices=Genre.choices)
    whose = forms.ChoiceField(
        required=False, choices=[("mine", gettext_lazy("Mine")), ("shared", gettext_lazy("Shared with me"))]
    )
    sort = forms.ChoiceField(required=False, choices=[(name, name) for name in ORDERS])

    def wanted(self) -> Wanted:
        """Which books, in which order."""
        names = ("q", "status", "language", "genre", "whose", "sort")
        return Wanted(**{name: self.understood(name) or "" for name in names})


class IdsField(forms.Field):
    """One or more ids, from checkboxes of one name."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        field = forms.UUIDField()
        ids = [field.clean(one) for one in dict.fromkeys(value or [])]
        if len(ids) > AT_ONCE:
            raise forms.ValidationError(_("At most %(number)d books at once.") % {"number": AT_ONCE})
        return ids


class ChosenForm(forms.Form):
    """Books chosen on a page, and what is to be done to them."""

    act = forms.CharField(max_length=20)
    book = IdsField()
