"""Every way in, walked in a real browser: passkey, app, recovery code, mailed code, Google; and ending sessions."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accounts import authenticator
from tests.browser.conftest import Visits
from tests.browser.site import Person, Site
from tests.browser.test_read_by_all import assert_readable
from tests.browser.visitor import Visitor
from tests.fakes.google import Account

pytestmark = pytest.mark.xdist_group("browser")
HOME = re.compile(r"/o/[^/]+/$")
PRIMARY = "main form:has([name={field}]) button[class*=btn-primary]"


def with_passkeys(visitor: Visitor) -> None:
    """Give the browser a keeper of passkeys that always says yes, as a finger on a sensor would."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def send(page: Page, field: str, text: str) -> None:
    """Fill a form's field and press its one button."""
    page.fill(f"[name={field}]", text)
    page.click(PRIMARY.format(field=field))


def prove(page: Page, person: Person) -> None:
    """Where the page asks for the password once more, give it."""
    page.wait_for_url("**/reauthenticate/**")
    send(page, "password", person.password)


def leave(page: Page) -> None:
    """Sign out, by the button of the sidebar."""
    with page.expect_navigation():  # what the device keeps is looked through first
        page.click("form[action='/accounts/logout/'] button")
    page.wait_for_url(re.compile(r"/$"))


def enter(visitor: Visitor, person: Person) -> Page:
    """Address and password, and whatever is asked next."""
    page = visitor.go("/accounts/login/")
    page.fill("[name=login]", person.email)
    send(page, "password", person.password)
    return page


def set_up_app(visitor: Visitor, person: Person) -> tuple[str, list[str]]:
    """From the page Security to the recovery codes; returns the app's secret and the codes."""
    page = visitor.go("/me/security/")
    page.click("a[href='/accounts/2fa/totp/activate/']")
    prove(page, person)
    assert_readable(page)
    secret = page.locator(".secret").inner_text()
    send(page, "code", authenticator.code(secret))
    expect(page.locator("#codes li")).to_have_count(10)
    assert_readable(page)
    return secret, page.locator("#codes li").all_inner_texts()


def test_a_passkey_is_made_and_opens_the_door_alone(visit: Visits, author: Person) -> None:
    visitor = visit(author)
    with_passkeys(visitor)
    page = visitor.go("/me/security/")
    page.click("a[href='/accounts/2fa/webauthn/add/']")
    prove(page, author)
    assert_readable(page)
    page.fill("[name=name]", "Laptop")
    page.click("[data-passkey=add] button")
    expect(page.locator("#codes li")).to_have_count(10)
    visitor.go("/me/security/")
    expect(page.locator("#passkeys")).to_contain_text("Laptop")
    assert_readable(page)
    leave(page)
    # Chromium offers what it holds beneath the address field, and the finger is on the sensor already.
    page.goto(f"{visitor.site.url}/accounts/login/", wait_until="commit")
    page.wait_for_url(HOME)
    leave(page)
    # A browser that offers nothing by itself: the button asks.
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    visitor.go("/accounts/login/")
    page.click("[data-passkey=sign-in] button")
    page.wait_for_url(HOME)


def test_a_passkey_is_the_second_step_after_a_password(visit: Visits, author: Person) -> None:
    visitor = visit(author)
    with_passkeys(visitor)
    page = visitor.go("/accounts/2fa/webauthn/add/")
    prove(page, author)
    page.click("[data-passkey=add] button")
    expect(page.locator("#codes li")).to_have_count(10)
    other = visit()
    asked = enter(other, author)
    asked.wait_for_url("**/2fa/authenticate/")
    expect(asked.locator("[data-passkey=use] button")).to_be_visible()
    assert_readable(asked)


def test_an_app_is_set_up_and_asked_for_in_french(visit: Visits, site: Site) -> None:
    person = site.newcomer()
    visitor = visit(person, locale="fr")
    page = visitor.go("/me/security/")
    page.click("button[name=language][value=fr]")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    secret, _codes = set_up_app(visitor, person)
    leave(page)
    enter(visitor, person)
    page.wait_for_url("**/2fa/authenticate/")
    assert_readable(page)
    send(page, "code", authenticator.code(secret, halves=1))
    page.wait_for_url("**/2fa/trust/")
    assert_readable(page)
    page.click("[name=action][value=trust]")
    page.wait_for_url(HOME)
    leave(page)
    # Remembered: the second step is not asked for again.
    enter(visitor, person)
    page.wait_for_url(HOME)


