"""A book is worked on together and read from outside, by keyboard alone, in both languages, without JavaScript too.

What a screen reader is told of the main regions is looked at on the way.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from core import mail_folder
from tests.browser.conftest import Visits
from tests.browser.site import PASSWORD, Person, Site, wait_for
from tests.browser.test_press_keys import tab_to, type_into
from tests.browser.test_read_by_all import assert_readable
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
AUTHORS = 6
JOIN = re.compile(r"https?://[^/\s]+(/books/join/[\w-]+/)")
MAIN_BUTTON = "main form .btn-primary"
FIRST_CHAPTER = "main a.btn-primary[href$='/1/']"
WAYS = [("fr", False), ("en", True)]  # by the author's number: even ones read French


@pytest.fixture(scope="module")
def authors(shared_site: Site) -> list[Person]:
    """Ninas, each with a book in review of which nobody knows."""
    return [Person(**one) for one in shared_site.plant("tests.browser.planted_sharing", "0", str(AUTHORS))]


def enter(page: Page, selector: str) -> None:
    """Go there by Tab and press Enter."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def follow(page: Page, selector: str, address: str) -> None:
    """Do so where it leads to another page, and wait for that."""
    enter(page, selector)
    page.wait_for_url(address)


def open_from_menu(host: Visitor, ending: str) -> Page:
    """The page about the book that its menu leads to, by that address."""
    assert host.person
    page = host.go(host.person.books["book"])
    enter(page, ".menu summary")
    follow(page, f".menu-in a[href$='/{ending}/']", f"**/{ending}/")
    return page


def invite(host: Visitor, email: str) -> str:
    """Offer a part in the book, as an editor; the link that was mailed."""
    page = open_from_menu(host, "collaborators")
    follow(page, "header a[href$='/collaborators/new/'], main a[href$='/collaborators/new/']", "**/collaborators/new/")
    type_into(page, "[name=emails]", email)
    tab_to(page, "[name=role]")
    page.keyboard.press("ArrowDown")
    type_into(page, "[name=message]", "Come and look at my bees.")
    enter(page, MAIN_BUTTON)
    expect(page.locator(".collaborators")).to_contain_text(email)
    return wait_for(lambda: mailed_link(host.site, email))


def mailed_link(site: Site, email: str) -> str:
    """In the newest mail to that address; "" before there is one."""
    mails = mail_folder.read(site.stack.services["mail"].folder)
    links = (JOIN.search(mail.text) for mail in mails if mail.recipient == email)
    return next((link[1] for link in links if link), "")


def accept(page: Page) -> None:
    """Take the part that is offered, and stand before the book."""
    page.wait_for_url("**/books/joining/*/")
    follow(page, "button[value=accept]", "**/o/readers-*/books/*/")
    expect(page.locator("h1")).to_have_text("Honey Above the Traffic")


def test_somebody_new_is_invited_signs_up_and_opens_the_studio(visit: Visits, authors: list[Person]) -> None:
    host, guest = visit(authors[1]), visit()
    email = f"edna@{authors[1].slug}.example.org"
    page = guest.go(invite(host, email))
    expect(page.locator("main")).to_match_aria_snapshot(
        f"""
        - main:
          - heading "Work on “Honey Above the Traffic”" [level=1]
          - paragraph: /Nina Author of Readers \\d+ invites you to this book, as editor./
          - blockquote: Come and look at my bees.
          - term: Sent to
          - definition: {email}
          - button "Create an account and join"
          - 'button "I have an account: sign in"'
          - button "No, thank you"
        """
    )
    follow(page, "button[value=sign_up]", "**/accounts/signup/**")
    expect(page.locator("[name=email]")).to_have_value(email)
    type_into(page, "[name=display_name]", "Edna Editor")
    type_into(page, "[name=password1]", PASSWORD)
    tab_to(page, "[name=agreed]")
    page.keyboard.press("Space")
    enter(page, MAIN_BUTTON)
    accept(page)
    follow(page, "main a[href$='/chapters/']", "**/chapters/")
    follow(page, "main a[href$='/edit/']", "**/chapters/*/edit/")
    expect(page.locator("#studio-form .cm-content")).to_contain_text("A roof is a meadow")
    page = open_from_menu(host, "collaborators")
    expect(page.locator(".collaborators")).to_match_aria_snapshot(
        """
        - list:
          - listitem:
            - text: /Edna Editor edna@readers-.+ invited by Nina Author .+ Editor Active/
            - link "Change the role Edna Editor"
            - link "End Edna Editor"
        """
    )
    assert_readable(page)


