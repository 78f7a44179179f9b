"""An organization's looks: colours that can be read, its style sheet, its logo, its e-mails."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from PIL import Image

from accounts.models import User
from books.models import RunState
from books.transitions import runs
from core import colors, tenancy
from organizations.models import Organization
from organizations.queries.branding import DARK, LIGHT, NEEDED, THEMES, Theme, sheet_of, verdict
from tests import builders
from tests.contracts.source import ROOT
from tests.trail import trail

ClientOf = Callable[[User], Client]
LOOKS = "/o/atelier/settings/looks/"
EXOTIC = {"accent": "#6d00a8", "accent_dark": "#9dff3c", "typeface": "sans"}


def picture(color: str = "#1c5560", *, kind: str = "PNG", size: tuple[int, int] = (600, 200)) -> SimpleUploadedFile:
    """A picture of one colour, with something written in it that nobody should keep."""
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", size, color).save(target, kind, exif=exif)
    return SimpleUploadedFile("me at home.png", target.getvalue(), "image/png")


def token(name: str) -> tuple[str, str]:
    """A token's colours on light and dark ground, as the style sheet has them."""
    sheet = (ROOT / "static" / "css" / "tokens.css").read_text()
    found = re.search(rf"^\s*--{name}:\s*light-dark\((#\w+), (#\w+)\)", sheet, re.MULTILINE)
    assert found, name
    return found[1], found[2]


def test_what_colours_are_measured_against_is_what_the_style_sheet_has() -> None:
    grounds = [token(name) for name in ("paper", "surface", "surface-sunk")]
    assert LIGHT.grounds == tuple(light for light, _dark in grounds)
    assert DARK.grounds == tuple(dark for _light, dark in grounds)
    assert (LIGHT.lettering, DARK.lettering) == token("on-accent")
    assert (LIGHT.own, DARK.own) == token("accent")


@pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.field)
def test_our_own_colours_pass(theme: Theme) -> None:
    assert theme.passes(theme.own)
    assert theme.stored(theme.own) == ""


