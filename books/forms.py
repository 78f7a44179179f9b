"""Shapes of what authors type."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from books.actions import EntryDraft
from books.models import Audience, Difficulty, Genre, Palette, Run, Tone
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
    byline = LineField(label=_("Author’s name on the cover"), max_length=100, required=False)
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
    )
    language = forms.ChoiceField(label=_("Language of the book"), choices=BookLanguage.choices)
    genre = forms.ChoiceField(label=_("Kind of book"), choices=capitalized(Genre.choices))
    audience = forms.ChoiceField(label=_("Readers"), choices=capitalized(Audience.choices))
    difficulty = forms.ChoiceField(label=_("What they know already"), choices=capitalized(Difficulty.choices))
    tone = forms.ChoiceField(label=_("Tone"), choices=capitalized(Tone.choices))
    chapter_count = forms.IntegerField(label=_("Chapters"), min_value=1, max_value=MAX_CHAPTERS)
    words_per_chapter = forms.IntegerField(label=_("Words per chapter"), min_value=MIN_WORDS, max_value=MAX_WORDS)
    palette = forms.ChoiceField(label=_("Cover colour"), choices=capitalized(Palette.choices), widget=forms.RadioSelect)
    approves_itself = forms.BooleanField(
        label=_("Approve the outline by itself"),
        required=False,
        help_text=_("Otherwise you read and change the outline before any chapter is written."),
    )


class EntryForm(forms.Form):
    """One line of the outline: its place, its words, or its end."""

    position = forms.IntegerField(label=_("Place"), min_value=1, max_value=999, required=False)
    title = LineField(label=_("Title"), max_length=150)
    summary = TextField(label=_("Summary"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    points = TextField(
        label=_("Points, one a line"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    words = forms.IntegerField(label=_("Words"), min_value=MIN_WORDS, max_value=MAX_WORDS)
    remove = forms.BooleanField(label=_("Remove this chapter"), required=False)

    def clean_points(self) -> list[str]:
        """One point a line, empty lines dropped, each at most 300 characters."""
        lines = [line.strip() for line in self.cleaned_data["points"].splitlines()]
        kept = [line for line in lines if line]
        if any(len(line) > 300 for line in kept) or len(kept) > 12:
            raise forms.ValidationError(_("At most 12 points of 300 characters each."))
        return kept


OutlineFormSet = forms.formset_factory(EntryForm, extra=0, min_num=1, validate_min=True, max_num=60, absolute_max=60)


def outline_initial(run: Run) -> list[dict[str, Any]]:
    """The stored outline as the form shows it."""
    rows = run.outline.of(run.organization).order_by("position")
    return [
        {
            "position": row.position,
            "title": row.title,
            "summary": row.summary,
            "points": "\n".join(row.points),
            "words": row.words,
        }
        for row in rows
    ]


def drafts(forms: "BaseFormSet[EntryForm]") -> list[EntryDraft]:
    """The kept entries of a valid form, by the places typed; equal places keep the order of the page."""
    kept = [form.cleaned_data for form in forms if form.cleaned_data and not form.cleaned_data["remove"]]
    kept.sort(key=lambda data: data["position"] or 999)
    return [EntryDraft(data["title"], data["summary"], tuple(data["points"]), data["words"]) for data in kept]


def with_one_more(posted: QueryDict) -> list[dict[str, str]]:
    """The outline as it was typed, unjudged, with an empty entry at its end: initial data of the next form."""
    typed = posted.get("form-TOTAL_FORMS", "")
    count = min(int(typed), MAX_CHAPTERS) if typed.isdecimal() and len(typed) < 4 else 0
    entries = [
        {name: posted.get(f"form-{index}-{name}", "") for name in EntryForm.base_fields} for index in range(count)
    ]
    words = entries[-1]["words"] if entries else str(MIN_WORDS)
    return [*entries, {"position": str(count + 1), "words": words}]


class ApprovalForm(forms.Form):
    """Agreement to the price shown."""

    accepted_credits = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)


class ShelfForm(forms.Form):
    """Search and filter of the list of books."""

    q = LineField(required=False, max_length=100)
    status = forms.CharField(required=False, max_length=10)
    after = forms.UUIDField(required=False)
