"""The road from the front page to the files, as steps a visitor takes with or without JavaScript, in any language.

Controls are found by what they are in the form (name, address), not by their words.
"""

import re
from collections.abc import Collection
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.site import PASSWORD, wait_for
from tests.browser.visitor import Visitor

# The file's ending, what it begins with, and how many bytes a short book has at least.
FORMATS = {
    "markdown": (".md", b"**", 1_000),
    "html": (".html", b"<!doctype html>", 2_000),
    "epub": (".epub", b"PK\x03\x04", 5_000),
    "pdf": (".pdf", b"%PDF-1.", 10_000),
    "docx": (".docx", b"PK\x03\x04", 5_000),
}


def sign_up(visitor: Visitor, email: str, name: str) -> None:
    """From the front page to an empty home, with the code from the mail."""
    page = visitor.page
    page.click("a[href='/accounts/signup/'] >> nth=0")
    page.fill("[name=email]", email)
    page.fill("[name=display_name]", name)
    page.fill("[name=password1]", PASSWORD)
    page.check("[name=agreed]")
    page.click("main form button[class*=btn-primary]")
    page.fill("[name=code]", visitor.site.code_for(email))
    page.click("main form:has([name=code]) button[class*=btn-primary]")
    page.wait_for_url("**/o/**")


def fill_brief(page: Page, title: str, *, chapters: int, words: int = 200) -> None:
    """A new book's form, not sent yet."""
    page.fill("[name=title]", title)
    page.fill("[name=topic]", "Keeping bees above the streets")
    page.fill("[name=chapter_count]", str(chapters))
    page.fill("[name=words_per_chapter]", str(words))


def begin(visitor: Visitor, title: str, *, chapters: int, words: int = 200) -> None:
    """From anywhere signed in to the page of the new book's run."""
    visitor.go(f"/o/{slug(visitor)}/books/new/")
    fill_brief(visitor.page, title, chapters=chapters, words=words)
    visitor.page.click("form[action$='/books/new/'] button[class*=btn-primary]")
    visitor.page.wait_for_url("**/runs/*/")


def slug(visitor: Visitor) -> str:
    """The organization they are in."""
    if visitor.person:
        return visitor.person.slug
    return re.search(r"/o/([^/]+)/", visitor.page.url)[1]  # type: ignore[index]  # every page of the road has it


def wait_for_state(page: Page, state: str, seconds: float = 40.0) -> None:
    """Until the run's page shows that state: by itself, without being told to load again."""
    expect(page.locator(f"[data-run-state={state}]")).to_be_visible(timeout=seconds * 1000)


def look_again(page: Page, selector: str) -> None:
    """Without JavaScript, for who does not wait for the page's own refresh: load it again until that stands there."""

    def stands_there() -> bool:
        if page.locator(selector).count():
            return True
        page.reload()
        return False

    wait_for(stands_there)


def approve(page: Page) -> None:
    """The outline as it stands."""
    page.click("#run-approve")
    page.click("[name=approve]")
    page.wait_for_url("**/runs/*/")


def entry(place: int, field: str) -> str:
    """The selector of one field of the outline's form, by the entry's number in the form."""
    return f"[name=form-{place}-{field}]"


def ask_for_files(page: Page, keys: Collection[str]) -> None:
    """These formats, one after another, on the book's page; then wait until all of them are there.

    All of them, because a download begun meanwhile makes Chromium forget the page's own refresh.
    """
    for key in keys:
        button = page.locator(f"button#file-{key}")
        button.click()
        expect(button).to_have_count(0)
    for key in keys:
        expect(page.locator(f"a#file-{key}")).to_be_visible(timeout=90_000)


def fetch(page: Page, key: str, folder: Path) -> Path:
    """Download a file that was asked for and keep it; its name, first bytes and size are looked at."""
    with page.expect_download() as download:
        page.click(f"a#file-{key}")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    suffix, begins, size = FORMATS[key]
    content = path.read_bytes()
    assert path.suffix == suffix
    assert content.lower().startswith(begins.lower()), content[:20]
    assert len(content) >= size, (key, len(content))
    return path
