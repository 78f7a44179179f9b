"""From the front page to five files, by a stranger with a browser."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import road
from tests.browser.conftest import Visits, is_full
from tests.browser.site import Site, wait_for

pytestmark = pytest.mark.xdist_group("browser")


def test_a_stranger_writes_reads_and_downloads_a_book(visit: Visits, site: Site, tmp_path: Path) -> None:
    visitor = visit()
    visitor.go("/")
    road.sign_up(visitor, "ada@example.org", "Ada Ames")
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Ada Ames")
    page.get_by_role("link", name="Start a book").click()
    price_follows(page)
    page.get_by_role("button", name="Write the outline").click()
    road.wait_for_state(page, "awaiting_approval")
    page.get_by_role("link", name="Read and approve the outline").click()
    titles = reshape_outline(page)
    site.model.control.latency(token_ms=10)
    page.get_by_role("button", name="Approve and write").click()
    words_arrive(page)
    road.wait_for_state(page, "completed")
    assert page.locator("[data-kind=chapter] .step-title").all_inner_texts() == titles
    read_with_arrow_keys(page, titles)
    road.ask_for_files(page, road.FORMATS)
    for key in road.FORMATS:
        path = road.fetch(page, key, tmp_path)
        if key == "markdown":
            assert all(title in path.read_text() for title in titles)
        if key in {"epub", "docx"}:
            assert zipfile.ZipFile(path).testzip() is None
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def price_follows(page: Page) -> None:
    """The price is 1 credit for the outline and 1 for each 1 000 words begun, while it is typed."""
    price = page.locator("[data-quote-credits]")
    for chapters, words, credits_shown in [(4, 1000, "5"), (3, 400, "3"), (3, 200, "2")]:
        road.fill_brief(page, "City Bees", chapters=chapters, words=words)
        expect(price).to_have_text(credits_shown)
    expect(page.locator(".cover-title")).to_have_text("City Bees")


def reshape_outline(page: Page) -> list[str]:
    """Change a title, move the last chapter up, add one, remove one; the titles as they are to be written."""
    first, third = (page.locator(road.entry(place, "title")) for place in (0, 2))
    first.fill("Before the First Swarm")
    kept = third.input_value()
    page.get_by_role("button", name="Move chapter 3 up").click()
    expect(page.locator(road.entry(2, "position"))).to_have_value("2")
    page.get_by_role("button", name="Add a chapter").click()
    page.locator(road.entry(3, "title")).fill("Winter, Quietly")
    page.locator(road.entry(1, "remove")).check()
    expect(page.locator("[data-quote-chapters]")).to_have_text("3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-entry]")).to_have_count(3)
    titles = [box.input_value() for box in page.locator("[data-entry] [name$='-title']").all()]
    assert titles == ["Before the First Swarm", kept, "Winter, Quietly"]
    return titles


def words_arrive(page: Page) -> None:
    """A chapter at work grows before the reader's eyes, and the progress moves, without the page being loaded again."""
    page.evaluate("window.isTheSamePage = true")
    text = page.locator(".live-text").first
    expect(page.locator("[data-kind=chapter][data-state=working]").first).to_be_visible()
    expect(text).not_to_be_empty()
    lengths = growing(text, 4)
    expect(page.locator("[data-kind=chapter][data-state=working]").first).to_be_visible()
    assert lengths == sorted(set(lengths))
    begun = page.locator("#run-progress").get_attribute("value")
    expect(page.locator("#run-progress")).not_to_have_attribute("value", begun or "", timeout=20_000)
    assert page.evaluate("window.isTheSamePage")


def growing(text: Locator, samples: int) -> list[int]:
    """The length of a text each time it was seen to have changed. Raises TimeoutError when it stands still."""
    lengths = [len(text.inner_text())]
    while len(lengths) < samples:
        lengths.append(wait_for(lambda: changed(text, lengths[-1]), 10))
    return lengths


def changed(text: Locator, before: int) -> int:
    """The text's length if it is not `before`, else 0."""
    now = len(text.inner_text())
    return now if now != before else 0


def read_with_arrow_keys(page: Page, titles: list[str]) -> None:
    """Every chapter in turn, then the book again."""
    page.get_by_role("link", name="Read", exact=True).click()
    for title in titles:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert len(page.locator(".prose").inner_text().split()) > 100
        expect(page.locator("[data-reading-tools]")).to_be_visible()  # the module that listens to keys is there
        if title != titles[-1]:
            page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[-2])
    page.locator(".reader-back").click()


def test_the_same_without_javascript_in_french(visit: Visits, site: Site, tmp_path: Path) -> None:
    visitor = visit(java_script_enabled=False, locale="fr-FR")
    page = visitor.go("/")
    road.sign_up(visitor, "zoe@example.org", "Zoé Zola")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_contain_text("Zoé Zola")
    road.begin(visitor, "Les abeilles", chapters=2)
    assert page.locator("noscript meta[http-equiv=refresh]").count() or page.locator("#run-approve").count()
    road.wait_for_state(page, "awaiting_approval")
    page.click("#run-approve")
    swap_chapters(page)
    site.model.control.fault("hold", times=2, purpose="section")
    page.click("[name=approve]")
    site.model.control.wait_for_waiting(2)
    road.look_again(page, "[data-kind=chapter][data-state=working]")
    site.model.control.release()
    road.look_again(page, "[data-run-state=completed]")
    page.click("#run-read")
    page.click("a[rel=next]")
    expect(page.locator(".prose")).not_to_be_empty()
    page.click("a.reader-back")
    wanted = list(road.FORMATS) if is_full() else ["html", "markdown"]  # the others take seconds each
    road.ask_for_files(page, wanted)
    for key in wanted:
        road.fetch(page, key, tmp_path)
    page.click("form[action='/accounts/logout/'] button")
    expect(page.locator("a[href='/accounts/login/']")).to_be_visible()


def swap_chapters(page: Page) -> None:
    """Plain number fields put the second chapter first, and a new one is added and taken away."""
    first, second = (page.input_value(road.entry(place, "title")) for place in (0, 1))
    page.click("[name=add]")
    page.fill(road.entry(2, "title"), "Encore un")
    page.check(road.entry(2, "remove"))
    page.fill(road.entry(0, "position"), "2")
    page.fill(road.entry(1, "position"), "1")
    page.click(".actions-bar [name=save]")
    expect(page.locator("[data-entry]")).to_have_count(2)
    assert [page.input_value(road.entry(place, "title")) for place in (0, 1)] == [second, first]
