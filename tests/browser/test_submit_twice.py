"""A form sent twice has one effect, whether by two fast clicks or by two requests at once."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person, Site

pytestmark = pytest.mark.xdist_group("browser")

SEND_TWICE = """async ([selector, button]) => {
  const form = document.querySelector(selector);
  const fields = new FormData(form);
  if (button) fields.append(button, "1");
  const body = () => new URLSearchParams(fields);
  const sent = await Promise.all([1, 2].map(() => fetch(form.action, {method: "POST", body: body()})));
  return sent.map(({status, url}) => [status, url]);
}"""


def send_twice(page: Page, selector: str, button: str = "") -> list[tuple[int, str]]:
    """Two requests of the same form at the same time; status and final address of both answers."""
    return [(status, url) for status, url in page.evaluate(SEND_TWICE, [selector, button])]


def test_two_fast_clicks_make_one_book(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author)
    page = visitor.go("books/new/")
    road.fill_brief(page, "Bees Clicked Twice", chapters=1)
    page.get_by_role("button", name="Write the outline").dblclick()
    road.wait_for_state(page, "awaiting_approval")
    page.click("#run-approve")
    page.get_by_role("button", name="Approve and write").dblclick()
    road.wait_for_state(page, "completed")
    visitor.go("books/")
    expect(page.locator(".shelf-book")).to_have_count(1)
    assert [call["purpose"] for call in site.model.control.calls()] == ["outline", "section", "blurb"]


def test_the_same_form_sent_twice_at_once_makes_one_book_and_one_run(visit: Visits, site: Site, author: Person) -> None:
    visitor = visit(author)
    page = visitor.go("books/new/")
    road.fill_brief(page, "Bees Sent Twice", chapters=1)
    (first, place), (second, same) = send_twice(page, "[data-quote-form]")
    assert (first, second, place) == (200, 200, same)
    visitor.go(place.removeprefix(site.url))
    road.wait_for_state(page, "awaiting_approval")
    page.click("#run-approve")
    assert {url for _status, url in send_twice(page, "[data-outline-form]", "approve")} == {place}
    visitor.go(place.removeprefix(site.url))
    road.wait_for_state(page, "completed")
    visitor.go("books/")
    expect(page.locator(".shelf-book")).to_have_count(1)
    assert [call["purpose"] for call in site.model.control.calls()] == ["outline", "section", "blurb"]
