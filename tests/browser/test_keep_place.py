"""The reader finds again where one stopped: to the paragraph with scripts, to the chapter without; and many files."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.site import Person, wait_for

pytestmark = pytest.mark.xdist_group("browser")

# Which block of the chapter stands at the top of the screen, right below the bar.
TOP = """() => {
  const edge = document.querySelector(".reader-bar").getBoundingClientRect().bottom + 1;
  return [...document.querySelector(".prose").children].findIndex((one) => one.getBoundingClientRect().bottom > edge);
}"""


def scroll_to(page: Page, paragraph: int) -> None:
    """Bring a block of the chapter to the top of the screen."""
    page.evaluate(
        """index => {
          const bar = document.querySelector(".reader-bar").getBoundingClientRect().bottom;
          scrollBy(0, document.querySelector(".prose").children[index].getBoundingClientRect().top - bar);
        }""",
        paragraph,
    )


@pytest.mark.parametrize("width", [1360, 390])
def test_a_reader_goes_on_at_the_paragraph_where_they_stopped(visit: Visits, collector: Person, width: int) -> None:
    # Low enough that the chapter, short as it is, can be scrolled.
    visitor = visit(collector, viewport={"width": width, "height": 260})
    page = visitor.go(collector.books["reader"])
    with page.expect_response(lambda answer: answer.url.endswith("/place/")) as saved:
        scroll_to(page, 2)
    assert saved.value.status == 204
    page = visitor.go(collector.books["book"])
    page.get_by_role("link", name="Continue reading at chapter 2").click()
    page.wait_for_url("**/chapters/**")
    assert page.evaluate(TOP) == 2
    visitor.go(collector.books["book"]).get_by_role("link", name="Start over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The First Hive")


def test_without_scripts_a_button_remembers_the_chapter(visit: Visits, collector: Person) -> None:
    visitor = visit(collector, java_script_enabled=False)
    page = visitor.go(collector.books["book with files"])
    page.locator(".contents a").first.click()
    page.get_by_role("button", name="I stop here").click()
    expect(page.get_by_role("status")).to_contain_text("You stopped in chapter 1")
    expect(page.get_by_role("link", name="Continue reading at chapter 1")).to_be_visible()


def test_how_much_lies_behind_grows_while_one_reads(visit: Visits, collector: Person) -> None:
    page = visit(collector, viewport={"width": 1360, "height": 260}).go(collector.books["reader"])
    progress = page.locator(".reader-progress")
    before = progress.evaluate("bar => bar.value")
    scroll_to(page, 5)
    wait_for(lambda: progress.evaluate("bar => bar.value") > before)


def test_what_was_chosen_for_reading_is_kept_on_this_device(visit: Visits, collector: Person) -> None:
    visitor = visit(collector)
    page = visitor.go(collector.books["reader"])
    page.click("[data-reading-tools] summary")
    for choice, value in {"paper": "sepia", "face": "plain", "lines": "wide"}.items():
        page.click(f"[data-choice={choice}][value={value}]")
    page.reload()
    root = page.locator("html")
    for name, value in {"reading": "sepia", "face": "plain", "lines": "wide"}.items():
        expect(root).to_have_attribute(f"data-{name}", value)
    page.click("[data-reading-tools] summary")
    expect(page.locator("[data-choice=paper][value=sepia]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator("[data-reading-tools] summary")).to_be_focused()


def test_a_note_is_shown_and_leads_back(visit: Visits, collector: Person) -> None:
    page = visit(collector).go(collector.books["reader"])
    page.click(".footnote-ref a")
    expect(page.locator(".footnotes :target")).to_be_in_viewport()
    page.click(".footnote-backref")
    expect(page.locator(".prose > p :target")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_several_files_come_in_one_zip(visit: Visits, collector: Person, tmp_path: Path, scripts: bool) -> None:
    page = visit(collector, java_script_enabled=scripts).go(collector.books["book"])
    page.click("a[href*='/bundles/new/']")
    for key in ("pdf", "epub"):
        page.uncheck(f"[name=file][value={key}]")
    page.check("[name=file][value=markdown]")
    followed: list[str] = []
    page.on("request", lambda request: followed.append(request.url) if "/events/" in request.url else None)
    page.click("main form button.btn-primary")
    page.wait_for_url("**/bundles/*-*/")
    expect(page.locator("#bundle-download")).to_be_visible(timeout=90_000)  # by itself: it follows along
    assert scripts or not followed  # a file may be there before the page is, and nothing left to follow
    with page.expect_download() as download:
        page.click("#bundle-download")
    download.value.save_as(tmp_path / "files.zip")
    with zipfile.ZipFile(tmp_path / "files.zip") as files:
        assert files.namelist() == ["bees-on-city-roofs.docx", "bees-on-city-roofs.md"]
