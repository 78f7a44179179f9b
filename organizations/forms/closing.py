"""Shape of the closing of an organization."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import LineField


class CloseForm(forms.Form):
    """The organization's name, typed once more so that nobody closes one by mistake."""

    name = LineField(
        label=gettext_lazy("Type its name to confirm"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, name: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.asked = name

    def clean_name(self) -> str:
        """The very name; small and capital letters are one."""
        said: str = self.cleaned_data["name"]
        if said.casefold() != " ".join(self.asked.split()).casefold():
            raise ValidationError(_("This is not its name. It is “%(name)s”.") % {"name": self.asked}, code="name")
        return said
