"""The password rule of the CNIL's 2022 recommendation: 12 characters, or 8 with three of four character classes."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

CLASSES = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())


class CnilPasswordValidator:
    """One validator for every door a password comes through."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError unless the password is long enough for its variety."""
        classes = sum(any(belongs(character) for character in password) for belongs in CLASSES)
        if len(password) >= 12 or (len(password) >= 8 and classes >= 3):
            return
        raise ValidationError(self.get_help_text(), code="password_too_weak")

    def get_help_text(self) -> str:
        """The rule in a sentence, shown beside the field."""
        return _(
            "At least 12 characters, or at least 8 with three of these: lower case, upper case, digits, other signs."
        )
