"""Files of a folder, served by our own pages; what every kind of store promises is in test_store.py."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from core.storage import FolderStorage, disposition


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
