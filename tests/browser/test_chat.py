"""The chat in a browser: answers appear word by word in every tab, and nothing typed meanwhile is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import road
from tests.browser.conftest import Visits
from tests.browser.site import Person, Site
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

WORDS = re.compile(r"(\w+\W+){10}")


def book(visitor: Visitor) -> None:
    """From anywhere to the new chat of a book that is only planned."""
    road.begin(visitor, "Bees Talked About", chapters=1)
    road.wait_for_state(visitor.page, "awaiting_approval")
    visitor.page.click(".crumbs a >> nth=1")
    visitor.page.click("a[href$='/chat/']")
    visitor.page.wait_for_url("**/chat/")


def hold(site: Site, *, after: int = 30) -> None:
    """The next answer stops in its middle."""
    site.model.control.latency(token_ms=15)  # words of one burst would wait together for the next
    site.model.control.fault("hold", purpose="chat", after=after)


def ask(page: Page, question: str) -> None:
    """Type a question and press Enter."""
    page.fill("[data-composer]", question)
    page.press("[data-composer]", "Enter")


def test_words_come_while_the_next_question_is_typed_and_in_every_tab(
    visit: Visits, site: Site, author: Person
) -> None:
    visitor = visit(author)
    book(visitor)
    page = visitor.page
    hold(site)
    ask(page, "What is the smoker for?")
    site.model.control.wait_for_waiting()
    expect(page.locator(".live-text")).to_contain_text(WORDS)
    expect(page.locator("[data-composer]")).to_be_focused()
    page.evaluate("() => { window.isTheSamePage = true }")
    page.type("[data-composer]", "And in the rain")
    second = visitor.context.new_page()
    second.goto(page.url)
    expect(second.locator(".live-text")).to_contain_text(WORDS)
    site.model.control.release()
    for tab in (page, second):
        expect(tab.locator("[data-state=completed] .prose")).to_contain_text(WORDS)
    expect(page.locator("#chat-status")).to_contain_text("The answer is there:")
    expect(page.locator("[data-composer]")).to_have_value("And in the rain")
    page.press("[data-composer]", "Shift+Enter")
    page.type("[data-composer]", "too?")
    page.press("[data-composer]", "Enter")
    expect(page.locator("[data-exchange='2'] .asked-text")).to_have_text("And in the rain\ntoo?")
    expect(page.locator("[data-exchange='2'] .prose")).to_contain_text(WORDS)
    expect(page.locator("[data-composer]")).to_be_focused()
    assert page.evaluate("window.isTheSamePage")


def test_an_answer_goes_on_while_nobody_looks_and_is_stopped_by_keyboard(
    visit: Visits, site: Site, author: Person
) -> None:
    visitor = visit(author)
    visitor.tolerated.append("htmx:")  # who leaves a page ends the look it was taking
    book(visitor)
    page = visitor.page
    hold(site)
    ask(page, "Where do I begin?")
    site.model.control.wait_for_waiting()
    expect(page.locator(".live-text")).to_contain_text(WORDS)
    address = page.url
    visitor.go("books/")
    page.goto(address)
    expect(page.locator(".live-text")).to_contain_text(WORDS)
    page.focus("[data-composer]")
    page.keyboard.press("Escape")
    expect(page.locator("#chat-stop")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=cancelled]")).to_be_visible()
    site.model.control.release()
    page.click("#again-1")
    expect(page.locator("[data-exchange='2'] .prose")).to_contain_text(WORDS)


def test_without_any_event_the_answer_comes_all_the_same(visit: Visits, author: Person) -> None:
    visitor = visit(author)
    visitor.tolerated.append("/events/")
    book(visitor)
    visitor.page.route("**/events/**", lambda route: route.abort())
    ask(visitor.page, "What is the smoker for?")
    expect(visitor.page.locator(".prose")).to_contain_text(WORDS)


def test_ideas_are_copied_taken_and_taken_back(visit: Visits, author: Person) -> None:
    visitor = visit(author, permissions=["clipboard-read", "clipboard-write"])
    book(visitor)
    page = visitor.page
    page.click("button[value=titles]")
    expect(page.locator(".idea")).to_have_count(5)
    idea = page.locator(".idea").first.inner_text()
    page.click("[data-copy] >> nth=0")
    expect(page.locator("#chat-status")).to_have_text("Copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == idea
    page.click("#take-1-1")
    expect(page.locator(".crumbs")).to_contain_text(idea)
    page.click("#notices button")
    expect(page.locator(".crumbs")).to_contain_text("Bees Talked About")


def test_everything_works_without_javascript(visit: Visits, author: Person) -> None:
    visitor = visit(author)
    book(visitor)
    plain = visit(author, java_script_enabled=False)
    page = plain.page
    page.goto(visitor.page.url)
    page.click(".suggestion >> nth=1")
    page.wait_for_url(re.compile(r"/chat/[0-9a-f-]{36}/"))
    road.look_again(page, ".prose")
    page.fill("[data-composer]", "And then?")
    page.click("#composer-send")
    road.look_again(page, "[data-exchange='2'] .prose")
    page.click("button[value=scenes]")
    road.look_again(page, ".ideas")
    page.click("a[href$='/delete/']")
    page.click("main .btn-danger")
    page.wait_for_url("**/chat/")
    expect(page.locator(".chat-lines")).to_have_count(0)
