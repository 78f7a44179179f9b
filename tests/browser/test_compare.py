"""Two texts beside each other, and going back, by keyboard alone; what a screen reader hears of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.site import Site

pytestmark = pytest.mark.xdist_group("browser")


def test_changes_are_walked_and_a_paragraph_goes_back_and_forth_by_keyboard(visit: Visits, site: Site) -> None:
    reader = site.people[0]
    visitor = visit(reader)
    page = visitor.go(reader.books["versions compare"])
    page.get_by_role("link", name="Next change").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#change-1")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#change-2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#change-1")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#change-2")).to_match_aria_snapshot(
        """
        - group "Change 2 of 5":
          - paragraph: /Changed/
          - paragraph: /Before:/
          - paragraph: /After:/
        """
    )
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Put the old one back (change 2)")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("The paragraph is as it was in version 1.")
    expect(page.locator("[data-change]")).to_have_count(4)
    page.locator("#notices").get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("stands again")


def test_without_javascript_two_revisions_are_picked_compared_and_opened(visit: Visits, site: Site) -> None:
    reader = site.people[0]
    visitor = visit(reader, java_script_enabled=False)
    page = visitor.go(reader.books["history"])
    page.get_by_role("radio", name="Compare v1.0 as the older one").check()
    page.get_by_role("radio", name="Compare v1.1 as the newer one").check()
    page.get_by_role("button", name="Compare the two").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("v1.0 and v1.1")
    page.get_by_role("link", name="Show the changes The First Hive").click()
    expect(page.locator("ins").first).to_be_visible()
