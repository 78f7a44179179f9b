"""One key does what the list says, never while somebody types, and not for who has switched shortcuts off."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.site import Person

pytestmark = pytest.mark.xdist_group("browser")


def press(page: Page, *keys: str) -> None:
    """One key after another, as fast as a person."""
    for key in keys:
        page.keyboard.press(key)


def test_the_list_opens_and_leads(visit: Visits, collector: Person) -> None:
    page = visit(collector).go("")
    press(page, "?")
    expect(page.locator("#shortcuts")).to_be_visible()
    press(page, "n")  # a dialog is open: nothing happens behind it
    press(page, "Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    press(page, "g", "b")
    page.wait_for_url("**/books/")
    press(page, "g", "h")
    page.wait_for_url(f"**/o/{collector.slug}/")
    press(page, "/")
    page.wait_for_url("**/books/#q")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("g?n/")
    expect(page.locator("#q")).to_have_value("g?n/")
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_books_and_chapters_are_walked(visit: Visits, collector: Person) -> None:
    visitor = visit(collector)
    page = visitor.go("books/")
    press(page, "j", "j", "x")
    expect(page.locator(".shelf-book").nth(1)).to_be_focused()
    expect(page.locator("[name=book]:checked")).to_have_count(1)
    expect(page.locator("[data-chosen]")).to_have_text("1 book chosen")
    press(page, "k", "Enter")
    page.wait_for_url("**/books/*-*/")
    page = visitor.go(collector.books["reader"])
    press(page, "j")
    page.wait_for_url(lambda url: collector.books["reader"] not in url)
    press(page, "k")
    page.wait_for_url(f"**/{collector.books['reader']}*")


def test_who_switches_them_off_has_none(visit: Visits, author: Person) -> None:
    visitor = visit(author)
    page = visitor.go("/me/preferences/")
    page.uncheck("[name=shortcuts]")
    page.click("main form button.btn-primary")
    page = visitor.go("")
    press(page, "g", "b")
    assert page.locator("#shortcuts").count() == 0
    assert page.url.endswith(f"/o/{author.slug}/")
