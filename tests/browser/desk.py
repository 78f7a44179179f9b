"""What the studio's tests do at the editor: open it, read its text, put another one there."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor

TEXT_NOW = "new FormData(document.getElementById('studio-form')).get('markdown')"
MOUNT = """import("/static/build/editor.js").then(({ mount }) => {
  const form = document.createElement("form");
  form.innerHTML = '<label for="bare">Bare</label><textarea id="bare" name="bare"></textarea>';
  document.getElementById("studio-page").append(form);
  window.bare = mount(form.elements.bare, { language: "en", nonce: document.querySelector("script[nonce]").nonce });
})"""


def open_studio(visitor: Visitor) -> Page:
    """Their chapter in the editor."""
    assert visitor.person
    page = visitor.go(visitor.person.books["studio"])
    expect(content(page)).to_be_visible()
    return page


def content(page: Page) -> Locator:
    """Where one types."""
    return page.locator("#studio-form .cm-content")


def text_of(page: Page) -> str:
    """The text as it would be saved."""
    text: str = page.evaluate(TEXT_NOW)
    return text


def start_with(page: Page, text: str = "") -> None:
    """Replace all there is, by keyboard, and leave the cursor at the end."""
    content(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    if text:
        page.keyboard.insert_text(text)
    assert text_of(page) == text


def mount_bare(page: Page) -> None:
    """An editor of its own, `window.bare`, to be asked what pages do not show."""
    page.evaluate(MOUNT)


def paste(page: Page, *, html: str = "", plain: str = "", picture: bool = False) -> None:
    """What Ctrl+V does with a clipboard that holds this."""
    page.evaluate(
        """({ html, plain, picture }) => {
          const data = new DataTransfer();
          if (html) data.setData("text/html", html);
          if (plain) data.setData("text/plain", plain);
          if (picture) data.items.add(new File(["x"], "bee.png", { type: "image/png" }));
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector("#studio-form .cm-content").dispatchEvent(event);
        }""",
        {"html": html, "plain": plain, "picture": picture},
    )
