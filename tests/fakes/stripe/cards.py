"""Stripe's test cards and what each of them does when it is saved, charged with its owner there, or without."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.stripe.errors import Refused, declined

GOOD, DECLINED, INSUFFICIENT, LATER, ALWAYS_ASKS, ASKS_ONCE = (
    "good", "declined", "insufficient_funds", "fails_later", "asks", "asks_once",
)  # fmt: skip
BEHAVIOURS = (GOOD, DECLINED, INSUFFICIENT, LATER, ALWAYS_ASKS, ASKS_ONCE)


@dataclass(frozen=True)
class Card:
    """A test card. `fails_later` saves and pays while its owner is there, and fails without them."""

    last4: str
    behaviour: str
    brand: str = "visa"


CARDS = {
    "visa": Card("4242", GOOD),
    "mastercard": Card("4444", GOOD, "mastercard"),
    "amex": Card("8431", GOOD, "amex"),
    "chargeDeclined": Card("0002", DECLINED),
    "visa_chargeDeclined": Card("0002", DECLINED),
    "chargeDeclinedInsufficientFunds": Card("9995", INSUFFICIENT),
    "visa_chargeDeclinedInsufficientFunds": Card("9995", INSUFFICIENT),
    "chargeCustomerFail": Card("0341", LATER),
    "authenticationRequired": Card("3184", ALWAYS_ASKS),
    "authenticationRequiredOnSetup": Card("3155", ASKS_ONCE),
}
NUMBERS = {
    "4242424242424242": "visa", "5555555555554444": "mastercard", "378282246310005": "amex",
    "4000000000000002": "chargeDeclined", "4000000000009995": "chargeDeclinedInsufficientFunds",
    "4000000000000341": "chargeCustomerFail", "4000002760003184": "authenticationRequired",
    "4000002500003155": "authenticationRequiredOnSetup",
}  # fmt: skip


def of_token(token: str) -> Card | None:
    """The card behind pm_card_visa, tok_visa or a test number."""
    name = NUMBERS.get(token.replace(" ", ""), token.removeprefix("pm_card_").removeprefix("tok_"))
    return CARDS.get(name)


@dataclass(frozen=True)
class Verdict:
    """What the bank says: `code` "" is yes, "authentication_required" asks the owner, others are refusals."""

    code: str = ""
    decline_code: str | None = None
    message: str = ""

    @property
    def paid(self) -> bool:
        """Whether the money comes."""
        return not self.code

    @property
    def asks(self) -> bool:
        """Whether the owner must confirm it at their bank."""
        return self.code == "authentication_required"

    def refusal(self, **beside: Any) -> Refused:
        """The 402 that says it."""
        return declined(self.code, self.decline_code, self.message, **beside)


YES = Verdict()
NO = Verdict("card_declined", "generic_decline", "Your card was declined.")
TOO_LITTLE = Verdict("card_declined", "insufficient_funds", "Your card has insufficient funds.")
ASKS = Verdict(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
NOT_CONFIRMED = Verdict(
    "payment_intent_authentication_failure",
    None,
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
)


def charged(behaviour: str, *, off_session: bool, set_up: bool) -> Verdict:
    """What happens when it is charged. `set_up`: its owner has confirmed once that it may be charged again."""
    match behaviour:
        case "declined":
            return NO
        case "insufficient_funds":
            return TOO_LITTLE
        case "fails_later":
            return NO if off_session else YES
        case "asks":
            return ASKS
        case "asks_once":
            return YES if set_up else ASKS
    return YES


def saved(behaviour: str) -> Verdict:
    """What happens when it is saved without being charged."""
    return {DECLINED: NO, INSUFFICIENT: TOO_LITTLE}.get(behaviour, YES)
