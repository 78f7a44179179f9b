"""Sums of what models cost, as people read them."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MICROS = 1_000_000
A_CENT = 10_000


def dollars(micros: int | None) -> str:
    """Millionths of a US dollar in the reader's language; None is “no price”.

    Two decimals, and four below a dollar where cents would not tell: sums of calls are compared with caps.
    """
    if micros is None:
        return _("no price")
    if micros < 0:
        return f"−{dollars(-micros)}"
    digits = 4 if 0 < micros < MICROS and micros % A_CENT else 2
    amount = number_format(Decimal(micros) / MICROS, decimal_pos=digits, use_l10n=True, force_grouping=True)
    return _("$%(amount)s") % {"amount": amount}
