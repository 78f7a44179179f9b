"""A chapter written anew in the browser: its words come beside the old ones, it is taken, and taken back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person, Site

pytestmark = pytest.mark.xdist_group("browser")


def test_a_rewrite_is_watched_taken_and_undone(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author)
    road.begin(visitor, "Bees Told Anew", chapters=1)
    road.wait_for_state(visitor.page, "awaiting_approval")
    road.approve(visitor.page)
    road.wait_for_state(visitor.page, "completed")
    visitor.page.click("[data-kind=chapter] a")
    visitor.page.get_by_role("link", name="Rewrite this chapter").click()
    visitor.page.fill("[name=instruction]", "Tell it from the bees’ side")
    site.model.control.latency(token_ms=4)
    site.model.control.fault("hold", purpose="section", after=60)
    visitor.page.get_by_role("button", name="Order", exact=True).click()
    site.model.control.wait_for_waiting()
    expect(visitor(".live-text")).to_contain_text(re.compile(r"(\w+\W+){20}"))
    expect(visitor(".rewrite-present")).to_be_visible()
    site.model.control.release()
    road.wait_for_state(visitor.page, "completed")
    expect(visitor("[data-side=new]")).to_be_visible()
    expect(visitor(".rewrite-present")).to_be_hidden()
    visitor.page.click("#rewrite-take")
    visitor.page.get_by_role("button", name=re.compile("Undo: back to version")).click()
    expect(visitor(".versions > li")).to_have_count(3)


def test_without_javascript_a_rewrite_is_ordered_looked_at_and_discarded(
    visit: Visits, site: Site, author: Person
) -> None:
    visitor = visit(author, java_script_enabled=False)
    road.begin(visitor, "Bees Told Plainly", chapters=1)
    road.look_again(visitor.page, "#run-approve")
    road.approve(visitor.page)
    road.look_again(visitor.page, "[data-run-state=completed]")
    visitor.page.click("[data-kind=chapter] a")
    visitor.page.get_by_role("link", name="Rewrite this chapter").click()
    visitor.page.fill("[name=instruction]", "Shorter")
    visitor.page.get_by_role("button", name="Order", exact=True).click()
    road.look_again(visitor.page, "#rewrite-discard")
    visitor.page.click("#rewrite-discard")
    expect(visitor(".proposals")).to_contain_text("Shorter")
