"""The sandbox's pages, as a browser without scripts meets them: paying, failing, giving up, the portal, the console."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import pytest

from tests.billing.sandbox_shop import HOUR, NEW_YEAR, Shop, receiver, shop

FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9"}
LATER = NEW_YEAR + HOUR


class _Stay(HTTPRedirectHandler):
    """Says where a page leads instead of going there."""

    def redirect_request(self, *_answer: Any) -> None:
        """Go nowhere."""


OPENER = build_opener(ProxyHandler({}), _Stay)


@dataclass
class Shown:
    """A page: its status, its text, where it leads."""

    status: int
    text: str
    leads_to: str


def visit(address: str, headers: dict[str, str] | None = None, **form: str) -> Shown:
    """Open a page, or send its form."""
    data = urlencode(form).encode() if form else None
    try:
        answer = OPENER.open(Request(address, data, headers or {}), timeout=10)  # noqa: S310  # the sandbox's
    except HTTPError as other:
        answer = other
    with answer:
        return Shown(answer.status or 0, answer.read().decode(), answer.headers.get("Location", ""))


def press(s: Shop, action: str, **form: str) -> Shown:
    """A button of the console."""
    return visit(f"{s.stripe.url}/", None, action=action, **form)


def test_every_page_says_that_no_money_moves() -> None:
    with shop() as s:
        customer = s.customer()
        s.subscription(customer)
        portal = s.client.v1.billing_portal.sessions.create({"customer": customer})
        invoice = s.client.v1.invoices.list().data[0].hosted_invoice_url
        for address in (s.session().url, portal.url, invoice, f"{s.stripe.url}/"):
            assert "No money moves here" in visit(address).text
            french = visit(address, FRENCH).text
            assert "Aucun argent ne circule ici" in french
            assert '<html lang="fr">' in french
            assert "<script" not in french
            assert "style=" not in french
        assert visit(f"{s.stripe.url}/sandbox.css").status == 200


def test_one_pays_on_the_page() -> None:
    with shop() as s:
        session = s.session()
        page = visit(session.url).text
        assert "€9.00" in page
        assert len(re.findall(r'type="radio"', page)) == 6
        assert visit(session.url, action="pay", card="pm_card_visa").status == 422  # a receipt needs an address
        paid = visit(session.url, action="pay", card="pm_card_visa", email="ada@example.com")
        assert (paid.status, paid.leads_to) == (303, f"https://shop.example/paid?session_id={session.id}")
        now = s.client.v1.checkout.sessions.retrieve(session.id)
        assert (now.status, now.customer_details.email) == ("complete", "ada@example.com")
        assert "paid already" in visit(session.url).text


def test_one_gives_up_and_the_page_stays_open() -> None:
    with shop() as s:
        session = s.session()
        assert visit(session.url, action="back").leads_to == "https://shop.example/back"
        assert s.client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_declined_card_is_said_and_another_one_pays() -> None:
    with shop() as s:
        session = s.session(customer=s.customer(), locale="fr")
        refused = visit(session.url, action="pay", card="pm_card_chargeDeclinedInsufficientFunds")
        assert refused.status == 402
        assert "pas assez approvisionnée" in refused.text
        assert "Votre carte enregistrée" in refused.text
        assert visit(session.url, action="pay", card="pm_card_mastercard").status == 303


@pytest.mark.parametrize(("answer", "status"), [("approve", 303), ("refuse", 402)])
def test_a_bank_asks_on_a_page_of_its_own(answer: str, status: int) -> None:
    with shop() as s:
        session = s.session(s.pro, mode="subscription", customer=s.customer())
        card = "pm_card_authenticationRequiredOnSetup"
        asked = visit(session.url, action="pay", card=card)
        assert "Your bank asks" in asked.text
        assert visit(session.url, action=answer, card=card).status == status
        s.stripe.advance(days=32)
        states = [one.status for one in s.client.v1.subscriptions.list()]
        assert states == (["active"] if answer == "approve" else [])


def test_an_expired_page_says_so() -> None:
    with shop() as s:
        session = s.session(expires_at=LATER)
        s.stripe.advance(hours=1)
        gone = visit(session.url)
        assert (gone.status, "has expired" in gone.text) == (410, True)
        assert visit(session.url, action="pay", card="pm_card_visa", email="a@b.c").status == 410
        assert visit(f"{s.stripe.url}/c/pay/cs_nobody").status == 404


def test_an_open_invoice_is_paid_on_its_page() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        s.stripe.card_does(s.card_of(customer), "declined")
        s.stripe.advance(days=32)
        address = s.client.v1.invoices.list({"status": "open"}).data[0].hosted_invoice_url
        assert visit(address, action="pay", card=s.card_of(customer)).status == 402
        assert visit(address, action="pay", card="pm_card_visa").status == 303
        assert s.again(subscription).status == "active"
        assert "settled" in visit(address).text


def test_the_portal_keeps_cards_and_ends_subscriptions() -> None:
    with shop() as s:
        customer = s.customer()
        subscription = s.subscription(customer)
        asked = {"customer": customer, "return_url": "https://shop.example/billing"}
        address = s.client.v1.billing_portal.sessions.create(asked).url
        assert 'href="https://shop.example/billing"' in visit(address).text
        visit(address, action="cancel", id=subscription.id)
        assert s.again(subscription).cancel_at_period_end
        assert "Ends on 1 February 2026" in visit(address).text
        visit(address, action="resume", id=subscription.id)
        assert not s.again(subscription).cancel_at_period_end
        visit(address, action="add", card="pm_card_mastercard")
        new = s.card_of(customer)
        assert s.client.v1.customers.retrieve(customer).invoice_settings.default_payment_method == new
        visit(address, action="remove", id=new)
        assert len(s.client.v1.customers.payment_methods.list(customer).data) == 1
        assert visit(address, action="add", card="pm_card_chargeDeclined").status == 422
        other = s.card_of(s.customer())
        visit(address, action="remove", id=other)
        assert s.client.v1.payment_methods.retrieve(other).customer  # another's card is not touched


def test_the_portal_leads_back_after_a_card_was_added() -> None:
    with shop() as s:
        flow = {
            "type": "payment_method_update",
            "after_completion": {"type": "redirect", "redirect": {"return_url": "https://shop.example/done"}},
        }
        portal = s.client.v1.billing_portal.sessions.create({"customer": s.customer(), "flow_data": flow})
        assert visit(portal.url, action="add", card="pm_card_mastercard").leads_to == "https://shop.example/done"


def test_the_console_moves_time_and_money() -> None:
    with shop() as s, receiver(s) as there:
        customer = s.customer()
        subscription = s.subscription(customer)
        charge = s.client.v1.charges.list().data[0].id
        assert press(s, "refund", id=charge, amount="12,50").status == 303
        assert s.client.v1.charges.retrieve(charge).amount_refunded == 1250
        assert press(s, "refund", id=charge, amount="much").status == 422
        press(s, "card", id=s.card_of(customer), does="declined")
        press(s, "advance", seconds=str(32 * 24 * HOUR))
        assert s.again(subscription).status == "past_due"
        press(s, "dispute", id=charge)
        dispute = s.client.v1.disputes.list().data[0].id
        press(s, "lost", id=dispute)
        assert s.client.v1.disputes.retrieve(dispute).status == "lost"
        s.stripe.flush()
        arrived = len(there.arrived)
        press(s, "send", id=s.stripe.events()[-1]["id"])
        press(s, "fault", kind="drop", times="1")
        press(s, "pause")
        press(s, "go_on")
        s.client.v1.customers.create({"name": "Never heard of"})
        s.stripe.flush()
        assert len(there.arrived) == arrived + 1
        assert "dropped" in visit(f"{s.stripe.url}/").text


def test_a_page_elsewhere_moves_nothing_here() -> None:
    with shop() as s:
        now = s.stripe.now
        foreign = {"Origin": "https://evil.example"}
        assert visit(f"{s.stripe.url}/", foreign, action="advance", seconds="60").status == 403
        assert s.stripe.now == now


def test_what_people_wrote_is_not_markup() -> None:
    with shop() as s:
        customer = s.customer(name="<b>Ada</b>", email="<i>ada</i>@example.com")
        s.client.v1.products.update(s.product, {"name": "<script>alert(1)</script>"})
        s.subscription(customer)
        portal = s.client.v1.billing_portal.sessions.create({"customer": customer}).url
        for address in (s.session(customer=customer).url, portal, f"{s.stripe.url}/"):
            page = visit(address).text
            assert "<script>" not in page
            assert "<i>ada" not in page
