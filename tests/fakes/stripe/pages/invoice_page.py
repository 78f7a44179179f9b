"""An invoice as Stripe shows it: what it is for, and a way to pay what is due."""

from html import escape

from tests.fakes.stripe import invoices, payment_methods
from tests.fakes.stripe.pages.layout import Page, Visit, Voice, alert, asked_by_bank, choices, framed, leads_to, refusal
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

STATUSES = {
    "draft": "a draft",
    "open": "to be paid",
    "paid": "settled",
    "void": "called off",
    "uncollectible": "given up",
}


def answer(world: World, visit: Visit, invoice: Object) -> Page:
    """Show it, or pay it."""
    voice = Voice(visit.language())
    if visit.method != "POST" or invoice["status"] != "open":
        return _shown(world, voice, invoice)
    card = visit.form.get("card", "")
    method = payment_methods.named(world, card)
    confirmed = {"approve": True, "refuse": False}.get(visit.form.get("action", ""))
    if confirmed is None and payment_methods.asks(method):
        return asked_by_bank(voice, f"/i/{invoice['id']}", card)
    verdict = invoices.collect(world, invoice, method, confirmed=bool(confirmed))
    if verdict.paid:
        return leads_to(f"/i/{invoice['id']}")
    return _shown(world, voice, invoice, refusal(voice, verdict.code, verdict.decline_code), status=402)


def _shown(world: World, voice: Voice, invoice: Object, wrong: str = "", *, status: int = 200) -> Page:
    title = voice("Invoice {number}", number=invoice["number"] or "–")
    rows = "".join(
        f"<li><span>{escape(line['description'])}</span>"
        f"<span>{voice.sum(line['amount'], line['currency'])}</span></li>\n"
        for line in invoice["lines"]["data"]
    )
    due = voice.sum(invoice["amount_remaining"], invoice["currency"])
    pay = f"""<form method="post">{choices(world, voice, invoice["customer"])}
<p class="buttons"><button class="main" name="action" value="pay">{voice("Pay")} {due}</button></p></form>"""
    body = f"""<section class="card"><h1>{title}</h1>{alert(wrong)}
<p>{voice.day(invoice["created"])} · <strong>{voice(STATUSES[invoice["status"]])}</strong></p>
<ul class="bought">{rows}<li class="total"><span>{voice("To be paid")}</span><strong>{due}</strong></li></ul>
{pay if invoice["status"] == "open" else ""}</section>"""
    return framed(voice, title, body, status=status)
