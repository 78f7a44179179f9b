"""The password rule of the CNIL's 2022 recommendation: 12 characters, or 8 with three of four character classes.

Django's own validators beside it (settings) refuse what resembles the e-mail and what is common, from a list that comes
with Django. static/js/password.js gives the same verdict while one types.
"""

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

LONG, SHORT, VARIED = 12, 8, 3
CLASSES = (str.islower, str.isupper, str.isdecimal, lambda character: not character.isalnum())


def allowed(password: str) -> bool:
    """Whether the password is long enough for its variety."""
    classes = sum(any(belongs(character) for character in password) for belongs in CLASSES)
    return len(password) >= LONG or (len(password) >= SHORT and classes >= VARIED)


class CnilPasswordValidator:
    """One validator for every door a password comes through."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError unless the rule allows it."""
        if not allowed(password):
            raise ValidationError(self.get_help_text(), code="password_too_weak")

    def get_help_text(self) -> str:
        """The rule in a sentence, shown beside the field."""
        return _(
            "At least 12 characters, or at least 8 with three of these: lower case, upper case, digits, other signs."
        )


def common_and_allowed() -> list[str]:
    """The part of Django's list of common passwords that, in some mixture of cases, the rule would allow.

    What the browser needs to know of it: the rest is too weak already. In lower case, sorted.
    """
    return sorted(word for word in CommonPasswordValidator().passwords if allowed(word) or allowed(_one_capital(word)))


def _one_capital(word: str) -> str:
    """With its first letter that has a capital in upper case: no mixture of cases has more classes."""
    place = next((place for place, sign in enumerate(word) if sign.islower()), None)
    if place is None or not any(sign.islower() for sign in word[place + 1 :]):
        return word
    return word[:place] + word[place].upper() + word[place + 1 :]
