"""Writing in the studio by keyboard: shortcuts, lists, typographer's marks, finding, preview, only the text."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.desk import content, open_studio, start_with, text_of
from tests.browser.site import Person, Site
from tests.browser.studio_population import SHOWN
from tests.browser.test_read_by_all import assert_readable
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
WRITERS = 24
SHORTCUTS = [
    ("Control+b", "word", "**word**"),
    ("Control+i", "word", "*word*"),
    ("Control+Shift+X", "word", "~~word~~"),
    ("Control+e", "word", "`word`"),
    ("Control+b", "**word**", "word"),
    ("Control+Alt+2", "word", "## word"),
    ("Control+Alt+2", "## word", "word"),
    ("Control+Alt+0", "### word", "word"),
    ("Control+Shift+9", "one\n\ntwo", "> one\n\n> two"),
    ("Control+Shift+8", "one\ntwo", "- one\n- two"),
    ("Control+Shift+7", "- one\n- two", "1. one\n2. two"),
    ("Control+k", "https://example.org", "[](https://example.org)"),
]


@pytest.fixture(scope="session")
def writers(shared_site: Site) -> list[Person]:
    """People with a chapter each; the first one's book is French."""
    return [Person(**one) for one in shared_site.plant("tests.browser.studio_population", str(WRITERS))]


@pytest.fixture
def writer(visit: Visits, writers: list[Person]) -> Visitor:
    """Somebody at an English chapter nobody else has been to."""
    visitor = visit(writers.pop())
    open_studio(visitor)
    return visitor


@pytest.fixture
def page(writer: Visitor) -> Page:
    """Their page."""
    return writer.page


def test_the_text_is_reached_and_left_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    for _stop in range(20):
        if page.evaluate("document.activeElement.classList.contains('cm-content')"):
            break
        page.keyboard.press("Tab")
    expect(content(page)).to_be_focused()
    expect(content(page)).to_have_role("textbox")
    expect(content(page)).to_have_accessible_name("Text of the chapter")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    expect(content(page)).not_to_be_focused()


def test_tab_moves_items_and_escape_lets_it_leave(page: Page) -> None:
    start_with(page, "- one\n- two")
    page.keyboard.press("Tab")
    assert text_of(page) == "- one\n  - two"
    page.keyboard.press("Shift+Tab")
    assert text_of(page) == "- one\n- two"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(content(page)).not_to_be_focused()


def test_lists_and_quotes_go_on_and_end(page: Page) -> None:
    start_with(page)
    page.keyboard.type("1. open")
    page.keyboard.press("Enter")
    page.keyboard.type("close")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("> so")
    page.keyboard.press("Enter")
    page.keyboard.type("be it")
    assert text_of(page) == "1. open\n2. close\n> so\n> be it"


def test_a_shortcut_changes_what_is_selected(page: Page) -> None:
    for keys, before, after in SHORTCUTS:
        start_with(page, before)
        page.keyboard.press("Control+a")
        page.keyboard.press(keys)
        assert text_of(page) == after, keys
        page.keyboard.press("Control+z")
        assert text_of(page) == before, keys


def test_a_note_and_a_scene_break_stand_where_they_belong(page: Page) -> None:
    start_with(page, "First.\n\nLast.")
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.press("Control+Alt+f")
    page.keyboard.type("A note")
    assert text_of(page) == "First.[^1]\n\nLast.\n\n[^1]: A note"
    start_with(page, "Before")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("After")
    assert text_of(page) == "Before\n\n* * *\n\nAfter"


def test_buttons_say_what_holds_and_arrows_lead_from_one_to_the_next(page: Page) -> None:
    start_with(page, "**strong** plain")
    bold, italic = (page.get_by_role("button", name=name, exact=True) for name in ("Bold", "Italic"))
    expect(bold).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Home")
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(bold).to_have_attribute("aria-pressed", "true")
    bold.focus()
    page.keyboard.press("ArrowRight")
    expect(italic).to_be_focused()
    assert [italic.get_attribute("tabindex"), bold.get_attribute("tabindex")] == ["0", "-1"]
    start_with(page, "word")
    bold.click()
    assert text_of(page) == "**word**"
    expect(content(page)).to_be_focused()


