"""Stored files keep the same promises in a folder, at Amazon's kind of store, at Google's and at Azure's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import httpx
import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from config.stores import store
from core.storage import disposition
from tests.fakes.stores.kinds import BUCKET, KINDS

NAME = "exports/one.epub"
CALLED = "Bienen – Élan.epub"
NOTHING = dict.fromkeys(
    ["location", "bucket", "endpoint_url", "region", "access_key", "secret_key", "addressing_style"], ""
)
# One worker starts each server once.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("stores")]


@dataclass(frozen=True)
class Answer:
    """What came back from a link."""

    status: int
    content: bytes
    headers: Any


@pytest.fixture(scope="module", params=KINDS)
def entry(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """An entry of STORAGES, made from settings, for a place that runs."""
    kind: str = request.param
    with KINDS[kind](tmp_path_factory.mktemp(kind)) as given:
        bucket = {} if kind == "folder" else {"bucket": BUCKET}
        yield store(kind, {**NOTHING, **bucket, **given})


@pytest.fixture(scope="module")
def opened(entry: dict[str, object]) -> Any:
    """The storage of that entry; its makers' clients take their time to be made."""
    return storages.create_storage(entry)


@pytest.fixture
def place(opened: Any, entry: dict[str, object], settings: Any) -> Any:
    """That storage, where our own pages serve from the same place."""
    settings.STORAGES = {**settings.STORAGES, "default": entry}
    return opened


def follow(link: str, client: Client) -> Answer:
    """Whoever holds the link: from our own pages when the files lie in a folder, else from the store."""
    if link.startswith("/"):
        page = client.get(link)
        content = page.getvalue()
        page.close()
        return Answer(page.status_code, content, page.headers)
    answer = httpx.get(link, trust_env=False)
    return Answer(answer.status_code, answer.content, answer.headers)


def stored(place: Any, content: bytes = b"pages", name: str = NAME) -> str:
    """Save, and return under which name."""
    return str(place.save(name, ContentFile(content)))


def test_what_was_saved_is_read_again(place: Any) -> None:
    content = bytes(range(256)) * 40_000  # 10 MB: more than any library sends in one piece
    assert stored(place, content) == NAME
    with place.open(NAME) as file:
        assert file.read() == content
    assert place.size(NAME) == len(content)
    assert place.exists(NAME)


def test_saving_again_replaces(place: Any) -> None:
    stored(place, b"a longer first edition")
    assert stored(place, b"second") == NAME
    with place.open(NAME) as file:
        assert file.read() == b"second"


def test_what_is_missing_is_not_found(place: Any) -> None:
    assert not place.exists("exports/never.pdf")
    with pytest.raises(FileNotFoundError):
        place.open("exports/never.pdf")


def test_what_was_deleted_is_gone_and_deleting_twice_is_no_error(place: Any, client: Client) -> None:
    link = place.download_url(stored(place), CALLED)
    place.delete(NAME)
    place.delete(NAME)
    assert not place.exists(NAME)
    assert follow(link, client).status in {403, 404}  # Amazon does not tell strangers which


@pytest.mark.parametrize(
    ("name", "kind"),
    [(NAME, "application/epub+zip"), ("a/b.pdf", "application/pdf"), ("a/b", "application/octet-stream")],
)
def test_a_link_downloads_under_its_name_as_what_it_is(place: Any, client: Client, name: str, kind: str) -> None:
    answer = follow(place.download_url(stored(place, name=name), CALLED), client)
    assert (answer.status, answer.content) == (200, b"pages")
    assert answer.headers["Content-Disposition"] == disposition(CALLED)
    assert answer.headers["Content-Type"] == kind


def test_a_link_ends_after_five_minutes(place: Any, client: Client) -> None:
    stored(place)
    with time_machine.travel(timezone.now() - timedelta(minutes=4, seconds=50), tick=False):
        fresh = place.download_url(NAME, CALLED)
    with time_machine.travel(timezone.now() - timedelta(minutes=5, seconds=10), tick=False):
        old = place.download_url(NAME, CALLED)
    assert follow(fresh, client).status == 200
    assert follow(old, client).status in {403, 404}


def altered(link: str) -> Iterator[tuple[str, str]]:
    """What of a link was touched, and the link with it: its path, then each parameter."""
    parts = urlsplit(link)
    yield "path", urlunsplit(parts._replace(path=parts.path.replace("one.epub", "two.epub")))
    query = parse_qsl(parts.query)
    for index, (name, value) in enumerate(query):
        other = value[:-1] + ("2" if value.endswith("1") else "1")
        changed = [*query[:index], (name, other), *query[index + 1 :]]
        yield name, urlunsplit(parts._replace(query=urlencode(changed, quote_via=quote)))


def test_a_link_somebody_touched_gives_nothing(place: Any, client: Client) -> None:
    stored(place)
    stored(place, b"another book", "exports/two.epub")
    link = place.download_url(NAME, CALLED)
    if link.startswith("/"):
        token = link.rstrip("/").rpartition("/")[2]
        touched = [(part, link.replace(part, part[::-1])) for part in token.split(":")]
    else:
        touched = list(altered(link))
    assert len(touched) >= 3
    assert [part for part, url in touched if follow(url, client).status == 200] == []


def test_nobody_gets_in_without_a_link(place: Any, client: Client) -> None:
    link = place.download_url(stored(place), CALLED)
    bare = link.replace(link.rstrip("/").rpartition("/")[2], NAME) if link.startswith("/") else link.partition("?")[0]
    assert follow(bare, client).status in {401, 403, 404, 409}


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("drawer", {}, "STORAGE_KIND must be one of folder, s3, google, azure"),
        ("s3", {}, "STORAGE_BUCKET is not set: STORAGE_KIND=s3 needs it"),
        ("azure", {"bucket": "books", "access_key": "us"}, "STORAGE_SECRET_KEY is not set"),
        ("folder", {"location": "/srv/files", "bucket": "books"}, "STORAGE_BUCKET is set, yet STORAGE_KIND is folder"),
    ],
)
def test_settings_that_do_not_fit_stop_the_boot(kind: str, given: dict[str, str], said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        store(kind, {**NOTHING, **given})


def test_a_key_that_is_none_is_not_shown() -> None:
    from core.storage.google import Bucket

    with pytest.raises(ImproperlyConfigured, match="not the JSON key") as refused:
        Bucket(bucket=BUCKET, secret_key='{"private_key": "hidden"}')
    assert "hidden" not in str(refused.value)
