"""A copy of everything about a person: asked for, made by a worker, fetched by nobody else, gone after a week."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.jobs import requests
from accounts.models import DataRequest, DataRequestState, User
from core.models import Lease
from core.redaction import clean
from organizations.models import Organization
from tests import builders

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
RunQueue = Callable[[], int]


def ask(client: Client) -> DataRequest:
    assert client.post(reverse("accounts:export_request")).status_code == 302
    return DataRequest.objects.latest("pk")


def archive_of(request: DataRequest) -> zipfile.ZipFile:
    request.refresh_from_db()
    with default_storage.open(request.file) as stored:
        return zipfile.ZipFile(io.BytesIO(stored.read()))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(f"data/{name}.json"))
    return found


def furnished(organization: Organization, author: User) -> None:
    """A book with everything, and a chat."""
    book = builders.make_book(organization, author, title="Bees & <Roofs>")
    chapter = builders.make_chapter(book)
    builders.make_version(chapter)
    builders.make_rewrite(chapter)
    builders.make_source(book)
    builders.make_turn(builders.make_chat(book, author), question="Why honey?")
    stored = default_storage.save(f"exports/{organization.pk}/{book.pk}/x.epub", ContentFile(b"PK epub"))
    made = {"state": "ready", "file": stored, "file_name": "bees.epub", "sha256": "0" * 64}
    builders.make_download(builders.make_export(book, **made), author)


def test_everything_is_in_it_to_read_and_to_take_elsewhere(
    organization: Organization, owner: User, editor: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    furnished(organization, owner)
    builders.make_book(organization, editor, title="Not Mine")
    request = ask(client_of(owner))
    run_queue()
    archive = archive_of(request)
    names = archive.namelist()
    assert {"index.html", "index.fr.html", "style.css"} <= set(names)
    folder = "books/001-bees-roofs"
    assert archive.read(f"{folder}/01-the-first-hive.md").startswith(b"# The First Hive\n\nA roof is a meadow")
    assert (
        f"{folder}/01-the-first-hive-version-1.md" in names and f"{folder}/sources/01-notes-from-the-roof.txt" in names
    )
    assert archive.read(f"{folder}/files/01-bees.epub") == b"PK epub"
    assert [row["title"] for row in rows(archive, "books")] == ["Bees & <Roofs>"]
    assert rows(archive, "chats")[0]["question"] == "Why honey?"
    assert {row["field"]: row["value"] for row in rows(archive, "profile")}["email"] == owner.email
    assert rows(archive, "memberships")[0]["organization"] == "Atelier"
    assert (
        rows(archive, "rewrites") and rows(archive, "downloads") and rows(archive, "runs") and rows(archive, "consents")
    )
    assert "data_request.made" in {row["action"] for row in rows(archive, "acts")}
    assert not any("Not Mine" in archive.read(name).decode(errors="replace") for name in names)


def test_its_pages_are_readable_in_both_languages_and_fetch_nothing(
    organization: Organization, owner: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    User.objects.filter(pk=owner.pk).update(language="fr")
    furnished(organization, owner)
    request = ask(client_of(owner))
    run_queue()
    archive = archive_of(request)
    french, english = archive.read("index.html").decode(), archive.read("index.en.html").decode()
    assert '<html lang="fr"' in french and '<html lang="en"' in english
    for page in (french, english):
        assert "Bees &amp; &lt;Roofs&gt;" in page
        assert not any(mark in page for mark in ("<script", "http://", "https://", "//cdn", "<img"))
    assert all(not PurePosixPath(name).is_absolute() and ".." not in name for name in archive.namelist())


def test_a_link_is_mailed_that_ends_after_seven_days_and_leaves_no_trace_in_logs(
    owner: User, outsider: User, client: Client, client_of: ClientOf, run_queue: RunQueue
) -> None:
    request = ask(client_of(owner))
    run_queue()
    (message,) = mail.outbox
    assert message.to == [owner.email]
    body = str(message.message().get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has one
    link = next(line for line in body.split() if "/data/" in line)
    assert link.rsplit("/", 2)[1] not in clean(f"GET {link}")
    # Of an account, for who is signed in to it alone.
    assert client.get(urlsplit(link).path)["Location"] == reverse("accounts:privacy")
    download = reverse("accounts:export_download", args=[request.pk])
    assert client_of(outsider).get(download).status_code == 404
    page = client_of(owner).get(reverse("accounts:privacy")).content.decode()
    assert download in page
    file = client_of(owner).get(download)["Location"]
    fetched = client.get(file)
    assert fetched["Content-Disposition"].startswith("attachment")
    b"".join(fetched.streaming_content)  # type: ignore[attr-defined]  # a file, closed at its end
    DataRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client_of(owner).get(download).status_code == 404
    Lease.objects.filter(pk=request.pk).update(available_at=timezone.now())
    name = DataRequest.objects.get().file
    run_queue()
    request.refresh_from_db()
    assert (request.state, request.file) == (DataRequestState.EXPIRED, "") and not default_storage.exists(name)


def test_asked_twice_it_is_made_once(owner: User, client_of: ClientOf, run_queue: RunQueue) -> None:
    client = client_of(owner)
    assert ask(client).pk == ask(client).pk
    assert client.get(reverse("accounts:privacy"), headers={"HX-Request": "true"}).status_code == 204
    run_queue()
    assert len(mail.outbox) == 1
    assert client.get(reverse("accounts:privacy"), headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_is_followed_by_one_that_ends_the_same(
    organization: Organization, owner: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    furnished(organization, owner)
    request = ask(client_of(owner))
    # What a killed worker leaves: its lease, run out, and half a file where the whole one belongs.
    default_storage.save(f"data/{request.pk}.zip", ContentFile(b"half"))
    past = timezone.now() - timedelta(minutes=1)
    Lease.objects.filter(pk=request.pk).update(holder=request.pk, held_until=past)
    run_queue()
    assert archive_of(request).testzip() is None
    requests.answer(request.pk)  # the message of the one before arrives late
    assert len(mail.outbox) == 1 and DataRequest.objects.get().state == DataRequestState.READY


def test_memory_does_not_grow_with_the_data(
    organization: Organization, owner: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    import tracemalloc

    book = builders.make_book(organization, owner)
    for position in range(1, 13):
        builders.make_chapter(book, position=position, markdown="x y z " * 200_000)
    ask(client_of(owner))
    tracemalloc.start()
    run_queue()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * 1_200_000 / 2  # all chapters together are twice that