def test_english_marks_are_a_typographers_and_one_backspace_gives_back_what_was_typed(page: Page) -> None:
    start_with(page)
    page.keyboard.type('"It\'s \'here\'" -- or... there---not `"code"`')
    assert text_of(page) == '“It’s ‘here’” – or… there—not `"code"`'
    start_with(page)
    page.keyboard.type("'Tis rock 'n' roll of the '90s, 'twas said: get 'em. 'Emma' is 'em'")
    assert text_of(page) == "’Tis rock ’n’ roll of the ’90s, ’twas said: get ’em. ‘Emma’ is ‘em’"
    start_with(page)
    page.keyboard.type('"')
    page.keyboard.press("Backspace")
    assert text_of(page) == '"'
    start_with(page)
    page.keyboard.type("wait..")
    page.keyboard.type(".")
    page.keyboard.press("Control+z")
    assert text_of(page) == "wait..."


def test_french_marks_store_no_space_and_can_be_switched_off(visit: Visits, writers: list[Person]) -> None:
    visitor = visit(writers[0])
    page = open_studio(visitor)
    start_with(page)
    page.keyboard.type('"L\'abeille"')
    assert text_of(page) == "«L’abeille»"
    page.get_by_label("Typographer’s marks").uncheck()
    start_with(page)
    page.keyboard.type('"L\'abeille"')
    assert text_of(page) == '"L\'abeille"'
    page = open_studio(visitor)
    expect(page.get_by_label("Typographer’s marks")).not_to_be_checked()


def test_rows_of_dashes_stay_rows_of_dashes(page: Page) -> None:
    start_with(page)
    page.keyboard.type("| a | b |")
    page.keyboard.press("Enter")
    page.keyboard.type("|---|---|")
    assert text_of(page) == "| a | b |\n|---|---|"


def test_markdown_looks_like_a_page_until_the_cursor_comes(page: Page) -> None:
    start_with(page, SHOWN)
    page.evaluate("document.activeElement.blur()")
    text = content(page)
    expect(text.locator(".md-h1")).to_have_text("The First Spring")
    expect(text.locator(".md-strong")).to_have_text("nobody")
    expect(text.locator(".md-table td").nth(1)).to_have_text("lime")
    expect(text.locator(".md-table em")).to_have_text("clover")
    expect(text.locator(".md-stars")).to_have_text("* * *")
    expect(text.locator(".md-described")).to_have_text("A hive on a roof")
    expect(text).not_to_contain_text("**")
    text.focus()
    page.keyboard.press("Control+Home")
    expect(text.locator(".md-h1")).to_have_text("# The First Spring")
    text.locator(".md-table td", has_text="lime").click()
    expect(text.locator(".md-table")).to_have_count(0)
    expect(text).to_contain_text("| May   | lime  | 12   |")


def test_words_are_found_and_replaced_by_keyboard(page: Page) -> None:
    start_with(page, "The bee. A bee? Bees.")
    page.keyboard.press("Control+f")
    page.keyboard.type("bee")
    status = page.locator("[data-find-status]")
    expect(status).to_have_text("3 times")
    page.keyboard.press("Enter")
    expect(status).to_have_text("1 of 3")
    page.get_by_label("Whole words").check()
    expect(status).to_have_text(re.compile(r"2"))
    page.get_by_label("Replace with").fill("wasp")
    page.get_by_role("button", name="Replace all").press("Enter")
    assert text_of(page) == "The wasp. A wasp? Bees."
    page.get_by_label("Regular expression").check()
    page.get_by_label("Find", exact=True).fill("wasp(")
    expect(status).to_have_text("This pattern is not complete")
    page.keyboard.press("Escape")
    expect(page.locator(".find")).to_have_count(0)
    expect(content(page)).to_be_focused()


