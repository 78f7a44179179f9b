"""Pasting: what Word, Google Docs and the web put on the clipboard becomes clean Markdown, and nothing of it runs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import clipboards
from tests.browser.conftest import Visits
from tests.browser.desk import open_studio, paste, start_with, text_of
from tests.browser.site import Person, Site

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="session")
def writers(shared_site: Site) -> list[Person]:
    """People with a chapter each."""
    return [Person(**one) for one in shared_site.plant("tests.browser.studio_population", "4")]


@pytest.fixture
def page(visit: Visits, writers: list[Person]) -> Page:
    """An empty chapter."""
    page = open_studio(visit(writers.pop()))
    start_with(page)
    return page


def test_what_other_programs_copy_is_clean_markdown(page: Page) -> None:
    for html, markdown in [
        (clipboards.WORD, clipboards.WORD_MARKDOWN),
        (clipboards.GOOGLE_DOCS, clipboards.GOOGLE_DOCS_MARKDOWN),
        (clipboards.WEB, clipboards.WEB_MARKDOWN),
    ]:
        start_with(page)
        paste(page, html=html, plain="never this")
        assert text_of(page) == markdown
        page.keyboard.press("Control+z")
        assert text_of(page) == ""
    assert page.evaluate("document.documentElement.dataset.owned") is None
    expect(page.locator("#studio-notices")).to_contain_text("Pictures of what you pasted were left out")


def test_pasted_notes_are_numbered_on(page: Page) -> None:
    start_with(page, "Old.[^4]\n\n[^4]: Older.\n\n")
    paste(page, html=clipboards.WORD)
    assert "a *roof*.[^5]" in text_of(page)
    assert "[^5]: A week is *enough*." in text_of(page)


def test_plain_text_stays_what_it_is_and_a_word_stays_in_its_sentence(page: Page) -> None:
    paste(page, plain="* as\r\ntyped <b>\r")
    assert text_of(page) == "* as\ntyped <b>\n"
    start_with(page, "A roof ")
    paste(page, html="<p>is a <em>meadow</em></p>", plain="is a meadow")
    assert text_of(page) == "A roof is a *meadow*"
    paste(page, html="<ul><li>one</li></ul>")
    assert text_of(page) == "A roof is a *meadow*\n\n- one"


def test_a_picture_is_handed_to_who_takes_pictures_or_refused_in_words(page: Page) -> None:
    paste(page, picture=True)
    assert text_of(page) == "" or "picture:" in text_of(page)
    expect(page.locator("#studio-notices, #studio-side, dialog[open]").filter(has_text="icture").first).to_be_visible()
