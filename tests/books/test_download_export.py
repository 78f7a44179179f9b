"""Fetching a file: logged, by a link that expires, under a name people can read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books.models import Export, ExportState, Visibility
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(organization: Organization, editor: User, author: Client, run_queue: Callable[[], int]) -> Export:
    """The Markdown file of a book with an accent in its title."""
    book = builders.make_book(organization, editor, title="L’été des « abeilles »")
    builders.make_chapter(book)
    author.post(desk.address("export_request", "atelier", book.pk, "markdown"))
    run_queue()
    return desk.rows(Export, organization)[0]


def body(response: Any) -> bytes:
    """The whole streamed answer; reading it to its end closes the file."""
    return b"".join(response.streaming_content)


def test_a_download_is_logged_and_leads_to_the_file(author: Client, editor: User, export: Export) -> None:
    led = author.get(desk.address("download", "atelier", export.pk))
    assert led.status_code == 302
    file = Client().get(led["Location"])
    assert body(file) == desk.content(export)
    assert file["Content-Type"] == "text/markdown"
    assert file["Content-Disposition"].startswith('attachment; filename="lete-des-abeilles.md"')
    assert file["Cache-Control"] == "private, no-store"
    last = desk.entries_of(export)[-1]
    assert (last.action, last.actor_id, last.details) == ("export.downloaded", editor.pk, {"format": "markdown"})


def test_a_link_is_good_for_five_minutes(author: Client, export: Export) -> None:
    link = author.get(desk.address("download", "atelier", export.pk))["Location"]
    with time_machine.travel(timezone.now() + timedelta(seconds=295), tick=False):
        body(Client().get(link))
    with time_machine.travel(timezone.now() + timedelta(seconds=305), tick=False):
        assert Client().get(link).status_code == 404
    assert Client().get(f"{link[:-3]}x/").status_code == 404


def test_a_file_that_is_not_ready_cannot_be_fetched(author: Client, editor: User, organization: Organization) -> None:
    pending = builders.make_export(builders.make_book(organization, editor))
    assert author.get(desk.address("download", "atelier", pending.pk)).status_code == 404
    assert desk.trail(pending) == []


def test_others_cannot_fetch_it(
    export: Export, owner: User, viewer: User, stranger: Client, client_of: Callable[[User], Client]
) -> None:
    address = desk.address("download", "atelier", export.pk)
    elsewhere = desk.address("download", "elsewhere", export.pk)
    assert [stranger.get(address).status_code, stranger.get(elsewhere).status_code] == [404, 404]
    assert [client_of(owner).get(address).status_code, client_of(viewer).get(address).status_code] == [404, 404]
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    assert "export.downloaded" not in desk.trail(export)


def test_an_internal_books_file_is_for_every_member(
    organization: Organization, editor: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    book = builders.make_book(organization, editor, visibility=Visibility.INTERNAL)
    builders.make_chapter(book)
    browser = client_of(owner)
    assert browser.post(desk.address("export_request", "atelier", book.pk, "html")).status_code == 302
    (export,) = desk.rows(Export, organization, book=book)
    assert (export.state, export.requested_by_id) == (ExportState.PENDING, owner.pk)
