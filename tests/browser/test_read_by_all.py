"""Every page for every reader: axe finds nothing, in light and dark, wide and narrow; nothing is wider than 360 px."""

import random
import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import road
from tests.browser.conftest import Visits, is_full
from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.xdist_group("browser")

PUBLIC = ["/", "/pricing/", "/help/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/mail/"]
PUBLIC += ["/accounts/login/code/", "/accounts/oidc/google/login/", "/accounts/3rdparty/login/cancelled/"]
PUBLIC += ["/privacy/request/", "/invitations/look-at-me/", "/nowhere/", "/legal/terms/", "/legal/privacy/1/"]
PUBLIC += ["/books/join/look-at-me/", "/s/look-at-me/"]
PUBLIC += ["/pricing/?interval=year&currency=XOF&pages=350&rush=on", "/pricing/?pages=5000&chapter_count=0"]
SIGNED_IN = [
    "", "books/", "books/?q=nothing+like+it", "books/new/", "outline", "run waiting", "run working", "run failed",
    "run done", "book", "book unfinished", "reader", "studio", "studio empty",
    "/me/profile/", "/accounts/email/", "/accounts/password/change/",
    "/me/security/", "/me/prove/", "/me/sessions/", "/me/sessions/end/",
    "chats", "chats none", "chat", "chat working", "chat rename", "chat delete",
    "sources", "source remove", "book with sources", "reader with sources", "assistant none", "assistant",
    "rewrite", "rewrite working", "rewrite failed", "rewrite passage", "review", "review working", "review failed",
    "versions", "versions none", "version", "versions edited", "versions compare", "versions compare inline",
    "history", "history none", "history nothing like it", "compare", "compare opened", "compare nothing",
    "revision", "revision chapter", "revision restore",
    "book with files", "downloads", "downloads none", "bundles/", "bundles/new/", "bundle new", "bundle",
    "bundle working", "bundle failed",
    "activity/", "activity/?q=nothing+like+it", "activity/?severity=medium", "usage/", "usage full", "book new full",
    "/me/activity/", "/me/contact/", "/me/preferences/", "/me/picture/remove/", "/me/privacy/", "/me/privacy/close/",
    "unsubscribe", "data link", "data confirm", "data over", "reopen", "reopen taken", "reopen as",
    "spending/", "receipt", "receipt none", "book paid for", "run capped",
    "books/?sort=title&q=e", "members/", "members/?q=nothing+like+it", "members/?sort=name", "member", "member suspend",
    "member remove", "hand over", "members/leave/",
    "members/invite/", "members/invitations/", "members/invitations/?state=declined", "members/permissions/",
    "/home/invitations/", "books/private/", "books/private/?q=e", "trash/", "erase", "details", "copy",
    "/accounts/logout/",
    "books/00000000-0000-0000-0000-000000000000/",
    "pictures", "pictures none", "pictures nothing like it", "picture", "picture unused", "picture remove",
    "reader with pictures",
    "collaborators", "collaborators none", "collaborators nothing like it", "collaborator new", "collaborator",
    "collaborator end", "collaborator withdraw", "collaborator leave", "shares", "shares none", "share revoke",
    "publishing", "publishing first", "visits", "visits none", "join", "shared", "shared chapter", "shared password",
    "public book", "public chapter",
    "chapters", "chapters none", "chapters trash", "chapters trash none", "chapter edit", "chapter split",
    "chapter split at", "chapter split nothing", "chapter merge", "chapter merge last", "chapter erase", "replace",
    "replace found", "replace nowhere", "origins", "origins none", "origin", "origin none",
    "people", "people none",
    "comments", "comments filtered", "comments none", "comments beside", "comment", "comment edit", "comment delete",
    "suggestions", "suggestions filtered", "suggestions none", "suggestions beside", "suggestion text",
    "settings/", "settings/looks/", "settings/close/", "/organizations/", "/organizations/new/", "house", "house looks",
    "house close", "house closed",
    "billing/", "billing failing", "billing ending", "billing none", "billing/plans/", "billing/plans/?interval=year",
    "billing plans none", "billing change", "billing change down", "billing/cancel/", "billing resume", "checkout",
    "checkout plan", "purchase preparing", "purchase open", "purchase paid", "purchase failed", "purchase abandoned",
    "purchase review", "errand preview", "errand preview down", "errand waiting", "errand failed", "errand cancelled",
    "errand portal", "billing/credits/", "billing/credits/?q=nothing+like+it", "billing credits none",
    "billing/usage/", "billing/payments/", "billing/payments/?q=pro", "billing payments none", "billing/cards/",
    "billing cards none",
    "card remove",
]  # fmt: skip
EVERY_LOOK = list(product(["light", "dark"], [1360, 390], ["en", "fr"]))
# Unless every combination is asked for, the pages are dealt out among four looks with both of everything.
LOOKS = EVERY_LOOK if is_full() else [EVERY_LOOK[number] for number in (0, 3, 5, 6)]
AXE = Axe()