def test_somebody_known_signs_in_and_works_along_without_scripts_in_french(
    visit: Visits, site: Site, authors: list[Person]
) -> None:
    host = visit(authors[0], locale="fr", java_script_enabled=False)
    known = site.newcomer()
    guest = visit(locale="fr", java_script_enabled=False)
    page = guest.go(invite(host, known.email))
    follow(page, "button[value=sign_in]", "**/accounts/login/**")
    type_into(page, "[name=login]", known.email)
    type_into(page, "[name=password]", known.password)
    page.keyboard.press("Enter")
    accept(page)
    page = open_from_menu(host, "collaborators")
    follow(page, ".collaborators a[href$='/end/']", "**/end/")
    follow(page, "main form .btn-danger", "**/collaborators/")
    guest.tolerated.append("404")
    guest.page.reload()
    expect(guest.page.locator("h1")).not_to_contain_text("Honey")


@pytest.mark.parametrize("way", [0, 1])
def test_who_has_the_link_and_its_password_reads_until_it_is_revoked(
    visit: Visits, authors: list[Person], way: int
) -> None:
    language, script = WAYS[way]
    options = {"locale": language, "java_script_enabled": script}
    host, reader = visit(authors[2 + way], **options), visit(**options)
    page = open_from_menu(host, "sharing")
    type_into(page, "main [name=label]", "Ada, my agent")
    type_into(page, "main [name=password]", "meadow-27")
    page.keyboard.press("Enter")
    link = page.locator(".links-url code").inner_text()
    if script:
        assert_readable(page)
    reader.tolerated += ["422", "404"]
    read = reader.go(link.removeprefix(reader.site.url))
    for password in ("meadow-28", "meadow-27"):
        expect(read.locator("main")).not_to_contain_text("On the Balcony")
        expect(read.locator("[name=password]")).to_be_focused()
        read.keyboard.type(password)
        read.keyboard.press("Enter")
        expect(read.locator("main [role=alert]" if password == "meadow-28" else FIRST_CHAPTER)).to_be_visible()
    follow(read, FIRST_CHAPTER, "**/1/")
    expect(read.locator(".prose")).to_contain_text("A roof is a meadow")
    follow(page, ".links a[href$='/revoke/']", "**/revoke/")
    enter(page, "main form .btn-danger")
    expect(page.locator(".links code")).to_have_count(0)
    read.reload()
    expect(read.locator("main")).to_match_aria_snapshot(GONE[language])


GONE = {
    "en": """
    - main:
      - heading "This link leads nowhere any more" [level=1]
      - link "To the front page"
    """,
    "fr": """
    - main:
      - heading "Ce lien ne mène plus nulle part" [level=1]
      - link "Vers la page d’accueil"
    """,
}


@pytest.mark.parametrize("way", [0, 1])
def test_a_published_book_is_read_by_everybody_until_it_is_taken_back(
    visit: Visits, authors: list[Person], way: int
) -> None:
    language, script = WAYS[way]
    options = {"locale": language, "java_script_enabled": script}
    host, reader = visit(authors[4 + way], **options), visit(**options)
    page = open_from_menu(host, "publishing")
    enter(page, MAIN_BUTTON)
    link = page.locator("#public-url").inner_text()
    if script:
        assert_readable(page)
    reader.tolerated.append("404")
    read = reader.go(link.removeprefix(reader.site.url))
    expect(read.locator("main")).to_match_aria_snapshot(FRONT[language])
    follow(read, FIRST_CHAPTER, "**/1/")
    expect(read.locator("main")).to_match_aria_snapshot(
        """
        - main:
          - article:
            - heading "On the Balcony" [level=1]
            - paragraph: A roof is a meadow that nobody mows.
            - blockquote
          - navigation:
            - link /What Flowers When/
        """
    )
    enter(read, "a[rel=next]")
    expect(read.locator("h1")).to_have_text("What Flowers When")
    enter(page, "main a[href='#take-back']")
    enter(page, "#take-back .btn-danger")
    expect(page.locator("#public-url")).to_have_count(0)
    read.reload()
    expect(read.locator("main")).not_to_contain_text("A roof")


FRONT = {
    "en": """
    - main:
      - article:
        - heading "Honey Above the Traffic" [level=1]
        - paragraph:
          - link "Begin to read"
        - region "Contents":
          - heading "Contents" [level=2]
          - list:
            - listitem:
              - link "1 On the Balcony 21 words"
            - listitem:
              - link "2 What Flowers When 21 words"
    """,
    "fr": """
    - main:
      - article:
        - heading "Honey Above the Traffic" [level=1]
        - paragraph:
          - link "Commencer la lecture"
        - region "Sommaire":
          - heading "Sommaire" [level=2]
          - list:
            - listitem:
              - link "1 On the Balcony 21 mots"
    """,
}
