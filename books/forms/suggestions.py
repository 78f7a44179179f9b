"""What people suggest, what they decide, and which suggestions they look for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from books.forms.comments import LONGEST_PASSAGE, opening
from books.forms.saving import LONGEST_CHAPTER
from books.models import Chapter, SuggestionKind, SuggestionSeverity, SuggestionSource, SuggestionState
from books.models.notes import LONGEST_REASON
from books.queries.suggestions import Wanted
from books.transitions.proposals import Draft
from core.blocks import blocks
from core.forms import LineField, ListForm, TextField

ACTS = ("accept", "reject", "ignore", "withdraw")
STATES = [*SuggestionState.choices, ("all", pgettext_lazy("suggestions", "All"))]


class SuggestionsForm(ListForm):
    """Search, filters and cursor of a list of suggestions."""

    q = LineField(required=False, max_length=100)
    kind = forms.ChoiceField(required=False, choices=SuggestionKind.choices)
    severity = forms.ChoiceField(required=False, choices=SuggestionSeverity.choices)
    source = forms.ChoiceField(required=False, choices=SuggestionSource.choices)
    state = forms.ChoiceField(required=False, choices=STATES)
    chapter = forms.UUIDField(required=False)
    at = forms.UUIDField(required=False)

    def wanted(self) -> Wanted:
        """Which suggestions."""
        texts = {name: self.understood(name) or "" for name in ("q", "kind", "severity", "source", "state")}
        return Wanted(**texts, chapter=self.understood("chapter"))


class DecisionForm(SuggestionsForm):
    """What is decided: one suggestion, or all of a selection; `panel` is the chapter beside whose text it was asked."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    suggestion = forms.UUIDField(required=False)
    panel = forms.UUIDField(required=False)


class UndoForm(forms.Form):
    """Which decision is undone, and beside which chapter's text that was asked."""

    decision = forms.UUIDField()
    panel = forms.UUIDField(required=False)


class ReasonForm(forms.Form):
    """What a suggestion is about, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=SuggestionKind.choices, initial=SuggestionKind.STYLE, required=False
    )
    reason = LineField(label=gettext_lazy("Reason"), max_length=LONGEST_REASON, required=False, widget=forms.TextInput)

    def clean_kind(self) -> str:
        """Style, where nothing was chosen."""
        return self.cleaned_data["kind"] or SuggestionKind.STYLE


class ChangeForm(ReasonForm):
    """A change of one passage: of `quote` at `start`, or of a paragraph chosen from a list."""

    field_order = ("paragraph", "quote", "start", "proposal", "kind", "severity", "reason")
    paragraph = forms.TypedChoiceField(
        label=gettext_lazy("Paragraph"), required=False, coerce=int, empty_value=None, choices=()
    )
    quote = TextField(required=False, max_length=LONGEST_PASSAGE, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    proposal = TextField(
        label=gettext_lazy("Instead of it"),
        required=False,
        max_length=LONGEST_CHAPTER,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Leave it empty to suggest that the passage goes."),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("How much it matters"), choices=SuggestionSeverity.choices, required=False
    )

    def __init__(self, *args: Any, chapter: Chapter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chapter = chapter
        named = [(number, opening(text)) for number, text in enumerate(blocks(chapter.markdown)) if text.strip()]
        field: Any = self.fields["paragraph"]
        field.choices = [("", gettext_lazy("The passage I selected")), *named]

    def draft(self) -> Draft:
        """The change as the action takes it."""
        given = self.cleaned_data
        quote, start = given["quote"], given["start"] or 0
        if (number := given.get("paragraph")) is not None:
            parts = blocks(self.chapter.markdown)
            start, quote = sum(map(len, parts[:number])), parts[number].rstrip("\n")
        severity = given["severity"] or SuggestionSeverity.INFO
        where = {"start": start, "end": start + len(quote)}
        return Draft(quote, given["proposal"], given["kind"], severity, given["reason"], **where)


class TextForm(ReasonForm):
    """A whole text typed over another: every difference is a suggestion."""

    base = TextField(required=False, max_length=LONGEST_CHAPTER, widget=forms.HiddenInput)
    markdown = TextField(
        label=gettext_lazy("Text of the chapter"),
        required=False,
        max_length=LONGEST_CHAPTER,
        widget=forms.Textarea(attrs={"rows": 24}),
    )
    what_fits = forms.BooleanField(required=False, widget=forms.HiddenInput)
