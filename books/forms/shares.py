"""Links to a book, who sees it, and for whom it is published."""

from django import forms
from django.utils.translation import gettext_lazy

from books.models import Visibility
from core.forms import LineField, QuestionForm

NEVER = "never"


class LinkForm(forms.Form):
    """A new link."""

    label = LineField(
        label=gettext_lazy("For whom"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("A note for yourself, such as a name. Readers do not see it."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Good for"),
        choices=[
            ("1", gettext_lazy("one day")),
            ("7", gettext_lazy("one week")),
            ("30", gettext_lazy("one month")),
            (NEVER, gettext_lazy("as long as I do not revoke it")),
        ],
        initial="7",
        coerce=lambda value: None if value == NEVER else int(value),
        empty_value=None,
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        min_length=6,
        max_length=128,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least six characters. Tell it to your readers by another way than the link."),
    )


class LinkPasswordForm(forms.Form):
    """The password of a link, as a reader types it."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class VisibilityForm(forms.Form):
    """Who in the organization sees a book."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        choices=[
            (Visibility.PRIVATE, gettext_lazy("Only you, and who you invite. Owners and admins learn its title.")),
            (Visibility.INTERNAL, gettext_lazy("Every member of your organization reads it; guests do not.")),
        ],
        widget=forms.RadioSelect,
    )


class PublishForm(forms.Form):
    """For whom a book is published."""

    visibility = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[
            (Visibility.PUBLIC, gettext_lazy("Everyone: it has a page of its own that anybody reads without account")),
            (Visibility.INTERNAL, gettext_lazy("My organization: every member reads it here")),
        ],
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
    )


class TakeBackForm(forms.Form):
    """Who sees a book that was taken back; the undo of publishing says what it was before."""

    visibility = forms.ChoiceField(choices=[(Visibility.INTERNAL, ""), (Visibility.PRIVATE, "")], required=False)

    @property
    def chosen(self) -> Visibility:
        """What a valid form asks for."""
        return Visibility(self.cleaned_data["visibility"] or Visibility.INTERNAL)


class VisitsForm(QuestionForm):
    """Which visits: of a link (`?link=`), of the public page (`?public=1`), or all."""

    link = forms.UUIDField(required=False)
    public = forms.BooleanField(required=False)
