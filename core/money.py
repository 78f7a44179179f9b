"""Money: an integer of minor units and an ISO 4217 code."""

from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import get_currency_precision
from django.utils.translation import get_language


@dataclass(frozen=True, order=True)
class Money:
    """An amount in the currency's minor units by ISO 4217: cents of a euro; of XOF the franc itself."""

    amount: int
    currency: str

    @property
    def shown(self) -> str:
        """In the reader's language, with all its decimals: “€9.00”, “8,50 €”, “5 000 F CFA”."""
        return self._written(digits(self.currency))

    @property
    def brief(self) -> str:
        """The same without decimals where they would all be zero: “€9”."""
        places = digits(self.currency)
        return self._written(0 if self.amount % 10**places == 0 else places)

    def __str__(self) -> str:
        return self.shown

    def _written(self, places: int) -> str:
        locale = Locale.parse(get_language() or "en", sep="-")
        value = Decimal(self.amount).scaleb(-digits(self.currency))
        pattern = copy(locale.currency_formats["standard"])
        pattern.frac_prec = (places, places)
        return str(pattern.apply(value, locale, currency=self.currency, currency_digits=False))


def digits(currency: str) -> int:
    """Decimals of a currency by ISO 4217: 2 for EUR, 0 for XOF."""
    return int(get_currency_precision(currency))