def dealt(pages: list[str], look: tuple[str, int, str]) -> list[str]:
    """The pages to be looked at so: all of them, or this look's share, the same in every run."""
    if is_full():
        return pages
    return random.Random(2).sample(pages, len(pages))[LOOKS.index(look) :: len(LOOKS)]


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


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_public_pages_are_readable_by_all(visit: Visits, look: tuple[str, int, str]) -> None:
    visitor = visit(**appearance(look))
    visitor.tolerated += ["/nowhere/", "/books/join/look-at-me/", "/s/look-at-me/"]
    for path in dealt(PUBLIC, look):
        assert_readable(visitor.go(path))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_pages_of_members_are_readable_by_all(visit: Visits, site: Site, look: tuple[str, int, str]) -> None:
    collector = site.people[look[2] == "fr"]
    visitor = visit(collector, **appearance(look))
    visitor.tolerated += ["/books/00000000", "/data-confirm/over/"]
    for path in dealt(SIGNED_IN, look):
        assert_readable(visitor.go(collector.books.get(path, path)))


@pytest.mark.parametrize("look", LOOKS if is_full() else LOOKS[1:2], ids=str)
def test_the_page_for_the_code_is_readable_by_all(visit: Visits, look: tuple[str, int, str]) -> None:
    page = visit(**appearance(look)).go("/accounts/password/reset/")
    # An address of its own for each look: one may ask for five codes a minute.
    page.fill("[name=email]", f"nobody-{'-'.join(map(str, look))}@example.org")
    page.click("main form button[class*=btn-primary]")
    page.wait_for_selector("[name=code]")
    assert_readable(page)


@pytest.mark.parametrize("look", LOOKS if is_full() else LOOKS[3:4], ids=str)
def test_the_page_for_a_new_accounts_code_is_readable_by_all(visit: Visits, look: tuple[str, int, str]) -> None:
    page = visit(**appearance(look)).go("/accounts/signup/")
    page.fill("[name=email]", f"{'-'.join(map(str, look))}@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.check("[name=agreed]")
    page.click("main form button[class*=btn-primary]")
    page.wait_for_selector("[name=code]")
    assert_readable(page)


@pytest.mark.parametrize("look", LOOKS if is_full() else LOOKS[1:2], ids=str)
def test_a_run_is_readable_by_all_while_its_words_come(visit: Visits, site: Site, look: tuple[str, int, str]) -> None:
    visitor = visit(site.newcomer(), **appearance(look))
    road.begin(visitor, "Bees Looked At", chapters=1)
    road.wait_for_state(visitor.page, "awaiting_approval")
    site.model.control.latency(token_ms=4)
    site.model.control.fault("hold", purpose="section", after=60)
    road.approve(visitor.page)
    site.model.control.wait_for_waiting()
    expect(visitor(".live-text")).to_contain_text(re.compile(r"(\w+\W+){20}"))
    assert_readable(visitor.page)
    site.model.control.release()
    road.wait_for_state(visitor.page, "completed")


@pytest.mark.parametrize("look", LOOKS if is_full() else LOOKS[2:3], ids=str)
def test_an_empty_home_is_readable_by_all(visit: Visits, site: Site, look: tuple[str, int, str]) -> None:
    assert_readable(visit(site.people[2], **appearance(look)).go(""))
