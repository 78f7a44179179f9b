"""Comments in the studio by keyboard alone: on a passage, with a name after an @, answered, resolved; others' live."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.desk import content, open_studio
from tests.browser.site import Person, Site
from tests.browser.test_read_by_all import assert_readable

pytestmark = pytest.mark.xdist_group("browser")
PAIRS = 4
PASSAGE = "a meadow that nobody mows"


@pytest.fixture(scope="module")
def pairs(shared_site: Site) -> list[list[Person]]:
    """Ada, whose book it is, and Carl, who may comment: four times."""
    planted = shared_site.plant("tests.browser.planted_notes", "0", str(PAIRS))
    return [[Person(**one) for one in pair] for pair in planted]


def select(page: Page, words: str) -> None:
    """Select these words of the text by keyboard: they are in its first line."""
    content(page).focus()
    page.keyboard.press("Control+Home")
    line = content(page).locator(".cm-line").first.inner_text()
    for _step in range(line.index(words)):
        page.keyboard.press("ArrowRight")
    for _character in words:
        page.keyboard.press("Shift+ArrowRight")


def comment(page: Page, words: str, passage: str = PASSAGE) -> None:
    """Say something about the passage, by keys."""
    select(page, passage)
    page.keyboard.press("Control+Alt+m")
    expect(page.locator("#note-new textarea")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.matches('#note-new form button')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .thread", has_text=words)).to_be_visible()


def test_a_passage_is_commented_answered_and_resolved_by_keyboard(visit: Visits, pairs: list[list[Person]]) -> None:
    page = open_studio(visit(pairs[0][0]))
    comment(page, "Is this so?")
    expect(content(page).locator(".mark-comment")).to_have_text(PASSAGE)
    thread = page.locator("#panel .thread")
    thread.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("It is.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(thread.locator(".remark")).to_have_count(2)
    expect(page.locator("#panel")).to_match_aria_snapshot(
        """
        - region "Comments":
          - status: Your answer stands.
          - navigation "Which comments"
          - article "a meadow that nobody mows":
            - blockquote
            - paragraph: Is this so?
            - paragraph: It is.
            - button "Resolve"
        """
    )
    assert_readable(page)
    thread.get_by_role("button", name="Resolve").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel .thread")).to_have_count(0)
    expect(content(page).locator(".mark-comment")).to_have_count(0)


def test_a_name_after_an_at_is_chosen_by_keys(visit: Visits, pairs: list[list[Person]]) -> None:
    page = open_studio(visit(pairs[1][0]))
    select(page, PASSAGE)
    page.keyboard.press("Control+Alt+m")
    area = page.locator("#note-new textarea")
    expect(area).to_be_focused()
    page.keyboard.type("Ask @ca")
    expect(page.get_by_role("option", name="Carl Commenter")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(area).to_have_value("Ask @Carl Commenter ")
    expect(page.locator("#note-new input[name=mentioned]:checked")).to_have_count(1)


def test_the_text_and_the_panel_lead_to_each_other(visit: Visits, pairs: list[list[Person]]) -> None:
    page = open_studio(visit(pairs[2][0]))
    comment(page, "First thought")
    mark = content(page).locator(".mark-comment")
    mark.click()
    expect(page.locator("#panel .thread[data-lit]")).to_have_count(1)
    page.locator("#panel .passage a").focus()
    page.keyboard.press("Enter")
    expect(content(page).locator(".mark-open")).to_have_count(1)


def test_what_others_say_appears_by_itself(visit: Visits, pairs: list[list[Person]]) -> None:
    ada, carl = (open_studio(visit(person)) for person in pairs[3])
    for opener in ("[data-drawer=studio-aside]", "[data-panel=comments]"):
        ada.locator(opener).press("Enter")
    expect(ada.locator("#panel[data-notes=comments]")).to_be_visible()
    comment(carl, "From the guest")
    expect(content(ada).locator(".mark-comment")).to_have_text(PASSAGE)
    expect(ada.locator("#panel .thread")).to_contain_text("From the guest")
