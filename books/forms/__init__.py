"""Shapes of what authors type."""

from books.forms.briefs import BookForm, capitalized
from books.forms.outlines import ApprovalForm, EntryForm, OutlineFormSet, drafts, outline_initial, with_one_more
from books.forms.shelves import ShelfForm

__all__ = [
    "ApprovalForm",
    "BookForm",
    "EntryForm",
    "OutlineFormSet",
    "ShelfForm",
    "capitalized",
    "drafts",
    "outline_initial",
    "with_one_more",
]