def test_a_recovery_code_opens_once(visit: Visits, author: Person) -> None:
    _secret, codes = set_up_app(visit(author), author)
    other = visit()
    page = enter(other, author)
    send(page, "code", codes[0])
    page.wait_for_url("**/2fa/trust/")
    page.click("[name=action][value=skip]")
    page.wait_for_url(HOME)
    other.go("/me/security/")
    expect(page.locator("#codes")).to_contain_text("9")
    leave(page)
    enter(other, author)
    send(page, "code", codes[0])
    expect(page.locator("#id_code_error")).to_be_visible()


def test_a_mailed_code_opens_the_door(visit: Visits, author: Person, site: Site) -> None:
    page = visit().go("/accounts/login/")
    page.click("a[href^='/accounts/login/code/']")
    send(page, "email", author.email)
    send(page, "code", site.code_for(author.email))
    page.wait_for_url(HOME)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_google_opens_an_account_and_then_the_door(visit: Visits, site: Site, language: str) -> None:
    assert site.google
    bee = Account(subject=f"1076915035000-{language}", email=f"bee-{language}@example.org", name="Bea Bee")
    site.google.accounts = [bee]
    first = visit(locale=language)
    page = first.go("/accounts/login/")
    page.click("form[action='/accounts/oidc/google/login/'] button")
    page.get_by_role("link", name=bee.email).click()
    page.wait_for_url("**/3rdparty/signup/")
    expect(page.locator("[name=email]")).to_have_value(bee.email)
    assert_readable(page)
    for box in page.locator("main input[type=checkbox][required]").all():
        box.check()
    page.click(PRIMARY.format(field="email"))
    page.wait_for_url(HOME)
    leave(page)
    again = visit(locale=language)
    page = again.go("/accounts/login/")
    page.click("form[action='/accounts/oidc/google/login/'] button")
    page.get_by_role("link", name=bee.email).click()
    page.wait_for_url(HOME)


def test_turning_back_at_google_leads_back(visit: Visits, site: Site) -> None:
    assert site.google
    site.google.accounts = []
    page = visit().go("/accounts/login/")
    page.click("form[action='/accounts/oidc/google/login/'] button")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/3rdparty/login/cancelled/")
    assert_readable(page)


def test_a_session_is_ended_from_another_browser(visit: Visits, author: Person) -> None:
    here, there = visit(author), visit()
    enter(there, author).wait_for_url(HOME)
    page = here.go("/me/sessions/")
    expect(page.locator(".ways > li")).to_have_count(2)
    assert_readable(page)
    page.click(".ways form button")
    expect(page.locator(".ways > li")).to_have_count(1)
    there.go("/me/security/")
    there.page.wait_for_url("**/accounts/login/**")


def test_all_other_sessions_are_ended_at_once(visit: Visits, author: Person) -> None:
    here, others = visit(author), [visit(), visit()]
    for other in others:
        enter(other, author).wait_for_url(HOME)
    page = here.go("/me/sessions/")
    page.click("a[data-dialog=sessions-end]")
    page.click("#sessions-end button.btn-danger")
    expect(page.locator(".ways > li")).to_have_count(1)
    for other in others:
        other.go("/me/security/")
        other.page.wait_for_url("**/accounts/login/**")


def test_codes_are_copied(visit: Visits, author: Person) -> None:
    visitor = visit(author, permissions=["clipboard-read", "clipboard-write"])
    _secret, codes = set_up_app(visitor, author)
    visitor.page.click("[data-copy=codes]")
    copied: Any = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.split() == codes


def test_the_pages_work_without_javascript(visit: Visits, author: Person) -> None:
    visitor = visit(author, java_script_enabled=False)
    set_up = visitor.go("/accounts/2fa/totp/activate/")
    prove(set_up, author)
    secret = set_up.locator(".secret").inner_text()
    send(set_up, "code", authenticator.code(secret))
    expect(set_up.locator("#codes li")).to_have_count(10)
    visitor.go("/accounts/2fa/webauthn/add/")
    expect(set_up.locator("[data-without-passkeys]")).to_be_visible()
    visitor.go("/me/sessions/")
    expect(set_up.locator(".ways > li")).to_have_count(1)
