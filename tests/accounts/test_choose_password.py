"""The rule for passwords, the same at every door, and how they are kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.passwords import CnilPasswordValidator, common_and_allowed
from tests import builders
from tests.accounts.door import ANOTHER, PASSWORD, mailed_code, sign_in, sign_up
from tests.contracts.source import ROOT

Queue = Callable[[], int]
WEAK = ["elevenchars", "Abcdefgh", "password1234", "Password1", "ada@example.org"]


@pytest.mark.parametrize(
    ("password", "strong"),
    [
        ("abcdefghijkl", True),
        ("abcdefghijk", False),
        ("abcdefgH1", True),
        ("abcdefg1", False),
        ("Abcdef1", False),
        ("ABCDEF1!", True),
        ("éàüöçñ9!", True),
        ("        ", False),
    ],
)
def test_the_cnils_rule(password: str, strong: bool) -> None:
    if strong:
        CnilPasswordValidator().validate(password)
    else:
        with pytest.raises(ValidationError):
            CnilPasswordValidator().validate(password)


@pytest.mark.django_db
@pytest.mark.parametrize("password", WEAK)
def test_sign_up_refuses(client: Client, password: str) -> None:
    assert sign_up(client, "ada@example.org", password).status_code == 200
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("password", WEAK)
def test_a_change_refuses(client: Client, password: str) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    sign_in(client, person.email)
    fields = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    client.post(reverse("account_change_password"), fields)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize("password", WEAK)
def test_a_reset_refuses(client: Client, run_queue: Queue, password: str) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    place = client.post(reverse("account_reset_password"), {"email": person.email}).headers["Location"]
    led = client.post(place, {"code": mailed_code(run_queue)}).headers["Location"]
    client.post(led, {"password1": password, "password2": password})
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.django_db
def test_a_new_password_opens_the_door_and_the_old_one_does_not(client: Client) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    sign_in(client, person.email)
    fields = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    client.post(reverse("account_change_password"), fields)
    person.refresh_from_db()
    assert person.check_password(ANOTHER)
    assert not person.check_password(PASSWORD)


def test_passwords_are_kept_as_argon2id_of_at_least_owasps_strength() -> None:
    hasher: Any = get_hasher("default")
    kept = hasher.encode(PASSWORD, hasher.salt())
    assert identify_hasher(kept).algorithm == "argon2"
    said = hasher.decode(kept)
    assert said["variety"] == "argon2id"
    # OWASP's least: 19 MiB of memory and two passes.
    assert said["memory_cost"] >= 19 * 1024
    assert said["time_cost"] >= 2


def test_the_list_in_the_browser_is_the_servers() -> None:
    module = Path(ROOT / "static/js/common-passwords.js").read_text()
    words = module.partition("`")[2].rpartition("`")[0].replace("\\`", "`").replace("\\\\", "\\")
    assert words.split("\n") == common_and_allowed()
