"""The page where one pays, fails or gives up."""

from html import escape

from tests.fakes.stripe import checkout
from tests.fakes.stripe.pages.layout import Page, Visit, Voice, alert, asked_by_bank, choices, framed, leads_to, refusal
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def answer(world: World, visit: Visit, session: Object) -> Page:
    """Show it, or do what was pressed."""
    voice = Voice(visit.language(session["locale"]))
    if visit.method == "POST" and visit.form.get("action") == "back":
        return leads_to(checkout.give_up_url(session))
    if session["status"] != "open":
        return _over(voice, session)
    if visit.method != "POST":
        return _open(world, voice, session)
    return _pressed(world, voice, session, visit)


def _pressed(world: World, voice: Voice, session: Object, visit: Visit) -> Page:
    form = visit.form
    card, email = form.get("card", ""), form.get("email", "").strip()
    if not session["customer"] and not session["customer_email"] and "@" not in email:
        return _open(world, voice, session, voice("Write your e-mail address: the receipt goes there."), status=422)
    confirmed = {"approve": True, "refuse": False}.get(form.get("action", ""))
    verdict = checkout.submit(world, session, card, confirmed=confirmed, email=email)
    if verdict.paid:
        return leads_to(checkout.success_url(session))
    if verdict.asks:
        return asked_by_bank(voice, f"/c/pay/{session['id']}", card, email)
    return _open(world, voice, session, refusal(voice, verdict.code, verdict.decline_code), email, status=402)


def _open(world: World, voice: Voice, session: Object, wrong: str = "", email: str = "", *, status: int = 200) -> Page:
    setup = session["mode"] == "setup"
    title = voice("Save a card") if setup else voice("Pay {name}", name=world.rules.account_name)
    pay = voice("Save this card") if setup else voice("Pay")
    if not setup and session["amount_total"]:
        pay = f"{pay} {voice.sum(session['amount_total'], session['currency'])}"
    elif not setup:
        pay = voice("Begin the trial")
    ask = "" if session["customer"] or session["customer_email"] else _email(voice, email)
    back = voice("Give up and go back")
    body = f"""<section class="card">
<h1>{title}</h1>
{alert(wrong)}
{"" if setup else _bought(voice, session)}
<form method="post">
{ask}
{choices(world, voice, session["customer"], slow=session["mode"] == "payment")}
<p class="buttons"><button class="main" name="action" value="pay">{pay}</button>
<button name="action" value="back" formnovalidate>{back}</button></p>
</form>
</section>"""
    return framed(voice, title, body, status=status)


def _email(voice: Voice, email: str) -> str:
    return f"""<p class="field"><label for="email">{voice("E-mail")}</label>
<input id="email" name="email" type="email" autocomplete="email" required value="{escape(email)}"></p>"""


def _bought(voice: Voice, session: Object) -> str:
    rows = "".join(
        f"""<li><span>{escape(line["description"])}{f" × {line['quantity']}" if line["quantity"] != 1 else ""}</span>
<span>{voice.sum(line["amount_total"], line["currency"])} {voice.rhythm(line["price"])}</span></li>
"""
        for line in session["_line_items"]["data"]
    )
    due = voice.sum(session["amount_total"], session["currency"])
    return f"""<ul class="bought">{rows}<li class="total"><span>{voice("Due today")}</span>
<strong>{due}</strong></li></ul>"""


def _over(voice: Voice, session: Object) -> Page:
    paid = session["status"] == "complete"
    said = voice("This is paid already.") if paid else voice("This page has expired: nothing was paid.")
    address = checkout.success_url(session) if paid else checkout.give_up_url(session)
    body = f"""<section class="card"><h1>{said}</h1>
<p><a class="main" href="{escape(address)}">{voice("Go back")}</a></p></section>"""
    return framed(voice, said, body, status=200 if paid else 410)
