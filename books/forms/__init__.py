"""Shapes of what authors type."""

from books.forms.briefs import BookForm, capitalized
from books.forms.details import CopyForm, DetailsForm, EraseForm
from books.forms.files import BundleForm, ChosenBooksForm, DownloadsForm, PageForm
from books.forms.outlines import (
    ApprovalForm,
    EntryForm,
    FactsForm,
    OutlineFormSet,
    drafts,
    outline_initial,
    with_one_more,
)
from books.forms.reading import PlaceForm
from books.forms.shelves import ChosenForm, ShelfForm

__all__ = [
    "ApprovalForm",
    "BookForm",
    "BundleForm",
    "ChosenBooksForm",
    "ChosenForm",
    "CopyForm",
    "DetailsForm",
    "DownloadsForm",
    "EntryForm",
    "EraseForm",
    "FactsForm",
    "OutlineFormSet",
    "PageForm",
    "PlaceForm",
    "ShelfForm",
    "capitalized",
    "drafts",
    "outline_initial",
    "with_one_more",
]
