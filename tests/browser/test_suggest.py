"""Suggestions in the studio, by keyboard alone: typed freely, shown like tracked changes, decided by keys, undone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.desk import content, open_studio, start_with, text_of
from tests.browser.planted_notes import TEXT
from tests.browser.site import Person, Site
from tests.browser.test_read_by_all import assert_readable

pytestmark = pytest.mark.xdist_group("browser")
BETTER = TEXT.replace("knows", "know").replace("comes", "come")


@pytest.fixture(scope="module")
def pair(shared_site: Site) -> list[Person]:
    """Ada, whose book it is, and Carl, who may only comment and suggest."""
    (planted,) = shared_site.plant("tests.browser.planted_notes", "8", "9")
    return [Person(**one) for one in planted]


def test_what_somebody_types_is_suggested_and_decided_by_keys(visit: Visits, pair: list[Person]) -> None:
    ada, carl = (open_studio(visit(person)) for person in pair)
    content(carl).focus()
    carl.keyboard.press("Control+Alt+s")
    expect(carl.locator("#suggest-bar")).to_be_visible()
    start_with(carl, BETTER)
    carl.locator("[data-suggest=send]").focus()
    assert_readable(carl)
    carl.keyboard.press("Enter")
    expect(carl.locator("#suggest-bar")).to_be_hidden()
    assert text_of(carl) == TEXT
    expect(content(ada).locator(".mark-suggestion")).to_have_count(2)
    ada.locator("[data-drawer=studio-aside]").focus()
    ada.keyboard.press("Enter")
    ada.locator("[data-panel=suggestions]").focus()
    ada.keyboard.press("Enter")
    changes = ada.locator("#panel .change")
    expect(changes).to_have_count(2)
    expect(changes.first).to_match_aria_snapshot(
        """
        - article "Style info":
          - paragraph: Style info
          - paragraph:
            - link /knows/:
              - deletion: "taken out: knows"
              - insertion: "put in: know"
          - button "Accept"
          - button "Reject"
          - button "Ignore"
        """
    )
    assert_readable(ada)
    ada.locator("#panel .tabs a").first.focus()
    ada.keyboard.press("j")
    expect(changes.first).to_be_focused()
    ada.keyboard.press("a")
    expect(changes).to_have_count(1)
    expect(content(ada)).to_contain_text("The bees know it")
    ada.keyboard.press("r")
    expect(changes).to_have_count(0)
    expect(ada.locator("#panel")).to_be_focused()
    ada.keyboard.press("u")
    expect(changes).to_have_count(1)
    assert text_of(ada) == TEXT.replace("knows", "know")


def test_what_is_typed_and_not_sent_is_asked_about(visit: Visits, pair: list[Person]) -> None:
    page = open_studio(visit(pair[1]))
    page.locator("[data-studio=suggest]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Home")
    page.keyboard.type("Never. ")
    page.locator("[data-suggest=leave]").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#suggest-discard")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Discard it").press("Enter")
    expect(page.locator("#suggest-bar")).to_be_hidden()
    assert not text_of(page).startswith("Never")
