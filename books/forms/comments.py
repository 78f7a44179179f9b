"""What people type into comments, and which ones they look for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from books.models import Chapter
from books.models.notes import LONGEST_COMMENT
from books.queries.comments import Wanted
from core.blocks import blocks
from core.forms import LineField, ListForm, TextField

OPENING = 70  # characters of a paragraph that name it in a list
LONGEST_PASSAGE = 20_000
STATES = [("resolved", gettext_lazy("Resolved")), ("all", pgettext_lazy("threads", "All"))]
WHOSE = [("mine", gettext_lazy("With something I said")), ("mentions", gettext_lazy("That mention me"))]


class ThreadsForm(ListForm):
    """Search, filters and cursor of a list of threads."""

    q = LineField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=STATES)
    whose = forms.ChoiceField(required=False, choices=WHOSE)
    person = forms.UUIDField(required=False)
    chapter = forms.UUIDField(required=False)
    at = forms.UUIDField(required=False)
    place = forms.ChoiceField(required=False, choices=[("gone", gettext_lazy("Whose passage is gone"))])

    def wanted(self) -> Wanted:
        """Which threads."""
        texts = {name: self.understood(name) or "" for name in ("q", "state", "whose", "place")}
        return Wanted(**texts, person=self.understood("person"), chapter=self.understood("chapter"))


class RemarkForm(forms.Form):
    """What somebody says, and whom it mentions."""

    text = TextField(
        label=gettext_lazy("Comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )
    mentioned = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Mention"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: tuple[User, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mentioned"]
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people])
        field.choices = [(one.pk, one.name) for one in people]

    def said(self) -> dict[str, Any]:
        """What the action takes: text, ids of who is mentioned, the form's key."""
        given = self.cleaned_data
        ids = [person.pk for person in given["mentioned"]]
        return {"text": given["text"].strip(), "mentioned": ids, "request_key": given["request_key"]}


class ThreadForm(RemarkForm):
    """A comment on a passage (`quote` at `start`), on a paragraph chosen from a list, or on the chapter."""

    quote = TextField(required=False, max_length=LONGEST_PASSAGE, widget=forms.HiddenInput)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    paragraph = forms.TypedChoiceField(
        label=gettext_lazy("About"), required=False, coerce=int, empty_value=None, choices=()
    )

    def __init__(self, *args: Any, chapter: Chapter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paragraphs = [one.strip("\n") for one in blocks(chapter.markdown)]
        self.chapter = chapter
        named = [(number, opening(text)) for number, text in enumerate(self.paragraphs) if text.strip()]
        field: Any = self.fields["paragraph"]
        field.choices = [("", _("The whole chapter")), *named]

    def passage(self) -> dict[str, Any]:
        """The passage that is meant, as the action takes it."""
        number = self.cleaned_data.get("paragraph")
        if number is None:
            return {"quote": self.cleaned_data["quote"], "start": self.cleaned_data["start"] or 0}
        start = sum(map(len, blocks(self.chapter.markdown)[:number]))
        return {"quote": self.paragraphs[number], "start": start + self._indent(number)}

    def _indent(self, number: int) -> int:
        """Line feeds in front of a text's first paragraph."""
        block = blocks(self.chapter.markdown)[number]
        return len(block) - len(block.lstrip("\n"))


def opening(text: str) -> str:
    """How a paragraph begins, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= OPENING else f"{line[:OPENING]}…"
