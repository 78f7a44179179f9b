"""What sign-up asks beside e-mail and password, of everybody: by form and by Google."""

from typing import Any

from allauth.core import context
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import BetaInvite
from accounts.queries import beta, consents
from core.forms import LineField


def _agreement() -> SafeString:
    """The sentence beside the checkbox, with both texts to read."""
    said = gettext("I agree to the <a {}>terms of use</a> and have read the <a {}>privacy notice</a>.")
    links = (format_html('href="{}" target="_blank"', reverse("legal", args=[kind])) for kind in ("terms", "privacy"))
    return format_html(f"<span>{said}</span>", *links)


def shown() -> str:
    """The versions in force, as one word."""
    return ".".join(f"{kind}-{version}" for kind, version in sorted(consents.in_force().items()))


class Agreement(forms.Form):
    """One checkbox for both texts, and hidden beside it which versions were on the page."""

    agreed = forms.BooleanField(
        label=lazy(_agreement, SafeString)(),
        error_messages={"required": _("Without this, no account can be opened.")},
    )
    texts = forms.CharField(required=False, initial=shown, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Who opened the page before a new version came is shown the new one, and asked again."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("texts") and said["texts"] != shown():
            changed = gettext("The texts you agree to have changed since you opened this page. Please read them again.")
            self.add_error("agreed", ValidationError(changed, code="changed"))
            self.data = {name: value for name, value in self.data.items() if name != "agreed"} | {"texts": shown()}
        return said


class SignupDetails(Agreement):
    """allauth mixes this into its own forms. In a closed beta it asks for the invitation's code too."""

    display_name = LineField(
        label=_("Your name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown as the author of your books. You can change it later."),
    )
    invite_code = forms.CharField(
        label=_("Invitation code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=_("16 digits and letters, from your invitation. It fits the address it was sent to."),
    )
    field_order = ["invite_code", "email", "display_name", "password1", "agreed", "texts"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.CLOSED_BETA:
            del self.fields["invite_code"]
            return
        for field, value in context.request.session.get(beta.SESSION_KEY, {}).items():
            self.initial.setdefault("invite_code" if field == "code" else field, value)

    def clean_invite_code(self) -> str:
        """As it is stored, however it was typed."""
        return beta.normalized(self.cleaned_data["invite_code"])

    def clean(self) -> dict[str, Any]:
        """Refuse a code that does not fit the address; one sentence for every reason."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        code, email = said.get("invite_code"), said.get("email")
        if code and email and not BetaInvite.objects.open().filter(code=code, email=email).exists():
            self.add_error("invite_code", ValidationError(beta.REFUSED, code="invite"))
        return said

    def signup(self, request: object, user: object) -> None:
        """Nothing more to store: the adapter has taken everything over."""
