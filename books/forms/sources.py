"""Texts to follow as they are pasted or uploaded."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import truncatechars
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from books.actions.sources import SourceDraft
from books.models.sources import MAX_SOURCE_BYTES, MAX_SOURCES
from core.decoding import NoText, decode
from core.forms import LineField
from core.text import clean_line, count_words, normalize, without_control_characters

LONGEST_TITLE = 150


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, none of them empty; `cleaned_data` has a list."""

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        """Check each file as one file is checked."""
        chosen = data if isinstance(data, list | tuple) else [data]
        checked = [super(FilesField, self).clean(one, initial) for one in chosen]
        return [one for one in checked if one]


class SourcesForm(forms.Form):
    """A pasted text, files, or both; `drafts` has them in that order. May be left empty when `optional`."""

    source_title = LineField(label=gettext_lazy("Title of the text"), max_length=LONGEST_TITLE, required=False)
    source_text = forms.CharField(
        label=gettext_lazy("Paste a text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": MAX_SOURCE_BYTES}),
    )
    source_files = FilesField(
        label=gettext_lazy("Or choose files"),
        required=False,
        widget=FilesInput(attrs={"accept": ".txt,.text,.md,.markdown,text/plain,text/markdown"}),
        help_text=gettext_lazy("Plain text (TXT) or Markdown, up to 10 files of 2 MB each."),
    )

    def __init__(self, *args: Any, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.optional = optional
        self.drafts: list[SourceDraft] = []

    def clean_source_text(self) -> str:
        """The text as it is stored; what a page break leaves behind is dropped."""
        return normalize(without_control_characters(self.cleaned_data["source_text"]))

    def clean(self) -> dict[str, Any]:
        """Read every file; each refusal stands beside the field it is about."""
        data = super().clean() or self.cleaned_data
        pasted = data.get("source_text", "")
        if pasted.strip():
            self._take("source_text", data.get("source_title") or _first_words(pasted), pasted)
        for file in data.get("source_files", []):
            self._read(file)
        if len(self.drafts) > MAX_SOURCES:
            self.add_error("source_files", _("A book has at most %(most)d sources.") % {"most": MAX_SOURCES})
        if not self.drafts and not self.errors and not self.optional:
            self.add_error(None, _("Paste a text or choose a file first."))
        return data

    def _read(self, file: "UploadedFile[Any]") -> None:
        name = clean_line(str(file.name))[:LONGEST_TITLE]
        if (file.size or 0) > MAX_SOURCE_BYTES:
            self.add_error("source_files", _("“%(title)s” is larger than 2 MB.") % {"title": name})
            return
        try:
            text = decode(file.read())
        except NoText as refusal:
            self.add_error("source_files", f"{name}: {refusal.message}")
            return
        self._take("source_files", PurePath(name).stem or name, text, name)

    def _take(self, field: str, title: str, text: str, file_name: str = "") -> None:
        if len(text.encode()) > MAX_SOURCE_BYTES:
            self.add_error(field, _("“%(title)s” is larger than 2 MB.") % {"title": title})
        elif not count_words(text):
            self.add_error(field, _("“%(title)s” holds no words.") % {"title": title})
        else:
            self.drafts.append(SourceDraft(title, text, file_name))


def _first_words(text: str) -> str:
    """A title for a text without one."""
    return truncatechars(clean_line(text[:200]).lstrip("#*_ "), 60) or _("Pasted text")


def messages_of(added: int, drafts: Sequence[SourceDraft]) -> str:
    """What to say once they are there."""
    if not added:
        return _("This text is there already.")
    titles = ", ".join(draft.title for draft in drafts)
    return _("Added: %(titles)s.") % {"titles": titles}
