"""The console: what happened, the clock, refunds and disputes, cards that fail, deliveries that go wrong."""

from collections.abc import Callable
from html import escape

from tests.fakes.stripe import actions, amounts
from tests.fakes.stripe.errors import Refused
from tests.fakes.stripe.pages.layout import BEHAVIOURS, Page, Visit, Voice, alert, framed, leads_to, table
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

SHOWN = 30
STEPS = {"an hour": 3600, "a day": 86_400, "a week": 7 * 86_400, "a month": 31 * 86_400}
FAULTS = {
    "duplicate": "arrives twice",
    "reorder": "arrives in another order",
    "delay": "arrives late",
    "drop": "never arrives",
    "lost": "never arrives, and Stripe thinks it did",
    "500": "is refused once",
    "timeout": "arrives, and again",
    "wrong_signature": "is wrongly signed",
    "old_timestamp": "is signed an hour ago",
}


def answer(world: World, visit: Visit) -> Page:
    """Show it, or do what was pressed."""
    voice = Voice(visit.language())
    if visit.method != "POST":
        return _shown(world, voice)
    try:
        _do(world, visit.form)
    except (Refused, ValueError) as error:
        return _shown(world, voice, escape(str(error)), status=422)
    return leads_to(f"/#{visit.form.get('part', '')}")


def _do(world: World, form: dict[str, str]) -> None:
    named = form.get("id", "")
    todo: dict[str, Callable[[], object]] = {
        "advance": lambda: actions.act(world, "advance", {"seconds": int(form["seconds"])}),
        "refund": lambda: actions.act(world, "refund", {"of": named, "amount": _amount(world, named, form)}),
        "dispute": lambda: actions.act(world, "open_dispute", {"of": named}),
        "won": lambda: actions.act(world, "close_dispute", {"dispute": named, "outcome": "won"}),
        "lost": lambda: actions.act(world, "close_dispute", {"dispute": named, "outcome": "lost"}),
        "card": lambda: actions.act(world, "card", {"card": named, "does": form["does"]}),
        "renew": lambda: actions.act(world, "renew_card", {"card": named}),
        "fault": lambda: actions.act(world, "delivery_fault", {"kind": form["kind"], "times": int(form["times"])}),
        "clear": lambda: actions.act(world, "clear_faults", {}),
        "pause": lambda: actions.act(world, "pause", {"paused": True}),
        "go_on": lambda: actions.act(world, "pause", {"paused": False}),
        "send": lambda: world.delivery.again(named),
    }
    order = todo.get(form.get("action", ""))
    if order is None:
        raise ValueError("There is no such button.")
    order()


def _amount(world: World, charge: str, form: dict[str, str]) -> int | None:
    """What was written beside "Refund"; None when nothing was."""
    text = form.get("amount", "").strip()
    return amounts.read(text, world.get("charge", charge)["currency"]) if text else None


def _shown(world: World, voice: Voice, wrong: str = "", *, status: int = 200) -> Page:
    parts = (
        ("clock", "The clock", _clock(world, voice)),
        ("checkouts", "Open checkouts", _checkouts(world, voice)),
        ("payments", "Payments", _payments(world, voice)),
        ("disputes", "Disputes", _disputes(world, voice)),
        ("subscriptions", "Subscriptions", _subscriptions(world, voice)),
        ("cards", "Cards", _cards(world, voice)),
        ("deliveries", "Deliveries", _deliveries(world, voice)),
        ("events", "Events", _events(world, voice)),
    )
    links = "".join(f'<li><a href="#{name}">{voice(title)}</a></li>' for name, title, _body in parts)
    sections = "".join(
        f'<section class="card" id="{name}"><h2>{voice(title)}</h2>{body}</section>\n' for name, title, body in parts
    )
    about = voice("This stands for Stripe. What {name} sells is paid here, with cards that do not exist.",
                  name=world.rules.account_name)  # fmt: skip
    body = f"""<h1>{voice("Payments sandbox")}</h1>
<p>{about}</p>{alert(wrong)}<nav aria-label="{voice("On this page")}"><ul class="links">{links}</ul></nav>
{sections}"""
    return framed(voice, voice("Payments sandbox"), body, status=status, wide=True)


def _form(part: str, action: str, text: str, named: str = "", within: str = "") -> str:
    return f"""<form method="post" action="/" class="row"><input type="hidden" name="part" value="{part}">
<input type="hidden" name="id" value="{named}">{within}<button name="action" value="{action}">{text}</button></form>"""


def _clock(world: World, voice: Voice) -> str:
    steps = "".join(
        _form(
            "clock",
            "advance",
            voice("{step} on", step=voice(step)),
            within=f'<input type="hidden" name="seconds" value="{seconds}">',
        )
        for step, seconds in STEPS.items()
    )
    about = voice("Trials end, plans are renewed and failed payments are tried again as it passes.")
    return f'<p class="now"><strong>{voice.moment(world.now)}</strong></p><p>{about}</p><div class="row">{steps}</div>'


def _checkouts(world: World, voice: Voice) -> str:
    rows = [
        (f'<a href="/c/pay/{one["id"]}">{_short(one["id"])}</a>', _who(world, one["customer"]), _due(voice, one),
         voice.moment(one["expires_at"]))
        for one in world.store.newest("checkout.session") if one["status"] == "open"
    ][:SHOWN]  # fmt: skip
    headings = (voice("Checkout"), voice("Customer"), voice("Amount"), voice("Until"))
    return table(headings, rows, voice("Nobody is about to pay."))


def _due(voice: Voice, session: Object) -> str:
    return voice("a card") if session["mode"] == "setup" else voice.sum(session["amount_total"], session["currency"])


