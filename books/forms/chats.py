"""Shapes of what is asked and named in the chat."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from books.actions.chats import Asked
from books.models import Book, Chat, ChatKind
from books.models.chats import LONGEST_QUESTION
from core.forms import LineField, TextField


class AskForm(forms.Form):
    """A question, or a kind of ideas that needs none."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=ChatKind.choices, required=False)
    chapter = forms.UUIDField(required=False, widget=forms.HiddenInput)
    question = TextField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": _("Ask about this book"), "data-composer": "", "enterkeyhint": "send"}
        ),
        error_messages={"max_length": _("A question has at most 2,000 characters.")},
    )

    def clean(self) -> dict[str, Any]:
        """A question says something; white space around it is not part of it."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["kind"] = ChatKind(cleaned.get("kind") or ChatKind.QUESTION)
        cleaned["question"] = cleaned.get("question", "").strip() if cleaned["kind"] == ChatKind.QUESTION else ""
        if cleaned["kind"] == ChatKind.QUESTION and not cleaned["question"] and "question" not in self.errors:
            self.add_error("question", _("Write a question first."))
        return cleaned

    @property
    def asked(self) -> Asked:
        """What a valid form asks."""
        data = self.cleaned_data
        return Asked(data["kind"], data["question"], data.get("chapter"), data["request_key"])


class ChatTitleForm(forms.Form):
    """A chat's name."""

    title = LineField(label=_("Name of this chat"), max_length=Chat._meta.get_field("title").max_length)


class ChatSearchForm(forms.Form):
    """Search of the list of chats."""

    q = LineField(required=False, max_length=100)
    after = forms.UUIDField(required=False)
    chapter = forms.UUIDField(required=False)


class TakenTitleForm(forms.Form):
    """A title for the book, and the one it has while this is asked."""

    title = LineField(max_length=Book._meta.get_field("title").max_length)
    instead_of = LineField()
