"""The profile: name, language, time zone, theme; and the switches on every page."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.passwords import CnilPasswordValidator
from audit.models import Entry
from core import tenancy
from tests import builders

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
FIELDS = {"display_name": "Ada Bee", "language": "fr", "time_zone": "Europe/Athens", "theme": "dark"}


@pytest.fixture
def person() -> User:
    """Somebody who reads English."""
    return builders.make_person(email="ada@example.org", display_name="Ada", language="en")


def test_a_profile_is_saved_and_shown_in_its_language(person: User, client_of: ClientOf) -> None:
    client = client_of(person)
    assert client.post(reverse("accounts:profile"), FIELDS).status_code == 302
    person.refresh_from_db()
    assert {field: getattr(person, field) for field in FIELDS} == FIELDS
    page = client.get(reverse("accounts:profile")).content.decode()
    assert '<html lang="fr"' in page
    with tenancy.system("looking"):
        assert Entry.objects.filter(action="person.profile_saved", target_id=person.pk).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "xx"},
        {"language": ""},
        {"time_zone": "Europe/Atlantis"},
        {"time_zone": "../../etc/passwd"},
        {"theme": "pink"},
        {"display_name": "x" * 81},
        {"display_name": "nul\x00l"},
    ],
)
def test_a_wrong_field_is_answered_422_and_changes_nothing(
    wrong: dict[str, str], person: User, client_of: ClientOf
) -> None:
    assert client_of(person).post(reverse("accounts:profile"), FIELDS | wrong).status_code == 422
    person.refresh_from_db()
    assert (person.display_name, person.language, person.theme) == ("Ada", "en", "auto")


def test_mails_and_shortcuts_are_switched_off_and_on(person: User, client_of: ClientOf) -> None:
    client, page = client_of(person), reverse("accounts:profile")
    client.post(page, FIELDS)  # unchecked boxes are not sent
    person.refresh_from_db()
    assert (person.mails_about_runs, person.shortcuts) == (False, False)
    client.post(page, FIELDS | {"mails_about_runs": "on", "shortcuts": "on"})
    person.refresh_from_db()
    assert (person.mails_about_runs, person.shortcuts) == (True, True)


def test_nobody_makes_themselves_staff(person: User, client_of: ClientOf) -> None:
    client_of(person).post(reverse("accounts:profile"), FIELDS | {"is_staff": "on", "is_superuser": "on"})
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_the_language_switch_is_for_everybody(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "fr", "next": "/"})
    assert '<html lang="fr"' in client.get("/").content.decode()


def test_the_language_switch_is_remembered_with_the_person(person: User, client_of: ClientOf) -> None:
    client_of(person).post(reverse("set_language"), {"language": "fr"})
    person.refresh_from_db()
    assert person.language == "fr"
    assert '<html lang="fr"' in client_of(person).get(reverse("accounts:profile")).content.decode()


def test_the_theme_switch_is_remembered(person: User, client: Client, client_of: ClientOf) -> None:
    client_of(person).post(reverse("accounts:theme"), {"theme": "dark"})
    person.refresh_from_db()
    assert person.theme == "dark"
    client.post(reverse("accounts:theme"), {"theme": "light"})
    assert client.cookies["theme"].value == "light"


@pytest.mark.parametrize("address", ["set_language", "accounts:theme"])
@pytest.mark.parametrize("value", ["", "xx", "<script>", "fr-XX-POSIX" * 40])
def test_an_unknown_choice_changes_nothing(address: str, value: str, person: User, client_of: ClientOf) -> None:
    assert client_of(person).post(reverse(address), {"language": value, "theme": value}).status_code == 302
    person.refresh_from_db()
    assert (person.language, person.theme) == ("en", "auto")


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\x"]
)
def test_a_switch_never_leads_off_the_site(target: str, client: Client) -> None:
    assert client.post(reverse("set_language"), {"language": "fr", "next": target}).headers["Location"] == "/"


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
