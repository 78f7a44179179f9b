"""What goes into the editor comes out of it, byte for byte; its places are code points; its changes are small."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.browser.desk import mount_bare, open_studio, text_of
from tests.browser.site import Person, Site
from tests.browser.studio_population import SHOWN
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
# Anything a form may send, and more often what Markdown and line ends are made of.
TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
        st.sampled_from(
            ["\n", "\n\n", "\t", "  ", "  \n", "\r\n", "# ", "> ", "- ", "1. ", "* * *", "**", "`", "[^1]"]
        ),
        st.sampled_from(
            ["| a | b |\n|---|---|\n| c | d |\n", "![x](picture:1)", "😀", "é", "e\u0301", "\u2028", "\ufeff"]
        ),
    ),
    max_size=12,
).map("".join)
HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
# A text area folds CR itself; what it holds then is what the editor must give back. Every text follows the one before,
# so that the smallest change is found between any two.
THROUGH = """(texts) => texts.map((text) => {
  const area = document.createElement("textarea");
  area.value = text;
  bare.setText(area.value);
  return bare.text();
})"""
PLACES = """({ start, end }) => {
  bare.marks.set([{ id: 1, kind: "comment", start, end }]);
  bare.select(start, end);
  return [bare.selection(), bare.marks.place(1)];
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, shared_site: Site) -> Iterator[Page]:
    """A studio with an editor of its own in it."""
    person = Person(**shared_site.plant("tests.browser.studio_population", "1")[0])
    visitor = Visitor(chromium, shared_site, person)
    open_studio(visitor)
    mount_bare(visitor.page)
    yield visitor.page
    visitor.leave()
    assert not visitor.troubles


@settings(max_examples=25, deadline=None, suppress_health_check=HEALTH)
@given(st.lists(TEXTS, min_size=10, max_size=14))
def test_every_text_comes_out_as_it_went_in(page: Page, texts: list[str]) -> None:
    assert page.evaluate(THROUGH, texts) == [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]


@settings(max_examples=40, deadline=None, suppress_health_check=HEALTH)
@given(TEXTS.filter(bool), st.data())
def test_places_are_code_points(page: Page, text: str, data: st.DataObject) -> None:
    text = page.evaluate(THROUGH, [text])[0]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    selected, place = page.evaluate(PLACES, {"start": start, "end": end})
    assert selected == {"start": start, "end": end, "text": text[start:end]}
    assert place == {"start": start, "end": end}


def test_a_chapter_opened_is_sent_back_as_it_was(page: Page) -> None:
    assert text_of(page) == SHOWN
