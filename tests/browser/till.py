"""What buyers do, as steps with or without JavaScript, in any language; here and on the payment provider's pages."""

import re

from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor

# Places in the list of plans.
STARTER, PRO = 2, 3
SECONDS = 60_000  # milliseconds; a worker has to ask the provider


def choose(visitor: Visitor, place: int) -> Page:
    """From the list of plans to the page of the one at that place."""
    page = visitor.go("billing/plans/")
    page.click(f".plans > .plan:nth-child({place}) a.btn")
    return page


def order(page: Page) -> None:
    """Press the button that obliges, and be led to the provider's page."""
    page.click("form.order button")
    page.wait_for_url("**/c/pay/**", timeout=SECONDS)


def pay(page: Page, card: str = "pm_card_visa") -> None:
    """Pay there with that card."""
    page.check(f"[name=card][value={card}]")
    page.click("button[name=action][value=pay]")


def wait_for_stage(page: Page, stage: str) -> None:
    """Until the page that waits shows it, by itself."""
    expect(page.locator(f"[data-stage={stage}]")).to_be_visible(timeout=SECONDS)


def wait_for_home(visitor: Visitor, selector: str) -> Page:
    """Look at billing again until that stands there."""
    page = visitor.go("billing/")
    for _look in range(120):
        if page.locator(selector).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(selector).first).to_be_visible()
    return page


def confirm(page: Page) -> None:
    """Press the main button of the form in the page, and wait until the provider has done it."""
    page.click("main form .form-actions button")
    wait_for_stage(page, "done")


def fail_renewal(visitor: Visitor) -> None:
    """A month goes by, and the bank refuses what is due."""
    stripe = visitor.site.stripe
    customer = newest_customer(visitor)
    for card in stripe.objects("payment_method"):
        if card["customer"] == customer:
            stripe.card_does(card["id"], "declined")
    stripe.advance(days=32)


def newest_customer(visitor: Visitor) -> str:
    """Whose page was paid last."""
    paid = [one for one in visitor.site.stripe.objects("checkout.session") if one["status"] == "complete"]
    return str(paid[-1]["customer"])


def pay_what_is_due(page: Page) -> None:
    """On the provider's own page: another card, then the open bill."""
    page.wait_for_url("**/p/session/**", timeout=SECONDS)
    page.select_option("#card", "pm_card_visa")
    page.click("button[name=action][value=add]")
    page.locator("a[href^='/i/']").first.click()
    page.wait_for_url(re.compile(r"/i/"))
    if page.locator("button[value=pay]").count():
        page.click("button[value=pay]")
    expect(page.locator("button[value=pay]")).to_have_count(0)
