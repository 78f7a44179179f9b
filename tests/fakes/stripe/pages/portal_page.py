"""A customer's own page: subscriptions, cards, invoices."""

from html import escape

from tests.fakes.stripe import customers, payment_methods, subscription_changes, subscription_states
from tests.fakes.stripe.errors import Refused
from tests.fakes.stripe.pages.invoice_page import STATUSES
from tests.fakes.stripe.pages.layout import BEHAVIOURS, CHOICES, Page, Visit, Voice, alert, framed, leads_to, table
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def answer(world: World, visit: Visit, session: Object) -> Page:
    """Show it, or do what was pressed."""
    voice = Voice(visit.language(session["locale"]))
    if visit.method != "POST":
        return _shown(world, voice, session)
    try:
        _do(world, session["customer"], visit.form)
    except Refused as refused:
        return _shown(world, voice, session, escape(str(refused)), status=422)
    flow = session["flow"] or {}
    done = (flow.get("after_completion") or {}).get("redirect") or {}
    return leads_to(done.get("return_url") or visit.path)


def _do(world: World, customer: str, form: dict[str, str]) -> None:
    named = form.get("id", "")
    match form.get("action"):
        case "cancel" | "resume" as wish if world.get("subscription", named)["customer"] == customer:
            subscription_changes.update(world, {"cancel_at_period_end": wish == "cancel"}, named)
        case "add":
            card = payment_methods.attach(world, {"customer": customer}, form.get("card", ""))
            card["_set_up"] = True
            _make_default(world, customer, card["id"])
        case "default":
            _make_default(world, customer, named)
        case "remove" if world.get("payment_method", named)["customer"] == customer:
            payment_methods.detach(world, {}, named)


def _make_default(world: World, customer: str, card: str) -> None:
    """New payments and running subscriptions use it, as Stripe's own portal does."""
    customers.update(world, {"invoice_settings": {"default_payment_method": card}}, customer)
    for subscription in _running(world, customer):
        if subscription["default_payment_method"]:
            subscription_changes.update(world, {"default_payment_method": card}, subscription["id"])


def _running(world: World, customer: str) -> list[Object]:
    found = world.store.newest("subscription")
    return [one for one in found if one["customer"] == customer and one["status"] not in subscription_states.OVER]


def _shown(world: World, voice: Voice, session: Object, wrong: str = "", *, status: int = 200) -> Page:
    customer = world.get("customer", session["customer"])
    back = session["return_url"]
    leave = (
        f'<p><a href="{escape(back)}">← {voice("Back to {name}", name=world.rules.account_name)}</a></p>'
        if back
        else ""
    )
    body = f"""{leave}
<h1>{voice("Your payments")}</h1>
<p>{escape(customer["email"] or customer["name"] or customer["id"])}</p>
{alert(wrong)}
<section class="card"><h2>{voice("Subscriptions")}</h2>{_subscriptions(world, voice, customer["id"])}</section>
<section class="card"><h2>{voice("Cards")}</h2>{_cards(world, voice, customer)}</section>
<section class="card"><h2>{voice("Invoices")}</h2>{_invoices(world, voice, customer["id"])}</section>"""
    return framed(voice, voice("Your payments"), body, status=status, wide=True)


def _button(action: str, named: str, text: str) -> str:
    return f"""<form method="post"><input type="hidden" name="id" value="{named}">
<button name="action" value="{action}">{text}</button></form>"""


def _subscriptions(world: World, voice: Voice, customer: str) -> str:
    rows = []
    for one in _running(world, customer):
        price = one["items"]["data"][0]["price"]
        name = escape(world.get("product", price["product"])["name"])
        ends = voice.day(subscription_states.period(one)[1])
        leaves = one["cancel_at_period_end"]
        said = voice("Ends on {day}", day=ends) if leaves else voice("Next payment on {day}", day=ends)
        wish = ("resume", voice("Keep it")) if leaves else ("cancel", voice("Cancel at the period's end"))
        sum_ = f"{voice.sum(price['unit_amount'], price['currency'])} {voice.rhythm(price)}"
        rows.append(
            (name, sum_, f"{voice(one['status'])}<br><small>{said}</small>", _button(wish[0], one["id"], wish[1]))
        )
    headings = (voice("Plan"), voice("Price"), voice("State"), voice("What to do"))
    return table(headings, rows, voice("There is no subscription."))


def _cards(world: World, voice: Voice, customer: Object) -> str:
    default = customer["invoice_settings"]["default_payment_method"]
    rows = []
    for one in world.store.newest("payment_method"):
        if one["customer"] != customer["id"]:
            continue
        about = f"{one['card']['brand'].title()} •••• {one['card']['last4']}"
        buttons = [] if one["id"] == default else [_button("default", one["id"], voice("Use by default"))]
        buttons.append(_button("remove", one["id"], voice("Remove")))
        mark = f" <strong>{voice('default')}</strong>" if one["id"] == default else ""
        rows.append((about + mark, voice(BEHAVIOURS[one["_behaviour"]]), f'<div class="row">{"".join(buttons)}</div>'))
    found = table((voice("Card"), voice("What it does"), voice("What to do")), rows, voice("There is no card."))
    options = "".join(
        f'<option value="{token}">{voice(name)} ({digits})</option>' for token, digits, name, _ in CHOICES
    )
    return f"""{found}<form method="post" class="row"><label for="card">{voice("Add a card")}</label>
<select id="card" name="card">{options}</select><button name="action" value="add">{voice("Add")}</button></form>"""


def _invoices(world: World, voice: Voice, customer: str) -> str:
    rows = [
        (
            f'<a href="/i/{one["id"]}">{escape(one["number"] or "–")}</a>',
            voice.day(one["created"]),
            voice.sum(one["total"], one["currency"]),
            voice(STATUSES[one["status"]]),
        )
        for one in world.store.newest("invoice")
        if one["customer"] == customer and one["status"] != "draft"
    ]
    headings = (voice("Invoice"), voice("Date"), voice("Amount"), voice("State"))
    return table(headings, rows, voice("There is no invoice."))
