"""A book's own page of details, its copy, its end."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from books.forms.briefs import capitalized
from books.models import Palette, Visibility
from core.forms import LineField, TextField


class DetailsForm(forms.Form):
    """What readers see of a book beside its text and, for who says that here, who they are."""

    title = LineField(label=gettext_lazy("Title"), max_length=100)
    subtitle = LineField(label=gettext_lazy("Subtitle"), max_length=150, required=False)
    byline = LineField(
        label=gettext_lazy("Author’s name on the cover"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("A pen name is as good as yours. Leave it empty for a cover without a name."),
    )
    blurb = TextField(
        label=gettext_lazy("Back-cover text"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("A few sentences that make somebody open the book. They stand in every file."),
    )
    palette = forms.ChoiceField(
        label=gettext_lazy("Cover colour"), choices=capitalized(Palette.choices), widget=forms.RadioSelect
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        choices=capitalized(choice for choice in Visibility.choices if choice[0] != Visibility.PUBLIC),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Members of your organization read what is shared; guests only what they are given."),
    )

    def __init__(self, *args: object, says_who_sees: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        if not says_who_sees:
            del self.fields["visibility"]
        for field in self.fields.values():
            field.show_hidden_initial = True

    @property
    def details(self) -> dict[str, str]:
        """What was changed of what a valid form had shown: the rest may have become another meanwhile."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class CopyForm(forms.Form):
    """A copy of a book."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    with_text = forms.TypedChoiceField(
        label=gettext_lazy("What is copied"),
        choices=[
            ("yes", gettext_lazy("The brief and every chapter as it is now")),
            ("no", gettext_lazy("The brief alone, to have it written anew")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class EraseForm(forms.Form):
    """The title once more, by hand."""

    typed = LineField(label=gettext_lazy("Type the title to erase the book"), max_length=100)

    def __init__(self, *args: object, title: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.title = title
        self.fields["typed"].widget.attrs["autocomplete"] = "off"

    def clean_typed(self) -> str:
        """Letter by letter, but for case."""
        typed: str = self.cleaned_data["typed"]
        if typed.casefold() != self.title.casefold():
            raise forms.ValidationError(_("This is not the title of the book."))
        return typed