def test_the_preview_is_the_books_own_and_follows_what_is_typed(page: Page) -> None:
    start_with(page, "He said -- *nothing*.")
    page.keyboard.press("Control+Alt+p")
    preview = page.locator("#studio-preview")
    expect(preview.locator("em")).to_have_text("nothing")
    expect(preview).to_contain_text("He said – nothing.")
    content(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" <b>Now.</b>")
    expect(preview).to_contain_text("<b>Now.</b>")
    page.keyboard.press("Control+Alt+p")
    expect(preview).to_be_hidden()


def test_there_can_be_nothing_but_the_text(page: Page) -> None:
    content(page).focus()
    page.keyboard.press("Control+Alt+d")
    expect(page.locator("#studio-chapters")).to_be_hidden()
    expect(page.locator(".studio-bar")).to_have_css("opacity", "0")
    expect(content(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".studio-bar")).to_have_css("opacity", "1")


def test_words_are_counted_while_they_are_typed(page: Page) -> None:
    start_with(page, "one two three")
    foot = page.locator("#studio-foot")
    expect(foot.locator("[data-count=words]")).to_have_text("3 words")
    expect(foot.locator("progress")).to_have_attribute("value", "3")
    page.keyboard.press("Control+Shift+ArrowLeft")
    expect(foot.locator("[data-count=words]")).to_have_text("1 word selected")


def test_the_keys_are_listed_and_lead_to_the_next_chapter(page: Page) -> None:
    content(page).focus()
    page.keyboard.press("Control+/")
    expect(page.locator("#studio-keys")).to_be_visible()
    expect(page.locator("#studio-keys")).to_contain_text("Tab leaves the text")
    assert_readable(page)
    page.keyboard.press("Escape")
    here = urlsplit(page.url).path
    page.keyboard.press("Alt+PageDown")
    expect(page.get_by_role("heading", level=1)).to_have_text("After")
    page.keyboard.press("Alt+PageUp")
    expect(page.get_by_role("heading", level=1)).to_have_text("Here")
    assert urlsplit(page.url).path == here


def test_what_a_screen_reader_meets(page: Page) -> None:
    expect(page.locator("#main")).to_match_aria_snapshot("""
    - main:
      - toolbar "Tools of the text":
        - group "Emphasis":
          - button "Bold"
          - button "Italic"
          - button "Struck through"
      - heading "Here" [level=1]
      - textbox "Text of the chapter"
    """)
    expect(page.locator("#studio-chapters")).to_match_aria_snapshot("""
    - navigation "Chapters":
      - list:
        - listitem:
          - link "1 Before 12 words"
        - listitem:
          - link /2 Here \\d+ words?/
    """)


def test_on_a_phone_the_chapters_are_a_drawer(visit: Visits, writers: list[Person]) -> None:
    visitor = visit(writers.pop(), viewport={"width": 390, "height": 800})
    page = open_studio(visitor)
    chapters = page.locator("#studio-chapters")
    expect(chapters).to_be_hidden()
    page.get_by_role("button", name="Chapters").click()
    expect(chapters.locator(":focus")).to_have_count(1)
    assert_readable(page)
    page.keyboard.press("Escape")
    expect(chapters).to_be_hidden()
    expect(page.get_by_role("button", name="Chapters")).to_be_focused()


def test_without_javascript_the_text_is_typed_previewed_and_saved(visit: Visits, writers: list[Person]) -> None:
    visitor = visit(writers.pop(), java_script_enabled=False)
    assert visitor.person
    page = visitor.go(visitor.person.books["studio"])
    page.get_by_label("Text of the chapter").fill("By *hand*.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".prose em")).to_have_text("hand")
    page.go_back()
    page.get_by_label("Text of the chapter").fill("By *hand*.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Text of the chapter")).to_have_value("By *hand*.")
