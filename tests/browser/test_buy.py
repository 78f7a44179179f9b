"""Buying with a browser: a plan through all its turns, credits, a book written with them, money that comes back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import road, till
from tests.browser.conftest import Visits
from tests.browser.site import Person, Site
from tests.browser.test_read_by_all import assert_readable
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
LOOKS = {"en": (1360, 2_000), "fr": (390, 1_800)}  # width; what two packs cost in the currency that is guessed


@pytest.mark.parametrize("language", LOOKS)
def test_a_plan_is_bought_changed_lost_and_won_back(visit: Visits, site: Site, author: Person, language: str) -> None:
    visitor = visit(author, locale=language, viewport={"width": LOOKS[language][0], "height": 900})
    subscribe(visitor)
    upgrade(visitor)
    renewal_fails_and_is_made_up_for(visitor)
    end_and_keep(visitor)


@pytest.mark.parametrize("language", LOOKS)
def test_credits_are_bought_and_a_book_is_written_with_them(
    visit: Visits, site: Site, author: Person, language: str
) -> None:
    width, cost = LOOKS[language]
    visitor = visit(author, locale=language, viewport={"width": width, "height": 900})
    before = credits_of(visitor)
    buy_credits(visitor)
    assert credits_of(visitor) == before + 100
    road.begin(visitor, "Bees Paid For", chapters=1)
    road.wait_for_state(visitor.page, "awaiting_approval")
    road.approve(visitor.page)
    road.wait_for_state(visitor.page, "completed")
    assert credits_of(visitor) == before + 100 - 2
    assert_readable(visitor.page)
    assert site.plant("tests.browser.paying_back", author.slug) == cost
    page = visitor.go("billing/payments/")
    road.look_again(page, ".payments .payment-note")
    assert_readable(page)
    assert credits_of(visitor) == before - 2


def test_a_plan_and_credits_are_bought_without_javascript(visit: Visits, author: Person) -> None:
    visitor = visit(author, java_script_enabled=False)
    visitor.tolerated += ["402"]  # what the provider answers when a card is declined
    page = till.choose(visitor, till.STARTER)
    till.order(page)
    till.pay(page, "pm_card_chargeDeclined")
    expect(page.locator("[role=alert]")).to_be_visible()
    till.pay(page)
    till.wait_for_stage(page, "paid")
    visitor.go("billing/cancel/")
    till.confirm(page)
    visitor.go("billing/resume/")
    till.confirm(page)
    buy = visitor.go("billing/credits/")
    buy.click("a[href*='/billing/checkout/']")
    till.order(page)
    page.click("button[name=action][value=back]")
    expect(page.locator("[data-stage=open]")).to_be_visible()
    page.click("#waiting a.btn-primary")
    till.pay(page)
    till.wait_for_stage(page, "paid")


def subscribe(visitor: Visitor) -> None:
    """From the plans over the provider's page to a plan that is paid."""
    assert_readable(visitor.go("billing/"))
    assert_readable(visitor.go("billing/plans/"))
    page = till.choose(visitor, till.STARTER)
    assert_readable(page)
    till.order(page)
    assert_readable(page)
    till.pay(page)
    till.wait_for_stage(page, "paid")
    assert_readable(page)
    page.click("#waiting a.btn-primary")
    expect(page.locator(".plan-name")).to_have_text("Starter")


def upgrade(visitor: Visitor) -> None:
    """To a larger plan, at the price that was shown."""
    page = till.choose(visitor, till.PRO)
    assert_readable(page)
    page.click("main form .form-actions button")
    till.wait_for_stage(page, "done")
    expect(page.locator(".price-line")).to_be_visible()
    assert_readable(page)
    page.click("#waiting form button.btn-primary")
    page.wait_for_load_state()
    till.wait_for_stage(page, "done")
    expect(page.locator(".price-line")).to_have_count(0)
    assert_readable(page)
    expect(till.wait_for_home(visitor, ".plan-name").locator(".plan-name")).to_have_text("Pro")


def renewal_fails_and_is_made_up_for(visitor: Visitor) -> None:
    """A month later the bank refuses; the page says until when, and leads to where it is paid."""
    till.fail_renewal(visitor)
    page = till.wait_for_home(visitor, ".warned form[action$='/billing/portal/']")
    assert_readable(page)
    page.click(".warned form[action$='/billing/portal/'] button")
    till.pay_what_is_due(page)
    page = till.wait_for_home(visitor, ".stack:not(:has(.warned)) .plan-name")
    assert_readable(page)


def end_and_keep(visitor: Visitor) -> None:
    """The plan is to end, and goes on after all."""
    for path in ("billing/cancel/", "billing/resume/"):
        page = visitor.go(path)
        assert_readable(page)
        till.confirm(page)
        assert_readable(page)


def buy_credits(visitor: Visitor) -> None:
    """Two packs."""
    page = visitor.go("billing/credits/")
    assert_readable(page)
    page.click("a[href*='/billing/checkout/']")
    page.fill("#quantity", "2")
    page.click("form.quantity button")
    assert_readable(page)
    till.order(page)
    till.pay(page, "pm_card_authenticationRequiredOnSetup")
    page.click("button[value=approve]")
    till.wait_for_stage(page, "paid")
    assert_readable(page)


def credits_of(visitor: Visitor) -> int:
    """What they have to spend, as the page of credits says."""
    page: Page = visitor.go("billing/credits/")
    return int("".join(one for one in page.locator(".balance .price-line b").inner_text() if one.isdigit()))
