"""`python -m tests.browser.screenshots FOLDER`: the pictures of the documentation, taken from a real site."""

import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import road
from tests.browser.conftest import CHROMIUM_OPTIONS
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.fakes.llm import FakeLanguageModel
from tests.fakes.stripe import sandbox

SHELF = {"The Quiet Kitchen": "forest", "Small Engines, Big Rivers": "ink", "Letters from the Salt Road": "ochre"}
SIZE = {"width": 1360, "height": 850}
CARD = {"width": 1200, "height": 630}
GROWN = 900  # characters of a chapter that make a good picture


def main() -> None:
    """Start the site, take every picture, stop the site."""
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        model, stripe = stack.enter_context(FakeLanguageModel()), stack.enter_context(sandbox())
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        site = Site(state, model, stripe)
        try:
            site.start(people=1)
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS)
            take(browser, site, folder)
            browser.close()
        finally:
            site.stop()


def take(browser: Browser, site: Site, folder: Path) -> None:
    """The road once more, with a camera."""
    visitor = Visitor(browser, site, viewport=SIZE, color_scheme="light", device_scale_factor=1.5)
    page = visitor.go("/")
    page.screenshot(path=folder / "front.png")
    card(browser, site, folder.parent.parent / "static" / "img" / "card.png")
    studio(browser, site, folder / "studio.png")
    visitor.go("/pricing/").screenshot(path=folder / "pricing.png")
    visitor.go("/")
    road.sign_up(visitor, "ada@example.org", "Ada Ames")
    for title, palette in SHELF.items():
        begin(visitor, title, palette, approves_itself=True)
        road.wait_for_state(page, "completed")
    begin(visitor, "Bees on City Roofs", "garnet", chapters=4, words=800)
    road.wait_for_state(page, "awaiting_approval")
    page.click("#run-approve")
    page.wait_for_url("**/outline/")
    page.screenshot(path=folder / "outline.png")
    site.model.control.latency(token_ms=12)
    page.click("[name=approve]")
    wait_for_words(page)
    page.screenshot(path=folder / "run.png")
    site.model.control.latency(token_ms=0)
    begin(visitor, "A Year of Slow Bread", "plum")
    road.wait_for_state(page, "awaiting_approval")
    visitor.go(f"/o/{road.slug(visitor)}/").screenshot(path=folder / "home.png")
    visitor.go(f"/o/{road.slug(visitor)}/books/").screenshot(path=folder / "list.png")
    page.click(".shelf-book:has-text('The Quiet Kitchen')")
    page.wait_for_load_state()
    page.screenshot(path=folder / "book.png")
    visitor.go(f"/o/{road.slug(visitor)}/activity/").screenshot(path=folder / "activity.png")
    visitor.go("/me/security/").screenshot(path=folder / "security.png")


def card(browser: Browser, site: Site, path: Path) -> None:
    """What messengers show of the front page: its head, in the size they all take."""
    visitor = Visitor(browser, site, viewport=CARD, color_scheme="light")
    visitor.go("/").screenshot(path=path)
    visitor.leave()


def studio(browser: Browser, site: Site, path: Path) -> None:
    """A planted chapter being edited, its suggestions beside it."""
    visitor = Visitor(browser, site, site.people[0], viewport=SIZE, color_scheme="light", device_scale_factor=1.5)
    page = visitor.go(site.people[0].books["studio with notes"])
    page.locator("[data-drawer=studio-aside]").click()
    page.locator(".studio-tabs [data-panel=suggestions]").click()
    expect(page.locator("#panel .change").first).to_be_visible()
    page.screenshot(path=path)
    visitor.leave()


def begin(visitor: Visitor, title: str, palette: str, *, chapters: int = 3, words: int = 300, **options: bool) -> None:
    """Begin a book with a cover of that colour."""
    page = visitor.go(f"/o/{road.slug(visitor)}/books/new/")
    road.fill_brief(page, title, chapters=chapters, words=words)
    page.check(f"[name=palette][value={palette}]")
    page.set_checked("[name=approves_itself]", options.get("approves_itself", False))
    page.get_by_role("button", name="Write the outline").click()
    page.wait_for_url("**/runs/*/")


def wait_for_words(page: Page) -> None:
    """Until a chapter has grown to a good length before the reader's eyes."""
    expect(page.locator(".live-text").first).not_to_be_empty(timeout=30_000)
    page.wait_for_function(
        "least => document.querySelector('.live-text').textContent.length > least", arg=GROWN, timeout=60_000
    )


if __name__ == "__main__":
    main()
