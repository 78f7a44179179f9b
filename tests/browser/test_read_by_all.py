"""Every page for every reader: axe finds nothing, in light and dark, wide and narrow; nothing is wider than 360 px."""

import random
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visits, is_full
from tests.browser.site import Site

pytestmark = pytest.mark.xdist_group("browser")

PUBLIC = ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/mail/", "/nowhere/"]
SIGNED_IN = [
    "", "books/", "books/?q=nothing+like+it", "books/new/", "outline", "run waiting", "run working", "run failed",
    "run done", "book", "book unfinished", "reader", "/me/profile/", "/accounts/email/", "/accounts/password/change/",
    "/accounts/logout/", "books/00000000-0000-0000-0000-000000000000/",
]  # fmt: skip
LOOKS = list(product(["light", "dark"], [1360, 390], ["en", "fr"]))
AXE = Axe()


def looks_of(page: str) -> list[tuple[str, int, str]]:
    """Every look of a page, or of each page another one: together they cover all."""
    pages = [*PUBLIC, *SIGNED_IN, "/code/", "/empty/"]
    return LOOKS if is_full() else [LOOKS[(pages.index(page) * 3 + random.Random(page).randrange(2)) % len(LOOKS)]]


def assert_readable(page: Page) -> None:
    """No violation that axe knows, no scrolling sideways on the narrowest screen."""
    found = AXE.run(page)
    assert not found.violations_count, found.generate_report()
    assert_fits(page)


def assert_fits(page: Page) -> None:
    """At 360 px nothing sticks out; the viewport is put back."""
    before = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    if before:
        page.set_viewport_size(before)


def appearance(look: tuple[str, int, str]) -> dict[str, object]:
    """Options of the visitor's browser."""
    scheme, width, language = look
    return {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "locale": language}


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_readable_by_all(visit: Visits, path: str) -> None:
    for look in looks_of(path):
        visitor = visit(**appearance(look))
        visitor.tolerated.append("/nowhere/")
        assert_readable(visitor.go(path))


@pytest.mark.parametrize("path", SIGNED_IN)
def test_pages_of_members_are_readable_by_all(visit: Visits, site: Site, path: str) -> None:
    for look in looks_of(path):
        collector = site.people[look[2] == "fr"]
        visitor = visit(collector, **appearance(look))
        visitor.tolerated.append("/books/00000000")
        assert_readable(visitor.go(collector.books.get(path, path)))


def test_the_way_in_is_readable_by_all(visit: Visits, site: Site) -> None:
    for look in looks_of("/code/"):
        page = visit(**appearance(look)).go("/accounts/password/reset/")
        page.fill("[name=email]", "reader-1@example.org")
        page.click("main form button[class*=btn-primary]")
        page.wait_for_selector("[name=code]")
        assert_readable(page)


def test_an_empty_home_is_readable_by_all(visit: Visits, site: Site) -> None:
    for look in looks_of("/empty/"):
        assert_readable(visit(site.people[2], **appearance(look)).go(""))
