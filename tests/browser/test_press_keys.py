"""Everything a book needs is done with the keyboard alone, and one sees where one is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person

pytestmark = pytest.mark.xdist_group("browser")

SHOWS_FOCUS = """() => {
  const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(document.activeElement);
  return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
}"""


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until the focus is there; every stop on the way is visible."""
    for _stop in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{most} times Tab did not lead to {selector}")


def type_into(page: Page, selector: str, text: str) -> None:
    """Go to a field and fill it by typing."""
    tab_to(page, selector)
    page.keyboard.type(text)


def test_the_first_tab_leads_past_the_navigation(visit: Visits, author: Person) -> None:
    page = visit(author).go("")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#main') !== null")


def test_a_book_is_begun_and_approved_by_keyboard_alone(visit: Visits, author: Person) -> None:
    page = visit().go("/accounts/login/")
    type_into(page, "[name=login]", author.email)
    type_into(page, "[name=password]", author.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/o/**")
    tab_to(page, "main a[href$='/books/new/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/books/new/")
    type_into(page, "[name=title]", "Typed Bees")
    type_into(page, "[name=topic]", "Bees, by hand")
    tab_to(page, "[name=chapter_count]")
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    tab_to(page, "[name=words_per_chapter]")
    page.keyboard.press("Control+A")
    page.keyboard.type("200")
    tab_to(page, "[name=palette]")
    page.keyboard.press("ArrowRight")
    tab_to(page, "form button.btn-primary")
    page.keyboard.press("Enter")
    road.wait_for_state(page, "awaiting_approval")
    tab_to(page, "#run-approve")
    page.keyboard.press("Enter")
    page.wait_for_url("**/outline/")
    tab_to(page, "[data-move=down]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-outline-status]")).to_have_text("Chapter moved to place 2.")
    tab_to(page, "[name=approve]")
    page.keyboard.press("Space")
    road.wait_for_state(page, "completed")
    expect(page.locator(".cover-forest")).to_be_visible()