def _payments(world: World, voice: Voice) -> str:
    rows = []
    for one in list(world.store.newest("charge"))[:SHOWN]:
        left = one["amount"] - one["amount_refunded"]
        said = voice("paid") if one["paid"] else voice("refused")
        if one["amount_refunded"]:
            back = voice.sum(one["amount_refunded"], one["currency"])
            said += f"<br><small>{voice('given back: {sum}', sum=back)}</small>"
        said += f"<br><small>{voice('disputed')}</small>" if one["disputed"] else ""
        todo = ""
        if one["paid"] and left and not one["disputed"]:
            field = f"""<input name="amount" inputmode="decimal" size="7" aria-label="{voice("How much")}"
placeholder="{amounts.plain(left, one["currency"])}">"""
            todo = _form("payments", "refund", voice("Refund"), one["id"], field)
            todo += _form("payments", "dispute", voice("Dispute"), one["id"])
        amount = voice.sum(one["amount"], one["currency"])
        rows.append((voice.moment(one["created"]), _who(world, one["customer"]), amount, said, todo))
    headings = (voice("Date"), voice("Customer"), voice("Amount"), voice("State"), voice("What to do"))
    return table(headings, rows, voice("Nobody has paid yet."))


def _disputes(world: World, voice: Voice) -> str:
    rows = []
    for one in list(world.store.newest("dispute"))[:SHOWN]:
        todo = ""
        if one["status"] not in {"won", "lost"}:
            todo = _form("disputes", "won", voice("Won"), one["id"]) + _form(
                "disputes", "lost", voice("Lost"), one["id"]
            )
        state = voice({"won": "won", "lost": "lost"}.get(one["status"], "open"))
        rows.append((voice.moment(one["created"]), voice.sum(one["amount"], one["currency"]), state, todo))
    headings = (voice("Date"), voice("Amount"), voice("State"), voice("What to do"))
    return table(headings, rows, voice("Nobody disputes a payment."))


def _subscriptions(world: World, voice: Voice) -> str:
    rows = []
    for one in list(world.store.newest("subscription"))[:SHOWN]:
        item = one["items"]["data"][0]
        price = item["price"]
        rows.append((
            _who(world, one["customer"]),
            escape(world.get("product", price["product"])["name"]),
            f"{voice.sum(price['unit_amount'], price['currency'])} {voice.rhythm(price)}",
            voice(one["status"]),
            voice.day(item["current_period_end"]),
        ))  # fmt: skip
    headings = (voice("Customer"), voice("Plan"), voice("Price"), voice("State"), voice("Until"))
    return table(headings, rows, voice("There is no subscription."))


def _cards(world: World, voice: Voice) -> str:
    rows = []
    for one in [card for card in world.store.newest("payment_method") if card["customer"]][:SHOWN]:
        options = "".join(
            f'<option value="{name}"{" selected" if name == one["_behaviour"] else ""}>{voice(about)}</option>'
            for name, about in BEHAVIOURS.items()
        )
        field = f'<select name="does" aria-label="{voice("What it does")}">{options}</select>'
        rows.append((
            f"{one['card']['brand'].title()} •••• {one['card']['last4']}",
            _who(world, one["customer"]),
            _form("cards", "card", voice("Set"), one["id"], field),
            _form("cards", "renew", voice("The bank sends a new one"), one["id"]),
        ))  # fmt: skip
    headings = (voice("Card"), voice("Customer"), voice("What it does"), voice("What to do"))
    return table(headings, rows, voice("There is no card."))


def _deliveries(world: World, voice: Voice) -> str:
    options = "".join(f'<option value="{name}">{voice(about)}</option>' for name, about in FAULTS.items())
    field = f"""<label for="kind">{voice("The next event")}</label><select id="kind" name="kind">{options}</select>
<label for="times">{voice("how many times")}</label><input id="times" name="times" type="number"
value="1" min="1" max="99">"""
    endpoints = "".join(f"<li>{escape(one['url'])}</li>" for one in world.store.all("webhook_endpoint"))
    paused = world.delivery.paused
    pause = (
        _form("deliveries", "go_on", voice("Send again")) if paused else _form("deliveries", "pause", voice("Hold all"))
    )
    state = f"<p><strong>{voice('Nothing is sent.')}</strong></p>" if paused else ""
    return f"""<p>{voice("Events are sent to:")}</p><ul>{endpoints or f"<li>{voice('nobody')}</li>"}</ul>{state}
{_form("deliveries", "fault", voice("Spoil it"), within=field)}
<div class="row">{_form("deliveries", "clear", voice("Let everything go well"))}{pause}</div>"""


def _events(world: World, voice: Voice) -> str:
    rows = []
    for one in list(world.store.newest("event"))[:SHOWN]:
        parcels = world.delivery.parcels(one["id"])
        said = "<br>".join(_attempts(voice, parcel.state, [a.status for a in parcel.attempts]) for parcel in parcels)
        rows.append((voice.moment(one["created"]), f"<code>{one['type']}</code>", said or voice("nobody asked for it"),
                     _form("events", "send", voice("Send again"), one["id"])))  # fmt: skip
    headings = (voice("Date"), voice("Event"), voice("Answers"), voice("What to do"))
    return table(headings, rows, voice("Nothing has happened yet."))


def _attempts(voice: Voice, state: str, statuses: list[int]) -> str:
    answers = ", ".join(str(status or "–") for status in statuses)
    return f"{voice(state)}{f' ({answers})' if answers else ''}"


def _who(world: World, customer: str | None) -> str:
    found = world.store.find(customer, "customer")
    return escape(found["email"] or found["name"] or found["id"]) if found else "–"


def _short(identifier: str) -> str:
    return escape(f"{identifier[:14]}…")
