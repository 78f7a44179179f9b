"""Amounts: whole numbers of the currency's smallest unit, as Stripe counts them."""

from decimal import Decimal, InvalidOperation

ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split()  # noqa: SIM905  # one line reads better
)
SIGNS = {"eur": "€", "usd": "$", "gbp": "£"}


def part(amount: int, share: int, whole: int) -> int:
    """`amount` × `share` / `whole`, to the nearest unit, halves away from zero."""
    sign = -1 if amount < 0 else 1
    return sign * ((2 * abs(amount) * share + whole) // (2 * whole))


def written(amount: int, currency: str, *, french: bool = False) -> str:
    """For people: "€49.00", "15,000 XOF"; in French "49,00 €", "15 000 XOF" with spaces that do not break."""
    sign, places = SIGNS.get(currency, currency.upper()), _places(currency)
    number = f"{Decimal(abs(amount)).scaleb(-places):,.{places}f}"
    minus = "−" if amount < 0 else ""
    if french:
        number = number.replace(",", " ").replace(".", ",")
        return f"{minus}{number}\N{NO-BREAK SPACE}{sign}"
    return f"{minus}{sign}{number}" if len(sign) == 1 else f"{minus}{number} {sign}"


def plain(amount: int, currency: str) -> str:
    """As one types it: "49.00", "15000"."""
    return f"{Decimal(amount).scaleb(-_places(currency)):f}"


def read(text: str, currency: str) -> int:
    """What somebody typed, with a point or a comma. Raises ValueError."""
    try:
        return int(Decimal(text.replace(",", ".")).scaleb(_places(currency)))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount") from None


def _places(currency: str) -> int:
    return 0 if currency in ZERO_DECIMAL else 2


def usual_fee(amount: int, currency: str) -> int:
    """What Stripe keeps of a European card: 1.5 % and a quarter."""
    return part(amount, 15, 1000) + (0 if currency in ZERO_DECIMAL else 25)
