"""The frame of every page: its language, its warning that no money moves, its parts that several pages have."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl

from tests.fakes.stripe import amounts
from tests.fakes.stripe.cards import ALWAYS_ASKS, ASKS_ONCE, DECLINED, GOOD, INSUFFICIENT, LATER
from tests.fakes.stripe.pages.words import DATES, FRENCH
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

STYLE = Path(__file__).with_name("sandbox.css")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
}
# What is offered to pay with, in this order: token, last digits, what it does, what that means.
CHOICES = (
    ("pm_card_visa", "4242", "A card that pays", "Now and at every renewal."),
    ("pm_card_chargeDeclined", "0002", "A card that is declined", "The bank says no."),
    ("pm_card_chargeDeclinedInsufficientFunds", "9995", "A card without enough money", "The bank says no, and why."),
    ("pm_card_chargeCustomerFail", "0341", "A card that fails at renewal", "It pays today and never again."),
    ("pm_card_authenticationRequiredOnSetup", "3155", "A card whose bank asks you", "You confirm on its page."),
)
SLOW = (("pm_sepa_debit", "3000", "A bank account", "The money comes three days later."),)
BEHAVIOURS = {
    GOOD: "pays",
    DECLINED: "is declined",
    INSUFFICIENT: "has not enough money",
    LATER: "fails at renewal",
    ALWAYS_ASKS: "asks its owner each time",
    ASKS_ONCE: "asks its owner once",
}


@dataclass(frozen=True)
class Visit:
    """A browser's request; header names as they are usually written."""

    method: str
    path: str
    query: str
    body: str
    headers: dict[str, str]

    @property
    def form(self) -> dict[str, str]:
        """What was filled in."""
        return dict(parse_qsl(self.body, keep_blank_values=True))

    def language(self, wanted: str | None = None) -> str:
        """fr or en: what the session wants, else what the browser prefers."""
        preferred = wanted if wanted and wanted != "auto" else self.headers.get("Accept-Language", "")
        return "fr" if preferred.lower().startswith("fr") else "en"


@dataclass
class Page:
    """What a browser is answered."""

    status: int
    body: str
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))


@dataclass(frozen=True)
class Voice:
    """How things are said in one language; what it returns is safe within HTML."""

    language: str

    def __call__(self, text: str, **values: object) -> str:
        """The sentence, translated, with its values in place."""
        said = FRENCH[text] if self.language == "fr" else text
        return escape(said.format(**values)) if values else escape(said)

    def sum(self, amount: int, currency: str) -> str:
        """An amount for people."""
        return escape(amounts.written(amount, currency, french=self.language == "fr"))

    def day(self, moment: int) -> str:
        """A date for people."""
        found = datetime.fromtimestamp(moment, UTC)
        if self.language == "fr":
            return f"{'1er' if found.day == 1 else found.day} {DATES[found.month - 1]} {found.year}"
        return f"{found:%-d %B %Y}"

    def moment(self, moment: int) -> str:
        """A date and a time, UTC."""
        return f"{self.day(moment)}, {datetime.fromtimestamp(moment, UTC):%H:%M:%S} UTC"

    def rhythm(self, price: Object) -> str:
        """per month, every 3 months… or nothing for what is sold once."""
        recurring = price["recurring"]
        if not recurring:
            return ""
        if recurring["interval_count"] == 1:
            return self(f"per {recurring['interval']}")
        return self("every {n} " + recurring["interval"] + "s", n=recurring["interval_count"])


def framed(voice: Voice, title: str, body: str, *, status: int = 200, wide: bool = False) -> Page:
    """The whole page; `title` and `body` are HTML."""
    text = f"""<!doctype html>
<html lang="{voice.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – {voice("Sandbox")}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox.css">
</head>
<body>
<header class="banner"><strong>{voice("Sandbox")}</strong>
{voice("No money moves here. Never type a real card number.")}</header>
<main{' class="wide"' if wide else ""}>
{body}
</main>
</body>
</html>
"""
    return Page(status, text)


def leads_to(address: str) -> Page:
    """The browser goes there."""
    return Page(303, "", headers={**HEADERS, "Location": address})


def notice(visit: Visit, status: int, said: str) -> Page:
    """A page with one sentence."""
    voice = Voice(visit.language())
    text = voice(said) if said in FRENCH else escape(said)
    return framed(voice, voice("Sandbox"), f'<section class="card"><h1>{text}</h1></section>', status=status)


def alert(text: str) -> str:
    """What went wrong, at the top of a form."""
    return f'<p class="alert" role="alert">{text}</p>' if text else ""


def choices(world: World, voice: Voice, customer: str | None, *, slow: bool = False) -> str:
    """The cards to choose from: those saved, then one of each sort, and a bank account where `slow` money will do."""
    saved = [one for one in world.store.newest("payment_method") if customer and one["customer"] == customer]
    rows = [
        (one["id"], one["card"]["last4"], voice("Your saved card"), voice(BEHAVIOURS[one["_behaviour"]]))
        for one in saved
    ]
    rows += [(token, digits, voice(name), voice(about)) for token, digits, name, about in CHOICES + SLOW * slow]
    options = "".join(
        f"""<label class="choice"><input type="radio" name="card" value="{token}"{" checked" if not position else ""}>
<span><strong>{name}</strong> <span class="digits">•••• {digits}</span><br><small>{about}</small></span></label>
"""
        for position, (token, digits, name, about) in enumerate(rows)
    )
    return f"<fieldset><legend>{voice('Pay with')}</legend>{options}</fieldset>"


def asked_by_bank(voice: Voice, back: str, card: str, email: str = "") -> Page:
    """The bank's page: is it you?"""
    body = f"""<section class="card">
<h1>{voice("Your bank asks: is it you?")}</h1>
<p>{voice("This page stands for your bank's. Approve to pay, refuse to see the payment fail.")}</p>
<form method="post" action="{back}">
<input type="hidden" name="card" value="{escape(card)}"><input type="hidden" name="email" value="{escape(email)}">
<p class="buttons"><button class="main" name="action" value="approve">{voice("Approve")}</button>
<button name="action" value="refuse">{voice("Refuse")}</button></p>
</form></section>"""
    return framed(voice, voice("Your bank asks: is it you?"), body)


def refusal(voice: Voice, code: str, decline_code: str | None) -> str:
    """Why the bank said no, for people."""
    if decline_code == "insufficient_funds":
        return voice("There is not enough money on this card. Choose another one.")
    if code == "payment_intent_authentication_failure":
        return voice("You refused at your bank: nothing was paid. Choose another card, or try again.")
    return voice("Your card was declined. Choose another one.")


def table(headings: Iterable[str], rows: Iterable[Iterable[str]], empty: str) -> str:
    """Rows of HTML cells, or a sentence when there are none."""
    names = list(headings)
    body = "".join(f"<tr>{_cells(names, row)}</tr>\n" for row in rows)
    if not body:
        return f'<p class="empty">{empty}</p>'
    head = "".join(f'<th scope="col">{one}</th>' for one in names)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(names: Iterable[str], row: Iterable[str]) -> str:
    """Each cell knows its column's name, which stands beside it on a phone; what is in it is one child."""
    return "".join(
        f'<td data-name="{name}"><div>{cell}</div></td>' if cell else "<td></td>"
        for name, cell in zip(names, row, strict=True)
    )
