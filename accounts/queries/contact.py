"""How a person's phone and countries are written: for people, and for the database."""

import unicodedata
from functools import cache

import phonenumbers
from babel import Locale

from accounts.models import User

# Regions of Babel's list that are no country an address has: reserved, private or groups of others.
_NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
# Where a number without its country's code is from, when nothing better is known.
_REGION_OF_LANGUAGE = {"fr": "FR"}


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(ISO 3166-1 alpha-2, name in that language), sorted as its readers expect: accents do not count."""
    names = Locale.parse(language).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return tuple(sorted(((c, n) for c, n in found if c not in _NO_COUNTRIES), key=lambda pair: _folded(pair[1])))


def _folded(name: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(one))


def phone_in_e164(text: str, *, country: str, language: str) -> str | None:
    """`+33142681234` for however it was typed; None for what is no number of anywhere. `country` may be ""."""
    region = country or _REGION_OF_LANGUAGE.get(language)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(person: User) -> str:
    """`+33 1 42 68 12 34`, or "" when none is given."""
    if not person.phone:
        return ""
    number = phonenumbers.parse(person.phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def shown_address(person: User, language: str) -> str:
    """The postal address on as many lines as it has, its country in words."""
    given = person.postal_address
    town = " ".join(part for part in (given.get("postcode", ""), given.get("city", "")) if part)
    country = dict(countries(language)).get(given.get("country", ""), "")
    return "\n".join(part for part in (given.get("street", ""), town, given.get("region", ""), country) if part)
