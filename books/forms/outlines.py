"""The outline as its author types it."""

from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from books.actions import EntryDraft
from books.models import Run
from books.models.books import MAX_CHAPTERS, MAX_WORDS, MIN_WORDS
from books.models.runs import LONGEST_FACT, MOST_FACTS
from core.forms import LineField, TextField


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


class FactsForm(forms.Form):
    """What the whole book keeps to."""

    facts = TextField(
        label=_("Facts and conventions, one a line"),
        max_length=MOST_FACTS * (LONGEST_FACT + 1),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Names, terms, dates, spellings, how the reader is addressed: every section is told to keep to them."
        ),
    )

    def clean_facts(self) -> list[str]:
        """One fact a line, empty and repeated lines dropped."""
        lines = list(dict.fromkeys(line.strip() for line in self.cleaned_data["facts"].splitlines() if line.strip()))
        if len(lines) > MOST_FACTS or any(len(line) > LONGEST_FACT for line in lines):
            limits = {"most": MOST_FACTS, "longest": LONGEST_FACT}
            raise forms.ValidationError(_("At most %(most)d lines of %(longest)d characters each."), params=limits)
        return lines


class ApprovalForm(forms.Form):
    """Agreement to the price shown."""

    accepted_credits = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)
