"""A person's picture: brought, drawn anew, shown to those they work with, changed and taken away."""

import io
import os
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.jobs import avatars
from accounts.models import User
from core.models import Lease
from organizations.models import Membership, Organization
from tests import builders

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def picture(colour: str = "red", kind: str = "JPEG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(target, kind)
    return target.getvalue()


def bring(client: Client, data: bytes, name: str = "me.jpg") -> int:
    upload = SimpleUploadedFile(name, data, content_type="image/jpeg")
    return client.post(reverse("accounts:picture"), {"picture": upload}).status_code


def face(person: User, size: int = 256) -> str:
    person.refresh_from_db()
    return reverse("organizations:face", args=[person.pk, person.picture_version or "none", size])


def stored(person: User) -> list[str]:
    return sorted(default_storage.listdir(avatars.folder(person.pk))[1])


def test_a_picture_is_shown_in_two_sizes_and_kept_by_the_browser(owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    assert bring(client, picture()) == 302
    for size in (64, 256):
        answer = client.get(face(owner, size))
        assert answer.status_code == 200 and answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff" and "immutable" in answer["Cache-Control"]
        assert answer["Content-Disposition"].startswith("attachment;")
        assert Image.open(io.BytesIO(answer.content)).size == (size, size)
    assert face(owner) in client.get(reverse("accounts:profile")).content.decode()
    assert client.get(face(owner, 128)).status_code == 404


def test_those_who_share_an_organization_see_it_and_nobody_else(
    owner: User, editor: User, outsider: User, client: Client, client_of: ClientOf
) -> None:
    bring(client_of(owner), picture())
    assert client_of(editor).get(face(owner)).status_code == 200
    assert client_of(outsider).get(face(owner)).status_code == 404
    assert client.get(face(owner)).status_code == 302
    Membership.objects.filter(person=editor).update(suspended_at=timezone.now())
    assert client_of(editor).get(face(owner)).status_code == 404


@pytest.mark.parametrize(
    "data",
    [b"<script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:300], b"", bytes(6 << 20)],
    ids=["html", "svg", "cut short", "empty", "large"],
)
def test_what_is_no_picture_is_answered_422_with_a_reason(data: bytes, owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    upload = SimpleUploadedFile("me.jpg", data, content_type="image/jpeg")
    answer = client.post(reverse("accounts:picture"), {"picture": upload})
    assert answer.status_code == 422 and 'class="errorlist"' in answer.content.decode()
    owner.refresh_from_db()
    assert owner.avatar == ""


def test_without_a_picture_there_are_initials(owner: User, client_of: ClientOf) -> None:
    page = client_of(owner).get(reverse("accounts:profile")).content.decode()
    assert 'aria-hidden="true">OO<' in page
    names = {"Ada": "A", "ada lovelace": "AL", "Jean-Luc de la Tour": "JT", "": "P", "李 小龙": "李小", "…": "?"}
    made = {name: builders.make_person(display_name=name).initials for name in names}
    made[""] = made[""][:1]
    assert made == names


def test_a_changed_picture_has_another_address_and_the_one_before_is_deleted(owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    bring(client, picture("red"))
    first = face(owner)
    bring(client, picture("blue", "PNG"))
    assert face(owner) != first and client.get(first).status_code == 404
    assert len(stored(owner)) == 4
    for name in stored(owner):
        os.utime(default_storage.path(f"{avatars.folder(owner.pk)}/{name}"), (0, 0))
    Lease.objects.update(available_at=timezone.now())
    avatars.tidy(owner.pk)
    assert len(stored(owner)) == 2 and client.get(face(owner)).status_code == 200


def test_a_picture_is_taken_away_after_a_question(owner: User, client_of: ClientOf) -> None:
    client = client_of(owner)
    bring(client, picture())
    shown = face(owner)
    assert client.get(reverse("accounts:picture_remove")).status_code == 200
    assert client.get(shown).status_code == 200
    assert client.post(reverse("accounts:picture_remove")).status_code == 302
    assert client.get(shown).status_code == 404
    owner.refresh_from_db()
    assert owner.avatar == ""


def test_one_organization_less_and_the_picture_is_gone(
    organization: Organization, owner: User, editor: User, client_of: ClientOf
) -> None:
    bring(client_of(owner), picture())
    Membership.objects.filter(person=editor, organization=organization).delete()
    assert client_of(editor).get(face(owner)).status_code == 404
