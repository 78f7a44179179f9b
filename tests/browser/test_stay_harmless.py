"""Script in a title, a brief, a chapter or what the model is told stays text, on every page and in the file."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person

pytestmark = pytest.mark.xdist_group("browser")

SCRIPT = "<script>document.documentElement.dataset.owned=1</script>"
IMAGE = "<img src=x onerror=document.documentElement.dataset.owned=1>"


def assert_harmless(page: Page) -> None:
    """Nothing of it has run, and nothing of it became an element."""
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("data-owned") is None
    assert page.locator("[onerror], [onload], main script, a[href^='javascript:']").count() == 0


@pytest.mark.parametrize("path", ["", "books/", "hostile book", "hostile reader"])
def test_markup_in_a_stored_book_stays_text(visit: Visits, collector: Person, path: str) -> None:
    page = visit(collector).go(collector.books.get(path, path))
    if path != "hostile reader":
        expect(page.get_by_text("<script>document.documentElement").first).to_be_visible()
    assert_harmless(page)


def test_markup_in_a_brief_and_an_outline_stays_text(visit: Visits, author: Person) -> None:
    visitor = visit(author)
    page = visitor.go("books/new/")
    road.fill_brief(page, SCRIPT, chapters=1)
    for field, text in {"topic": IMAGE, "goal": SCRIPT, "subtitle": IMAGE, "byline": SCRIPT}.items():
        page.fill(f"[name={field}]", text)
    assert_harmless(page)
    page.get_by_role("button", name="Write the outline").click()
    road.wait_for_state(page, "awaiting_approval")
    assert_harmless(page)
    page.click("#run-approve")
    page.fill(road.entry(0, "title"), IMAGE)
    page.fill(road.entry(0, "summary"), SCRIPT)
    page.fill(road.entry(0, "points"), f"{IMAGE}\n{SCRIPT}")
    page.click("[name=approve]")
    road.wait_for_state(page, "completed")
    expect(page.locator("[data-kind=chapter] .step-title")).to_have_text(IMAGE)
    assert_harmless(page)
    page.click("#run-read")
    expect(page.get_by_role("heading", level=1)).to_have_text(IMAGE)
    assert_harmless(page)


def test_markup_in_a_book_stays_text_in_its_html_file(visit: Visits, collector: Person, tmp_path: Path) -> None:
    visitor = visit(collector)
    page = visitor.go(collector.books["hostile book"])
    road.ask_for_files(page, ["html"])
    path = road.fetch(page, "html", tmp_path)
    page.goto(path.as_uri())
    expect(page.locator("h1").get_by_text("<script>document.documentElement")).to_be_visible()
    assert_harmless(page)
