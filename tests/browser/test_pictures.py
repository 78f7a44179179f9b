"""Pictures, in a browser: chosen, described, sent, put into the text and read there."""

import base64
import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.site import Site
from tests.browser.test_read_by_all import assert_readable
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")
# What a browser does when a picture is pasted or dropped into the text: the same file, by the same event.
PASTE = """([place, encoded]) => {
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
  document.querySelector(place).dispatchEvent(event);
}"""


def picture(folder: Path, name: str, colour: str, size: tuple[int, int] = (400, 300)) -> Path:
    """A file to upload."""
    path = folder / name
    Image.new("RGB", size, colour).save(path)
    return path


def encoded(colour: str) -> str:
    """A small picture in base 64."""
    target = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(target, "PNG")
    return base64.b64encode(target.getvalue()).decode()


def dialog(page: Page) -> Any:
    """What asks about a picture."""
    return page.get_by_role("dialog", name="Add a picture")


def at(visit: Visits, site: Site, place: str, **options: Any) -> Visitor:
    """The collector at one of the planted addresses."""
    visitor = visit(site.people[0], **options)
    visitor.go(site.people[0].books[place])
    return visitor


def test_several_pictures_are_described_and_sent_one_after_the_other(visit: Visits, site: Site, tmp_path: Path) -> None:
    visitor = at(visit, site, "pictures none")
    page = visitor.page
    expect(page.get_by_text("No pictures yet")).to_be_visible()
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Choose pictures").press("Enter")
    files = [picture(tmp_path, f"{colour}.png", colour) for colour in ("teal", "olive", "navy")]
    chosen.value.set_files(files)
    asked = dialog(page)
    expect(asked.get_by_text("1 of 3")).to_be_visible()
    expect(asked.locator("canvas")).to_be_visible()
    assert_readable(page)
    expect(asked).to_match_aria_snapshot(
        """
        - dialog "Add a picture":
          - heading "Add a picture 1 of 3" [level=2]
          - paragraph: teal.png
          - textbox /What it shows/
          - checkbox "It only decorates"
          - button "Cancel"
          - button "Skip this one"
          - button "Upload"
        """
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(asked.get_by_text("Say what the picture shows")).to_be_visible()
    page.keyboard.type("A teal roof")
    asked.get_by_role("button", name="Upload").press("Enter")
    expect(asked.get_by_text("2 of 3")).to_be_visible()
    asked.get_by_role("button", name="Skip this one").press("Enter")
    expect(asked.get_by_text("3 of 3")).to_be_visible()
    asked.get_by_role("checkbox").press("Space")
    asked.get_by_role("button", name="Upload").press("Enter")
    names = page.locator(".plate-name")
    expect(names).to_have_text(["navy.png", "teal.png"])
    expect(page.get_by_text("A teal roof")).to_be_visible()


def test_what_is_no_picture_is_refused_in_the_dialog(visit: Visits, site: Site, tmp_path: Path) -> None:
    visitor = at(visit, site, "pictures")
    before = visitor(".plate-name").count()
    visitor.tolerated.append("422")
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture at all")
    with visitor.page.expect_file_chooser() as chosen:
        visitor.page.get_by_role("button", name="Choose pictures").click()
    chosen.value.set_files([broken])
    asked = dialog(visitor.page)
    asked.get_by_role("textbox").fill("A roof")
    asked.get_by_role("button", name="Upload").click()
    expect(asked.get_by_text("Choose a picture in JPEG, PNG, WebP or GIF format.")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(asked).not_to_be_visible()
    expect(visitor(".plate-name")).to_have_count(before)


def test_a_picture_goes_into_the_text_from_the_panel_by_keyboard_alone(visit: Visits, site: Site) -> None:
    visitor = at(visit, site, "studio with pictures")
    page = visitor.page
    open_panel(visitor)
    insert = page.get_by_role("button", name=re.compile("Insert map-of"))
    expect(insert).to_be_visible()
    assert_readable(page)
    insert.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The picture is in the text.")).to_be_visible()
    assert "![Where the hives stand](picture:" in text_of(page)


def test_the_panel_describes_and_finds_without_leaving_the_studio(visit: Visits, site: Site) -> None:
    visitor = at(visit, site, "studio with pictures")
    page = visitor.page
    open_panel(visitor)
    side = page.locator("#studio-side")
    side.get_by_role("searchbox").fill("basin")
    side.get_by_role("searchbox").press("Enter")
    expect(side.locator(".plate")).to_have_count(1)
    expect(side.locator("#panel.htmx-added")).to_have_count(0)  # from then on its links stay in the studio
    side.get_by_role("link", name=re.compile("^Describe")).press("Enter")
    described = side.get_by_role("textbox", name="What it shows")
    described.fill("A basin of water, in the shade of a chimney")
    side.get_by_role("button", name="Save").press("Enter")
    expect(side.get_by_text("The description is saved.")).to_be_visible()
    expect(side.get_by_text("in the shade of a chimney")).to_be_visible()
    assert page.url.endswith("/edit/")


def test_a_pasted_picture_is_asked_about_and_stands_in_the_text(visit: Visits, site: Site) -> None:
    visitor = at(visit, site, "studio with pictures")
    page = visitor.page
    expect(page.locator(".cm-content")).to_be_visible()
    page.evaluate(PASTE, [".cm-content", encoded("tomato")])
    asked = dialog(page)
    asked.get_by_role("textbox").fill("A tomato")
    asked.get_by_role("button", name="Upload").press("Enter")
    expect(asked).not_to_be_visible()
    assert "![A tomato](picture:" in text_of(page)


def test_pictures_of_the_text_are_read_with_their_captions(visit: Visits, site: Site) -> None:
    page = at(visit, site, "reader with pictures").page
    figure = page.locator(".prose").get_by_role("figure", name="The hive at dusk")
    expect(figure).to_match_aria_snapshot(
        """
        - figure "The hive at dusk":
          - img "A hive between two chimneys, at dusk"
          - text: The hive at dusk
        """
    )
    for shown in page.locator(".prose img").all():
        shown.scroll_into_view_if_needed()
        expect(shown).to_have_js_property("complete", True)
        assert shown.evaluate("one => one.naturalWidth") > 0
    assert_readable(page)


def test_without_scripts_a_form_takes_a_picture(visit: Visits, site: Site, tmp_path: Path) -> None:
    visitor = at(visit, site, "pictures", java_script_enabled=False)
    page = visitor.page
    page.get_by_label("Picture", exact=True).set_input_files(picture(tmp_path, "plain.png", "gold"))
    page.get_by_role("textbox", name="What it shows").fill("A golden roof")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("“plain.png” is among the pictures of this book.")).to_be_visible()
    page.get_by_role("link", name="Remove plain.png").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Removed: plain.png.")).to_be_visible()


def open_panel(visitor: Visitor) -> None:
    """Open the side of the studio with the pictures in it."""
    page = visitor.page
    expect(page.locator("#studio[data-live]")).to_be_attached()
    if not page.locator("#studio-side").is_visible():
        page.get_by_role("button", name="Beside the text").click()
    page.locator('.studio-tabs [data-panel="pictures"]').click()
    expect(page.locator("#studio-side .pictures-panel")).to_be_visible()


def text_of(page: Page) -> str:
    """The text as it would be saved."""
    return str(page.evaluate("new FormData(document.getElementById('studio-form')).get('markdown')"))
