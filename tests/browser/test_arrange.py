"""Chapters arranged by drag and by keyboard alone, found and replaced, reviewed; with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits
from tests.browser.site import Person, Site
from tests.browser.test_read_by_all import assert_readable
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
ARRANGERS = 9


@pytest.fixture(scope="session")
def arrangers(shared_site: Site) -> list[Person]:
    """People with a book of five chapters each."""
    return [Person(**one) for one in shared_site.plant("tests.browser.planted_chapters", str(ARRANGERS))]


@pytest.fixture
def somebody(arrangers: list[Person]) -> Person:
    """One of them, never the same twice."""
    return arrangers.pop()


def at_chapters(visitor: Visitor) -> Page:
    """Their chapters."""
    assert visitor.person
    return visitor.go(visitor.person.books["chapters"])


def titles(page: Page) -> list[str]:
    """The chapters in the order that is shown."""
    return page.locator("a.chapter-title").all_inner_texts()


def handle(page: Page, title: str) -> Locator:
    """The dots of a chapter."""
    return page.get_by_role("button", name=f"Move “{title}”", exact=True)


def told(page: Page, text: str) -> None:
    """The live region has said so."""
    expect(page.locator("[data-chapters-status]")).to_have_text(text)


def stored(page: Page, expected: list[str]) -> None:
    """The order is what the server has."""
    with page.expect_response(re.compile("/chapters/$")):
        page.reload()
    assert titles(page) == expected


def test_a_chapter_moves_by_keyboard_alone(visit: Visits, somebody: Person) -> None:
    page = at_chapters(visit(somebody))
    handle(page, "Two").focus()
    with page.expect_response(re.compile("/move/")):
        page.keyboard.press("Alt+ArrowDown")
    told(page, "“Two” is chapter 3 of 5 now.")
    expect(handle(page, "Two")).to_be_focused()
    with page.expect_response(re.compile("/move/")):
        page.keyboard.press("Alt+ArrowDown")
    handle(page, "One").focus()
    page.keyboard.press("Alt+ArrowUp")
    told(page, "“One” stays where it is.")
    stored(page, ["One", "Three", "Four", "Two", "Five"])
    expect(page.locator("section[data-chapters]")).to_match_aria_snapshot(
        """
        - region "Chapters in order":
          - list:
            - listitem:
              - button "Move “One”"
              - link "One"
              - text: 12 of 200 words
              - progressbar "12 of 200 words"
        """
    )


def test_a_chapter_is_dragged_and_escape_lets_it_fall_back(visit: Visits, somebody: Person) -> None:
    page = at_chapters(visit(somebody))
    to = page.locator("[data-chapter]").nth(3).bounding_box()
    assert to
    handle(page, "One").hover()
    page.mouse.down()
    page.mouse.move(to["x"] + 20, to["y"] + to["height"] - 5, steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert titles(page)[0] == "One"
    handle(page, "One").hover()
    page.mouse.down()
    page.mouse.move(to["x"] + 20, to["y"] + to["height"] - 5, steps=8)
    page.wait_for_function("document.querySelector('.is-dragged').style.getPropertyValue('--shift') !== '0px'")
    with page.expect_response(re.compile("/move/")):
        page.mouse.up()
    stored(page, ["Two", "Three", "Four", "One", "Five"])


def test_what_another_moved_meanwhile_is_shown(visit: Visits, somebody: Person) -> None:
    page, other = at_chapters(visit(somebody)), at_chapters(visit(somebody))
    handle(other, "Five").focus()
    with other.expect_response(re.compile("/move/")):
        other.keyboard.press("Alt+ArrowUp")
    handle(page, "One").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("a.chapter-title")).to_have_text(["Two", "One", "Three", "Five", "Four"])
    expect(handle(page, "One")).to_be_focused()


def test_a_chapter_is_renamed_in_its_line(visit: Visits, somebody: Person) -> None:
    page = at_chapters(visit(somebody))
    page.get_by_role("link", name="Rename Two").press("Enter")
    expect(page.get_by_label("Title").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Two", exact=True)).to_be_visible()
    page.get_by_role("link", name="Rename Two").press("Enter")
    expect(page.get_by_label("Title").first).to_be_focused()
    page.get_by_label("Title").first.fill("Second")
    page.keyboard.press("Enter")
    expect(page.locator("a.chapter-title")).to_have_text(["One", "Second", "Three", "Four", "Five"])


@pytest.mark.parametrize("script", [True, False])
def test_every_act_works_with_and_without_javascript(visit: Visits, somebody: Person, script: bool) -> None:
    visitor = visit(somebody, java_script_enabled=script)
    page = at_chapters(visitor)
    page.get_by_role("button", name="Move “Two” down").press("Enter")
    expect(page.locator("a.chapter-title")).to_have_text(["One", "Three", "Two", "Four", "Five"])
    page.locator("summary", has_text="More: One").press("Enter")
    page.get_by_role("link", name="Split in two").first.press("Enter")
    page.get_by_label("Title of the new chapter").fill("Half")
    page.get_by_role("radio").first.press("Space")
    page.get_by_role("button", name="Split here").press("Enter")
    expect(page.locator("a.chapter-title")).to_have_text(["One", "Half", "Three", "Two", "Four", "Five"])
    page.locator(".notice").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("a.chapter-title")).to_have_text(["One", "Three", "Two", "Four", "Five"])
    page.locator("summary", has_text="More: One").press("Enter")
    page.get_by_role("link", name="Merge with the next one").first.press("Enter")
    page.get_by_role("button", name="Merge").press("Enter")
    expect(page.locator("a.chapter-title")).to_have_text(["One", "Two", "Four", "Five"])
    page.locator("summary", has_text="More: Five").press("Enter")
    page.get_by_role("button", name="Move to the trash").last.press("Enter")
    page.get_by_role("link", name="2 in the trash").press("Enter")
    page.get_by_role("button", name="Take back Five").press("Enter")
    expect(page.locator("a.chapter-title")).to_have_text(["One", "Two", "Four", "Five"])


def test_what_is_found_is_replaced_by_keyboard_and_undone(visit: Visits, somebody: Person) -> None:
    visitor = visit(somebody)
    page = visitor.go(somebody.books["replace"])
    page.get_by_label("Find", exact=True).fill("bees")
    page.get_by_label("Replace with").fill("wasps")
    page.keyboard.press("Enter")
    expect(page.locator("[name=hit]")).to_have_count(5)
    page.locator("[name=hit]").first.press("Space")
    expect(page.locator("[data-chosen]")).to_have_text("4 places chosen")
    assert_readable(page)
    page.get_by_role("button", name="Replace what is ticked").press("Enter")
    expect(page.locator(".notice")).to_contain_text("4 places were replaced.")
    page.locator(".notice").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator(".notice").first).to_contain_text("Undone: 4 chapters are as they were.")


def test_paragraphs_say_in_the_studio_whose_they_are_and_are_reviewed(visit: Visits, somebody: Person) -> None:
    visitor = visit(somebody)
    page = visitor.go(somebody.books["studio"])
    page.get_by_role("button", name="Beside the text").click()
    page.get_by_role("link", name="Origin").click()
    expect(page.locator(".mark-label.mark-tone-model")).to_have_count(2)
    page.get_by_role("button", name="The whole chapter is").press("Enter")
    expect(page.locator("#panel")).to_contain_text("2 of 2 paragraphs are reviewed.")
    page.locator("#studio-form .cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Now ")
    expect(page.locator("#panel")).to_contain_text("1 of 2 paragraphs are reviewed.")


def test_a_chapter_moves_in_the_studio_by_keyboard(visit: Visits, somebody: Person) -> None:
    visitor = visit(somebody)
    page = visitor.go(somebody.books["studio"])
    grip = page.locator("#studio-chapters").get_by_role("button", name="Move “One”")
    grip.focus()
    with page.expect_response(re.compile("/move/")):
        page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#studio-chapters [role=status]")).to_have_text("“One” is chapter 2 of 5 now.")
    stored(at_chapters(visitor), ["Two", "One", "Three", "Four", "Five"])
