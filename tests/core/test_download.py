"""Stored files: private, behind links that end after five minutes, in a folder and in a bucket."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from moto.server import ThreadedMotoServer

from core.storage import BucketStorage, FolderStorage, disposition

BUCKET = "books"


def link_to(name: str) -> str:
    """A link that downloads under a name that is not plain ASCII."""
    assert isinstance(default_storage, FolderStorage)
    return default_storage.download_url(name, "Bienen – Élan.epub")


@pytest.fixture
def link() -> str:
    """A link to a stored file."""
    return link_to(default_storage.save("exports/one.epub", ContentFile(b"pages")))


@pytest.mark.django_db
def test_a_fresh_link_downloads_under_its_name(link: str, client: Client) -> None:
    response = client.get(link)
    assert (response.status_code, response.getvalue()) == (200, b"pages")
    assert response.headers["Content-Type"] == "application/epub+zip"
    assert response.headers["Content-Disposition"] == disposition("Bienen – Élan.epub")
    assert response.headers["Cache-Control"] == "private, no-store"
    response.close()


@pytest.mark.django_db
def test_a_link_ends_after_five_minutes(link: str, client: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=4, seconds=50), tick=False):
        fresh = client.get(link)
        assert fresh.status_code == 200
        fresh.close()
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=10), tick=False):
        assert client.get(link).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("part", [0, 1, -1])
def test_a_link_somebody_touched_is_not_found(part: int, link: str, client: Client) -> None:
    token = link.rstrip("/").rpartition("/")[2]
    pieces = token.split(":")
    pieces[part] = pieces[part][::-1]
    assert client.get(reverse("signed_file", args=[":".join(pieces)])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "a:b:c", "é", "." * 300])
def test_a_made_up_link_is_not_found(token: str, client: Client) -> None:
    assert client.get(reverse("signed_file", args=[token])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["exports/gone.epub", "../settings.py", "/etc/hostname"])
def test_a_link_to_what_is_not_stored_is_not_found(name: str, client: Client) -> None:
    assert client.get(link_to(name)).status_code in {400, 404}


@pytest.mark.parametrize("name", ['a"b.pdf', "a\r\nSet-Cookie: x", "Élan.pdf", "", "🐝.pdf"])
def test_no_name_breaks_the_header(name: str) -> None:
    value = disposition(name)
    assert value.isascii()
    assert "\r" not in value
    assert "\n" not in value
    assert value.startswith('attachment; filename="')


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[str]:
    """An S3 server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(bucket_server: str, settings: Any) -> BucketStorage:
    """The bucket as the settings describe it."""
    storage = BucketStorage(
        bucket_name=BUCKET,
        endpoint_url=bucket_server,
        region_name="us-east-1",
        access_key="test",
        secret_key="test",
        addressing_style="path",
        default_acl=None,
        querystring_auth=True,
        querystring_expire=settings.SIGNED_URL_SECONDS,
        signature_version="s3v4",
    )
    storage.connection.create_bucket(Bucket=BUCKET)
    return storage


def test_a_bucket_serves_presigned_downloads_for_five_minutes(bucket: BucketStorage) -> None:
    name = bucket.save("exports/one.epub", ContentFile(b"pages"))
    with bucket.open(name) as stored:
        assert stored.read() == b"pages"
    url = bucket.download_url(name, "Bienen – Élan.epub")
    asked = parse_qs(urlsplit(url).query)
    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["response-content-disposition"] == [disposition("Bienen – Élan.epub")]
    answer = httpx.get(url, trust_env=False)
    assert (answer.status_code, answer.content) == (200, b"pages")
    assert answer.headers["content-disposition"] == disposition("Bienen – Élan.epub")
