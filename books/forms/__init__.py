"""Shapes of what authors type."""

from books.forms.briefs import BookForm, capitalized
from books.forms.files import BundleForm, ChosenBooksForm, DownloadsForm, PageForm
from books.forms.outlines import ApprovalForm, EntryForm, OutlineFormSet, drafts, outline_initial, with_one_more
from books.forms.reading import PlaceForm
from books.forms.shelves import ShelfForm

__all__ = [
    "ApprovalForm",
    "BookForm",
    "BundleForm",
    "ChosenBooksForm",
    "DownloadsForm",
    "EntryForm",
    "OutlineFormSet",
    "PageForm",
    "PlaceForm",
    "ShelfForm",
    "capitalized",
    "drafts",
    "outline_initial",
    "with_one_more",
]
