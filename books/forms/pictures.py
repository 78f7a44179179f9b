"""Pictures as they are uploaded, described and looked for."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from books.models.pictures import LONGEST_ALT, LONGEST_NAME, MAX_PICTURE_BYTES
from books.queries.pictures import Wanted
from core.forms import LineField, ListForm
from core.pictures import ACCEPT, MEGABYTE
from core.text import clean_line


class DescriptionForm(forms.Form):
    """What a picture shows, or that it only decorates; `alt` of the cleaned data is empty then."""

    use_required_attribute = False  # a tick beside it is enough
    alt = LineField(
        label=gettext_lazy("What it shows"),
        max_length=LONGEST_ALT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say what the picture shows, or tick that it only decorates.")},
        help_text=gettext_lazy("In a sentence, for who cannot see it: it is read aloud in its place."),
    )
    decorates = forms.BooleanField(
        label=gettext_lazy("It only decorates"),
        required=False,
        help_text=gettext_lazy("An ornament that tells nothing. It is passed over when the book is read aloud."),
    )

    def clean(self) -> dict[str, Any]:
        """Words are not asked for, nor kept, where the tick says that there is nothing to tell."""
        data = super().clean() or self.cleaned_data
        if data.get("decorates"):
            self.errors.pop("alt", None)
            data["alt"] = ""
        return data


class PictureForm(DescriptionForm):
    """A picture with its description."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("JPEG, PNG, WebP or GIF (of which the first frame is taken), up to 20 MB."),
        error_messages={"required": gettext_lazy("Choose a picture first.")},
    )
    field_order = ["picture", "alt", "decorates"]

    def clean_picture(self) -> "UploadedFile[Any]":
        """A file of a size we take; that it is a picture shows when it is drawn."""
        upload: UploadedFile[Any] = self.cleaned_data["picture"]
        if (upload.size or 0) > MAX_PICTURE_BYTES:
            size = {"size": MAX_PICTURE_BYTES // MEGABYTE}
            raise forms.ValidationError(_("This picture is larger than %(size)d MB. Choose a smaller one.") % size)
        return upload

    @property
    def name(self) -> str:
        """What the picture is called."""
        return clean_line(str(self.cleaned_data["picture"].name))[-LONGEST_NAME:] or _("Picture")


class PicturesForm(ListForm):
    """Search, filter and cursor of a book's pictures."""

    q = LineField(required=False, max_length=100)
    show = forms.ChoiceField(required=False, choices=[(name, name) for name in ("used", "unused", "undescribed")])

    def wanted(self) -> Wanted:
        """Which pictures."""
        return Wanted(self.understood("q") or "", self.understood("show") or "")
