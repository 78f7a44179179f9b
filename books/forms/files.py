"""Which files of which books, and what is looked for in the log of downloads."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from books.queries.files import KINDS_BY_KEY
from core.ids import new_id


class UuidsField(forms.Field):
    """Any number of UUIDs under one name, each once, in the order given."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: object) -> list[UUID]:
        """The ids; one that is none refuses them all."""
        try:
            return list(dict.fromkeys(UUID(text) for text in value or []))  # type: ignore[attr-defined]  # a list
        except ValueError as error:
            raise forms.ValidationError(_("One of these is no book."), code="invalid") from error


class ChosenBooksForm(forms.Form):
    """Books marked in a list: `book`, once for each."""

    book = UuidsField(required=False)


class BundleForm(ChosenBooksForm):
    """Many files at once: books, and kinds of files by their keys."""

    request_key = forms.UUIDField(initial=new_id, widget=forms.HiddenInput)
    file = forms.MultipleChoiceField(
        label=_("Formats"),
        choices=[(key, kind.label) for key, kind in KINDS_BY_KEY.items()],
        initial=["pdf", "epub", "docx"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one format.")},
    )


class PageForm(forms.Form):
    """A cursor: the last id of the page before."""

    after = forms.UUIDField(required=False)


class DownloadsForm(PageForm):
    """What is looked for in the log of downloads."""

    file = forms.CharField(required=False, max_length=20)
    person = forms.UUIDField(required=False)