def test_colours_dress_the_organizations_own_pages_in_both_themes(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    client = client_of(owner)
    assert "/brand-" not in client.get("/o/atelier/").content.decode()
    assert client.post(LOOKS, EXOTIC).status_code == 302
    [address] = set(re.findall(r'href="(/o/atelier/brand-\w+\.css)"', client.get("/o/atelier/").content.decode()))
    sheet = client.get(address)
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
    assert sheet.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    css = sheet.content.decode()
    assert "--accent: light-dark(#6d00a8, #9dff3c);" in css
    assert "--heading: var(--sans);" in css
    # What is shown on the pages of one's own account is nobody's brand.
    assert "/brand-" not in client.get("/me/profile/").content.decode()
    [entry] = trail("organization.looks_changed")
    assert entry.changes == {"accent": ["", "#6d00a8"], "accent_dark": ["", "#9dff3c"], "typeface": ["serif", "sans"]}


def test_words_stay_readable_on_what_is_made_of_a_colour(organization: Organization) -> None:
    for color in ["#000000", "#6d00a8", "#0000ff", "#007c62", "#7b6e00"]:
        organization.accent, organization.accent_dark = color, DARK.nearest(color)
        sheet = sheet_of(organization)
        assert sheet
        light, dark = re.search(r"--accent-hover: light-dark\((#\w+), (#\w+)\)", sheet.css).groups()  # type: ignore[union-attr]
        assert colors.contrast(light, LIGHT.lettering) >= NEEDED
        assert colors.contrast(dark, DARK.lettering) >= NEEDED
        light, dark = re.search(r"--accent-wash: light-dark\((#\w+), (#\w+)\)", sheet.css).groups()  # type: ignore[union-attr]
        assert colors.contrast(light, "#1f1a14") >= 7
        assert colors.contrast(dark, "#f1eadf") >= 7


def test_another_colour_is_another_address_and_the_old_one_is_gone(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    client = client_of(owner)
    addresses = []
    for accent in ["#6d00a8", "#00497a"]:
        client.post(LOOKS, EXOTIC | {"accent": accent})
        addresses += re.findall(r"/o/atelier/brand-\w+\.css", client.get("/o/atelier/").content.decode())
    assert len(set(addresses)) == 2
    assert [client.get(one).status_code for one in addresses] == [404, 200]


@pytest.mark.parametrize(("field", "color"), [("accent", "#ffe600"), ("accent", "#ffffff"), ("accent_dark", "#000080")])
def test_a_colour_nobody_can_read_is_refused_with_its_contrast_and_one_that_works(
    field: str, color: str, organization: Organization, owner: User, client_of: ClientOf
) -> None:
    client = client_of(owner)
    answer = client.post(LOOKS, EXOTIC | {field: color})
    theme = next(one for one in THEMES if one.field == field)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{int(theme.ratio(color) * 100) / 100:.2f} : 1" in page
    nearest = re.search(rf'name="{field}" value="(#\w+)"><svg', page)
    assert nearest
    assert theme.passes(nearest[1])
    organization.refresh_from_db()
    assert organization.accent == organization.accent_dark == ""
    # The offered button sends the whole form with its own colour last, as browsers do.
    assert client.post(LOOKS, EXOTIC | {field: [color, nearest[1]]}).status_code == 302


def test_the_dark_shade_is_found_and_ones_own_looks_are_given_up(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    client = client_of(owner)
    client.post(LOOKS, EXOTIC | {"accent_dark": "#000000", "match": "1"})
    organization.refresh_from_db()
    assert DARK.passes(organization.accent_dark)
    client.post(LOOKS, EXOTIC | {"ours": "1", "typeface": "serif"})
    organization.refresh_from_db()
    assert sheet_of(organization) is None


@pytest.mark.parametrize("color", ["red", "#12345", "#12345g", "#fff;} body{display:none", "", "#1234567"])
def test_what_is_no_colour_is_refused(color: str, organization: Organization, owner: User, client_of: ClientOf) -> None:
    assert client_of(owner).post(LOOKS, EXOTIC | {"accent": color}).status_code == 422


def logo_of(client: Client) -> Any:
    """The logo as a browser gets it from the page that shows it."""
    [address] = set(re.findall(r'src="(/o/atelier/logo-\w+\.webp)"', client.get("/o/atelier/").content.decode()))
    return client.get(address)


def test_a_logo_is_drawn_anew_shown_and_replaced(
    organization: Organization, owner: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(owner)
    assert client.post(f"{LOOKS}logo/", {"logo": picture()}).status_code == 302
    answer = logo_of(client)
    body = answer.content
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Image.open(io.BytesIO(body)).size == (256, 85)
    assert b"home" not in body
    organization.refresh_from_db()
    first = organization.logo
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{LOOKS}logo/", {"logo": picture("#a3341c")})
    organization.refresh_from_db()
    assert not default_storage.exists(first)
    assert default_storage.exists(organization.logo)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{LOOKS}logo/", {"remove": "1"})
    assert not default_storage.exists(organization.logo)
    assert "logo-" not in client.get("/o/atelier/").content.decode()
    written = [len(trail(f"organization.logo_{what}")) for what in ("changed", "removed")]
    assert written == [2, 1]


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>hello", b"GIF89a"])
def test_what_is_no_picture_is_refused(
    content: bytes, organization: Organization, owner: User, client_of: ClientOf
) -> None:
    answer = client_of(owner).post(f"{LOOKS}logo/", {"logo": SimpleUploadedFile("logo.png", content, "image/png")})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    organization.refresh_from_db()
    assert organization.logo == ""


def test_looks_are_for_members_alone(
    organization: Organization, owner: User, viewer: User, outsider: User, client_of: ClientOf
) -> None:
    client_of(owner).post(LOOKS, EXOTIC)
    client_of(owner).post(f"{LOOKS}logo/", {"logo": picture()})
    page = client_of(viewer).get("/o/atelier/").content.decode()
    addresses = re.findall(r"/o/atelier/(?:brand|logo)-\w+\.\w+", page)
    assert len(set(addresses)) == 2
    assert {client_of(viewer).get(one).status_code for one in addresses} == {200}
    assert {client_of(outsider).get(one).status_code for one in addresses} == {404}
    assert client_of(viewer).get(LOOKS).status_code == 403


def test_mails_bear_the_organizations_name_and_colours(
    organization: Organization, owner: User, run_queue: Callable[[], int]
) -> None:
    organization.accent, organization.accent_dark = "#6d00a8", "#9dff3c"
    organization.save()
    run = builders.make_run(builders.make_book(organization, owner), state=RunState.OUTLINING)
    with tenancy.declared(organization.pk):
        runs.move(runs.lock(run), RunState.FAILED, problem="x")
    run_queue()
    [sent] = mail.outbox
    html = str(sent.message().get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert '<p class="brand">Atelier</p>' in html
    assert "background: #6d00a8; color: #ffffff" in html
    assert "background: #9dff3c; color: #1f0d07" in html
    assert str(sent.message().get_body(("plain",)).get_content()).startswith("Atelier")  # type: ignore[union-attr]


def test_a_ratio_is_written_as_the_reader_writes_numbers() -> None:
    with override("fr"):
        found = verdict("#ffe600", LIGHT)
    assert found
    assert "4,5 : 1" in found.sentence
    assert f"{found.ratio:.2f} : 1".replace(".", ",") in found.sentence
