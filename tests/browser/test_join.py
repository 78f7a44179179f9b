"""An invitation by mail, to somebody new and to somebody known, in both languages, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from core import mail_folder
from tests.browser.conftest import Visits
from tests.browser.site import PASSWORD, Site, wait_for
from tests.browser.test_read_by_all import assert_readable
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
LINK = re.compile(r"https?://[^/\s]+(/invitations/[\w-]+/)")


def invite(host: Visitor, email: str, language: str) -> str:
    """Send the form, as a guest, who needs no seat; the link that was mailed."""
    page = host.go("members/invite/")
    page.fill("[name=emails]", email)
    page.select_option("select[name=role]", "guest")
    page.select_option("select[name=language]", language)
    page.fill("[name=message]", "We need somebody who knows bees.")
    page.click("main form:has([name=emails]) .btn-primary")
    expect(page.locator(".invitations")).to_contain_text(email)
    return wait_for(lambda: mailed_link(host.site, email))


def mailed_link(site: Site, email: str) -> str:
    """In the newest mail to that address; "" before there is one."""
    mails = mail_folder.read(site.stack.services["mail"].folder)
    links = (LINK.search(mail.text) for mail in mails if mail.recipient == email)
    return next((link[1] for link in links if link), "")


def choose(page: Page, choice: str) -> None:
    """Press a button of the offer."""
    page.click(f"button[name=do][value={choice}]")


@pytest.mark.parametrize(("language", "script"), [("fr", True), ("en", False)])
def test_somebody_new_joins_without_a_code(visit: Visits, site: Site, language: str, script: bool) -> None:
    host = visit(site.newcomer())
    email = f"new-{language}@example.org"
    link = invite(host, email, language)
    guest = visit(locale=language, java_script_enabled=script)
    page = guest.go(link)
    if script:
        assert_readable(page)
    choose(page, "sign_up")
    expect(page.locator("[name=email]")).to_have_value(email)
    page.fill("[name=display_name]", "Nora New")
    page.fill("[name=password1]", PASSWORD)
    page.check("[name=agreed]")
    page.click("main form:has([name=password1]) .btn-primary")
    page.wait_for_url("**/home/invitations/*/")
    choose(page, "accept")
    page.wait_for_url(f"**/o/{host.person.slug if host.person else ''}/")
    expect(host.go("members/").locator(".members")).to_contain_text("Nora New")
    assert guest.troubles == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_somebody_known_joins_with_a_click(visit: Visits, site: Site, language: str) -> None:
    host, known = visit(site.newcomer()), site.newcomer()
    link = invite(host, known.email, language)
    guest = visit(known, locale=language)
    page = guest.go(link)
    assert_readable(page)
    choose(page, "accept")
    page.wait_for_url(f"**/o/{host.person.slug if host.person else ''}/")
    guest.tolerated.append("404")
    page.goto(link)
    expect(page.locator("h1")).not_to_contain_text("Join")
    assert guest.troubles == []
