"""What was put away by mistake is taken back with one click on the notice, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person

pytestmark = pytest.mark.xdist_group("browser")


def throw_from_list(page: Page) -> None:
    """Choose the first book and move it to the trash."""
    page.check("[name=book] >> nth=0")
    page.click("button[value=trash]")


def throw_from_menu(page: Page) -> None:
    """The same from the book's own page."""
    page.click(".shelf-book >> nth=0")
    page.click(".menu > summary")
    page.click("button[value=trash]")


def test_undo_brings_a_book_back(visit: Visits, author: Person) -> None:
    visitor = visit(author)
    road.begin(visitor, "Short Lived", chapters=1)
    road.wait_for_state(visitor.page, "awaiting_approval")
    page = visitor.go("books/")
    throw_from_list(page)
    expect(page.locator(".notice-error")).to_contain_text("Short Lived")  # it is still being written
    page.click(".shelf-book >> nth=0")
    page.click("a[href*='/runs/'] >> nth=0")
    page.click("#run-cancel")
    page.click("#cancel-run .btn-danger")
    road.wait_for_state(page, "cancelled")
    for script, throw in ((True, throw_from_list), (False, throw_from_menu)):
        again = visit(author, java_script_enabled=script)
        page = again.go("books/")
        throw(page)
        expect(page.locator(".shelf-book")).to_have_count(0)
        page.click(".notice button")
        expect(page.locator(".shelf-book")).to_have_count(1)
