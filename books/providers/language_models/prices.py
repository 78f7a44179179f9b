"""What a call costs at its provider, from a price list that comes with a package: nothing is asked of the network."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

MICROS = Decimal(1_000_000)


@dataclass(frozen=True)
class Price:
    """Millionths of a US dollar, each half rounded by itself to the nearest."""

    input_micros: int
    output_micros: int

    @property
    def micros(self) -> int:
        """What the call costs, in millionths of a US dollar."""
        return self.input_micros + self.output_micros


def price(model: str, provider: str, tokens_in: int, tokens_out: int, *, at: datetime | None = None) -> Price | None:
    """The list price of a call, or None for a model or provider the list does not know: never a guess.

    `model` is what the server said answered, `provider` the adapter's (openai, azure, anthropic); a server of one's own
    has none and no price. `at` (aware; now when None) decides which of a model's prices over time holds. Discounts for
    cached input are left out, so the price is never understated.
    """
    if not provider:
        return None
    import genai_prices  # 0.3 s: paid by workers that price calls, not by every page

    usage = genai_prices.Usage(input_tokens=tokens_in, output_tokens=tokens_out)
    try:
        found = genai_prices.calc_price(usage, model, provider_id=provider, genai_request_timestamp=at)
    except LookupError:
        return None
    return Price(_micros(found.input_price), _micros(found.output_price))


def _micros(dollars: Decimal) -> int:
    return int((dollars * MICROS).to_integral_value(rounding=ROUND_HALF_UP))
