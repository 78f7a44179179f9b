"""The page of a run follows it whatever becomes of its event stream, and its words are the chapter's."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person, Site
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

WORD = re.compile(r"[^\W\d_]+")
FOOTNOTE = re.compile(r"^\[\^\w+\]:.*$", re.MULTILINE)  # stands apart in the reader
WATCH = """() => {
  window.isTheSamePage = true;
  window.seen = "";
  const look = () => { window.seen = document.querySelector(".live-text")?.textContent || window.seen; };
  const everything = {subtree: true, childList: true, characterData: true};
  new MutationObserver(look).observe(document.querySelector("#streams"), everything);
  look();
}"""


def test_a_stream_cut_once_comes_back_with_every_word_once(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author)
    visitor.tolerated.append("/events/")
    cuts: list[str] = []

    def cut_first(route: Route) -> None:
        cuts.append(route.request.url)
        if len(cuts) == 1:
            route.abort()
        else:
            route.continue_()

    visitor.page.route("**/events/**", cut_first)
    seen, whole = write_watched(visitor, site, disturb=lambda: None)
    assert len(cuts) > 1
    assert seen == whole


def test_without_any_event_the_page_asks_and_reaches_the_end(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author)
    visitor.tolerated.append("/events/")
    visitor.page.route("**/events/**", lambda route: route.abort())
    seen, whole = write_watched(visitor, site, disturb=lambda: None, sees_words=False)
    assert (seen, len(whole) > 100) == ([], True)


def test_a_server_restarted_under_the_page_loses_and_doubles_no_word(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author)
    visitor.tolerated += ["htmx:", "/events/", "/runs/"]
    seen, whole = write_watched(visitor, site, disturb=site.restart_web)
    assert len(seen) > 20
    assert seen == whole[: len(seen)]


def write_watched(
    visitor: Visitor, site: Site, *, disturb: Callable[[], object], sees_words: bool = True
) -> tuple[list[str], list[str]]:
    """Write a book of one chapter, stop in its middle for `disturb`; the words seen live and those of the chapter."""
    road.begin(visitor, "Bees Watched", chapters=1)
    page = visitor.page
    road.wait_for_state(page, "awaiting_approval")
    site.model.control.latency(token_ms=4)
    site.model.control.fault("hold", purpose="section", after=60)
    road.approve(page)
    page.evaluate(WATCH)
    site.model.control.wait_for_waiting()
    if sees_words:
        expect(page.locator(".live-text")).to_contain_text(re.compile(r"(\w+\W+){20}"))
    disturb()
    site.model.control.release()
    road.wait_for_state(page, "completed")
    assert page.evaluate("window.isTheSamePage")
    seen = WORD.findall(FOOTNOTE.sub("", page.evaluate("window.seen")))
    return seen, chapter_words(page)


def chapter_words(page: Page) -> list[str]:
    """The words of the first chapter as the reader has them."""
    page.click("#run-read")
    return WORD.findall("\n".join(page.locator(".prose > :not(.footnotes)").all_inner_texts()))
