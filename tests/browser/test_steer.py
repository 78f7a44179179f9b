"""What an author does to a run under way: pause, resume, cancel, try again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person, Site
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")


def write_and_hold(visitor: Visitor, site: Site, title: str, *, javascript: bool = True) -> Page:
    """A run whose only chapter stands in the middle of its text."""
    road.begin(visitor, title, chapters=1)
    if javascript:
        road.wait_for_state(visitor.page, "awaiting_approval")
    else:
        road.look_again(visitor.page, "[data-run-state=awaiting_approval]")
    site.model.control.fault("hold", purpose="section", after=60)
    road.approve(visitor.page)
    site.model.control.wait_for_waiting()
    return visitor.page


def test_a_run_is_paused_and_goes_on(visit: Visits, site: Site, author: Person) -> None:
    page = write_and_hold(visit(author), site, "Bees Paused")
    page.get_by_role("button", name="Pause").click()
    road.wait_for_state(page, "paused")
    expect(page.get_by_text("Everything finished is kept")).to_be_visible()
    site.model.control.release()
    page.get_by_role("button", name="Resume").click()
    road.wait_for_state(page, "completed")
    expect(page.locator("[data-kind=chapter][data-state=done]")).to_have_count(1)


def test_a_run_is_cancelled_only_once_confirmed(visit: Visits, site: Site, author: Person) -> None:
    page = write_and_hold(visit(author), site, "Bees Cancelled")
    page.get_by_role("link", name="Cancel", exact=True).click()
    dialog = page.get_by_role("dialog", name="Cancel the writing?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    road.wait_for_state(page, "writing")
    page.get_by_role("link", name="Cancel", exact=True).click()
    dialog.get_by_role("button", name="Cancel the writing").click()
    road.wait_for_state(page, "cancelled")
    site.model.control.release()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


def test_without_javascript_cancelling_asks_too(visit: Visits, site: Site, author: Person) -> None:
    page = write_and_hold(visit(author, java_script_enabled=False), site, "Bees Cancelled Plainly", javascript=False)
    page.click("#run-cancel")
    page.locator("form[action$='/cancel/'] button").click()
    road.wait_for_state(page, "cancelled")
    site.model.control.release()


def test_a_refused_chapter_says_so_and_is_tried_again(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author)
    road.begin(visitor, "Bees Refused", chapters=2)
    page = visitor.page
    road.wait_for_state(page, "awaiting_approval")
    site.model.control.fault("refusal", nth=3)  # after the outline and beside the other chapter
    road.approve(page)
    problem = page.locator("[data-kind=chapter][data-state=failed] .step-problem")
    expect(problem).to_contain_text("declined to write this")
    expect(page.locator("[data-kind=chapter][data-state=done]")).to_have_count(1)
    site.model.control.reset()
    page.get_by_role("button", name="Try again").click()
    road.wait_for_state(page, "completed")
    assert [call["purpose"] for call in site.model.control.calls()] == ["section", "blurb"]


def test_a_server_in_trouble_is_waited_for(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author)
    site.model.control.fault("500", times=1, purpose="outline")
    road.begin(visitor, "Bees Delayed", chapters=1)
    road.wait_for_state(visitor.page, "awaiting_approval")
    assert [call["status"] for call in site.model.control.calls()] == [500, 200]
