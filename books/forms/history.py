"""What is looked for in a book's history, kept there and put back from it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from books.models import RevisionKind
from books.models.revisions import LONGEST_NOTE
from books.queries.history import Wanted
from core.forms import LineField, ListForm, QuestionForm

VIEWS = [("beside", _("side by side")), ("inline", _("in one text"))]


class HistoryForm(ListForm):
    """Search, filters and cursor of the list of revisions."""

    q = LineField(required=False, max_length=100)
    kind = forms.ChoiceField(required=False, choices=RevisionKind.choices)
    person = forms.UUIDField(required=False)
    chapter = forms.UUIDField(required=False)

    def wanted(self) -> Wanted:
        """Which revisions."""
        names = ("q", "kind")
        words = {name: self.understood(name) or "" for name in names}
        return Wanted(**words, person=self.understood("person"), chapter=self.understood("chapter"))


class KeepForm(forms.Form):
    """What a revision kept by hand is remembered by."""

    message = LineField(label=_("What is it?"), max_length=LONGEST_NOTE, required=False)


class CompareForm(QuestionForm):
    """Two revisions (nothing is the book as it is now), the chapter to open, and how the texts are shown."""

    old = forms.UUIDField(required=False)
    new = forms.UUIDField(required=False)
    chapter = forms.UUIDField(required=False)
    view = forms.ChoiceField(required=False, choices=VIEWS)


class CompareVersionsForm(QuestionForm):
    """Two versions of a chapter by their numbers (nothing is the text that stands), and how they are shown."""

    old = forms.IntegerField(required=False, min_value=1)
    new = forms.IntegerField(required=False, min_value=1)
    view = forms.ChoiceField(required=False, choices=VIEWS)


class OlderForm(QuestionForm):
    """Where a page of versions begins: below a number."""

    below = forms.IntegerField(required=False, min_value=1)


class ParagraphForm(forms.Form):
    """One changed paragraph: its number in the comparison, and the digest of the text it was seen beside."""

    number = forms.IntegerField(min_value=1)
    present = forms.CharField(max_length=64)
