"""The site, the browser, and visitors who notice everything that goes wrong on a page."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.site import Person, Site
from tests.browser.visitor import PATIENCE_MS, Visitor
from tests.fakes.google import FakeGoogle
from tests.fakes.llm import FakeLanguageModel
from tests.fakes.stripe import sandbox

PEOPLE = 48
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
]
Visits = Callable[..., Visitor]


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Started once: a dozen processes take seconds."""
    with FakeLanguageModel() as model, FakeGoogle() as google, sandbox() as stripe:
        site = Site(tmp_path_factory.mktemp("browser"), model, stripe, google)
        try:
            site.start(PEOPLE)
            yield site
        finally:
            site.stop()


@pytest.fixture
def site(shared_site: Site) -> Site:
    """The site with a model that answers at once and no fault left over."""
    shared_site.model.control.reset()
    shared_site.model.control.latency(first_byte_ms=0, token_ms=0)
    return shared_site


# Not for the whole session: Playwright's event loop runs in this thread, and Django's ORM, which tests elsewhere use
# directly, refuses to work in a thread that has one.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium: Playwright's own download does not work everywhere."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS)
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visits]:
    """Open a browser nobody has used; options are those of a Playwright context, and `person` is signed in."""
    visitors: list[Visitor] = []

    def arrive(person: Person | None = None, **options: object) -> Visitor:
        visitor = Visitor(chromium, site, person, **options)
        visitors.append(visitor)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.leave()
    for visitor in visitors:
        assert not visitor.troubles


@pytest.fixture
def author(site: Site) -> Person:
    """Somebody without any book, never the same twice."""
    return site.newcomer()


@pytest.fixture
def collector(site: Site) -> Person:
    """Somebody with a shelf of books in every state; nothing is changed on it."""
    return site.people[0]


def is_full() -> bool:
    """Whether `bin/test --full` asks for every combination instead of a sample."""
    return bool(os.environ.get("SCRIPTORIUM_FULL"))
