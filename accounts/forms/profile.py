"""Shapes of what people type about themselves."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Theme
from accounts.queries.contact import countries, phone_in_e164
from accounts.queries.unsubscribing import CHOICES
from core.forms import LineField, TextField, WebsiteField, time_zones
from core.pictures import ACCEPT


class AboutForm(forms.Form):
    """Who a person is to those they work with."""

    display_name = LineField(
        label=_("Name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown as the author of your next books. Covers that exist keep the name they bear."),
    )
    job_title = LineField(
        label=_("Job title"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    company = LineField(
        label=_("Company"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    website = WebsiteField()
    bio = TextField(
        label=_("About you"), max_length=500, required=False, help_text=_("At most 500 characters, plain text.")
    )


class PictureForm(forms.Form):
    """A picture to be re-encoded; what it is, its bytes say."""

    picture = forms.FileField(
        label=_("Picture"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("JPEG, PNG, WebP or GIF, up to 5 MB. A square is cut from its middle."),
    )


class ContactForm(forms.Form):
    """How a person can be reached; encrypted where it is stored."""

    phone = LineField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
        help_text=_("With the country’s code, for example +33 1 42 68 53 00."),
    )
    street = TextField(
        label=_("Street"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"autocomplete": "street-address", "rows": 2}),
    )
    postcode = LineField(
        label=_("Postcode"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = LineField(
        label=_("City"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    region = LineField(
        label=_("Region"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1"}),
    )
    country = forms.ChoiceField(
        label=_("Country"), required=False, widget=forms.Select(attrs={"autocomplete": "country"})
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        """Countries are named in the reader's language."""
        super().__init__(*args, **kwargs)
        self.language = language
        self.fields["country"].choices = [("", "—"), *countries(language)]  # type: ignore[attr-defined]  # a choice

    def clean(self) -> dict[str, Any]:
        """The phone in its international form, read with the country of the address."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("phone"):
            number = phone_in_e164(given["phone"], country=given.get("country", ""), language=self.language)
            if number is None:
                self.add_error("phone", _("This is no phone number. Write it with the country’s code: +33 …"))
            given["phone"] = number or ""
        return given


class PreferencesForm(forms.Form):
    """How the screens are, and which e-mails are sent."""

    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, help_text=_("Of these pages and of the e-mails we send you.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lazy(time_zones, list)(), help_text=_("Times are shown in it.")
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
    shortcuts = forms.BooleanField(
        label=_("Keyboard shortcuts of one key"),
        required=False,
        help_text=_("Press ? on any page for the list. Switch them off if they disturb speech or other aids."),
    )
    mails_about_runs = forms.BooleanField(
        label=_("E-mail me when a book is written or stops"),
        required=False,
        help_text=_("One e-mail when it is done, or when it waits for you because something went wrong."),
    )
    mails_about_comments = forms.BooleanField(
        label=_("E-mail me when somebody mentions me or answers me"),
        required=False,
        help_text=_("In the comments on a book, with the passage and what was said."),
    )
    mails_about_members = forms.BooleanField(
        label=_("E-mail me about my organizations’ members"),
        required=False,
        help_text=_("When somebody joins, leaves or gets another role where you are an owner or admin."),
    )
    mails_about_limits = forms.BooleanField(
        label=_("E-mail me when a limit comes near"),
        required=False,
        help_text=_("At 80 and at 95 percent of what your organization may use."),
    )

    def screens(self) -> list[forms.BoundField]:
        """The fields about the screens."""
        return [self[name] for name in ("language", "time_zone", "theme", "shortcuts")]

    def mails(self) -> list[forms.BoundField]:
        """The fields about e-mails."""
        return [self[name] for name in CHOICES]
