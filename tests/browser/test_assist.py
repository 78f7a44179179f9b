"""A model asked from beside the text: a passage in other words, suggestions in the text; by keys, and as pages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person, Site
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
PASSAGE = "Carry the boxes up in the evening, when the flight is over. Then wait."


def studio(visit: Visits, site: Site, number: int = 0, **options: object) -> Visitor:
    """Somebody whose chapter waits in the studio, the text loaded."""
    reader = site.people[number]
    visitor = visit(reader, **options)
    visitor.go(reader.books["studio to assist"])
    expect(visitor("#studio .cm-content")).to_be_visible()  # keys are heard from then on
    return visitor


def choose(page: Page, passage: str) -> None:
    """Select a passage in the editor as its own selection, by the keys of a reader who finds it."""
    text = page.locator("#studio .cm-content")
    text.get_by_text(passage[:30]).click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")


def test_a_passage_is_shortened_by_keys_watched_and_taken(visit: Visits, site: Site) -> None:
    visitor = studio(visit, site)
    page = visitor.page
    choose(page, PASSAGE)
    page.keyboard.press("Control+Alt+a")
    panel = visitor("#panel[data-panel=assistant]")
    expect(panel.locator("[data-passage-said]")).to_have_text(re.compile(r"Selected passage: \d+ words"))
    expect(panel.locator("[data-act=rewrite] [data-price]")).to_have_text("1 credit")
    page.get_by_role("radio", name="Rewrite", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Shorten")).to_be_checked()
    site.model.control.latency(token_ms=4)
    site.model.control.fault("hold", after=20)
    page.get_by_role("button", name="Order", exact=True).press("Enter")
    site.model.control.wait_for_waiting()
    expect(panel.locator(".live-text")).to_contain_text(re.compile(r"(\w+\W+){2}"))
    site.model.control.release()
    expect(panel.get_by_role("heading", name="The new text is ready")).to_be_visible()
    expect(panel).to_match_aria_snapshot("""
      - paragraph:
        - link "All orders"
      - heading "A passage, shorter" [level=2]
      - region "The new text is ready":
        - heading "The new text is ready" [level=2]
        - button "Take the new text"
        - button /Another try/
        - button "Discard it"
    """)
    new = panel.locator("[data-side=new] .compare-text").inner_text().strip()
    page.get_by_role("button", name="Take the new text").press("Enter")
    expect(panel.get_by_role("heading", name="Taken: this stands in the chapter now")).to_be_visible()
    expect(visitor("#studio .cm-content")).to_contain_text(new[:40])
    expect(visitor("#studio .cm-content")).not_to_contain_text(PASSAGE)


def test_suggestions_of_a_model_come_into_the_text(visit: Visits, site: Site) -> None:
    visitor = studio(visit, site, 1)
    page = visitor.page
    page.keyboard.press("Control+Alt+a")
    panel = visitor("#panel[data-panel=assistant]")
    panel.locator("[name=task][value=suggest]").check()
    panel.locator("#assistant-order").press("Enter")
    panel.locator("[data-run-state=completed]").wait_for()
    expect(visitor("#studio .cm-content [data-mark]").first).to_be_visible()


def test_without_javascript_paragraphs_are_chosen_from_a_list(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author, java_script_enabled=False)
    road.begin(visitor, "Bees Shortened", chapters=1)
    road.look_again(visitor.page, "#run-approve")
    road.approve(visitor.page)
    road.look_again(visitor.page, "[data-run-state=completed]")
    visitor.page.click("[data-kind=chapter] a")
    visitor.page.get_by_role("link", name="Rewrite this chapter").click()
    visitor.page.get_by_role("radio", name="Lengthen").check()
    visitor.page.get_by_label("From paragraph").select_option(index=1)
    visitor.page.get_by_role("button", name="Order").click()
    road.look_again(visitor.page, "#rewrite-take")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("A passage, longer")
    visitor.page.click("#rewrite-take")
    expect(visitor.page.get_by_text("The new text stands.")).to_be_visible()
