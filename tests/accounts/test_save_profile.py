"""The profile: name, language, time zone, theme; and the switches on every page."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.queries import unsubscribing
from audit.models import Entry
from core import tenancy
from tests import builders

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
ABOUT = {
    "display_name": "Ada Bee", "job_title": "Apiarist", "company": "Roof & Co", "website": "https://bees.example.org",
    "bio": "Four hives,\none roof.",
}  # fmt: skip
FIELDS = {"language": "fr", "time_zone": "Europe/Athens", "theme": "dark"}
ADDRESS = {"street": "3 rue des Lilas", "postcode": "75020", "city": "Paris", "region": "", "country": "FR"}


@pytest.fixture
def person() -> User:
    """Somebody who reads English."""
    return builders.make_person(email="ada@example.org", display_name="Ada", language="en")


def only_entry(person: User, action: str) -> Entry:
    with tenancy.system("looking"):
        return Entry.objects.get(action=action, target_id=person.pk)


def test_who_one_is_is_saved_and_what_was_typed_can_be_erased_from_the_trail(person: User, client_of: ClientOf) -> None:
    client = client_of(person)
    assert client.post(reverse("accounts:profile"), ABOUT).status_code == 302
    person.refresh_from_db()
    assert {field: getattr(person, field) for field in ABOUT} == ABOUT
    entry = only_entry(person, "person.profile_saved")
    assert entry.details == {"fields": sorted(ABOUT)} and entry.changes == {}
    assert entry.personal["display_name"] == ["Ada", "Ada Bee"] and "bio" not in entry.personal
    client.post(reverse("accounts:profile"), ABOUT)
    assert only_entry(person, "person.profile_saved") == entry  # nothing changed, nothing written


def test_preferences_are_saved_and_shown_in_their_language(person: User, client_of: ClientOf) -> None:
    client = client_of(person)
    assert client.post(reverse("accounts:preferences"), FIELDS).status_code == 302
    person.refresh_from_db()
    assert {field: getattr(person, field) for field in FIELDS} == FIELDS
    assert '<html lang="fr"' in client.get(reverse("accounts:preferences")).content.decode()
    assert only_entry(person, "person.preferences_saved").changes["language"] == ["en", "fr"]


@pytest.mark.parametrize(
    ("page", "fields", "wrong"),
    [
        ("accounts:preferences", FIELDS, {"language": "xx"}),
        ("accounts:preferences", FIELDS, {"language": ""}),
        ("accounts:preferences", FIELDS, {"time_zone": "Europe/Atlantis"}),
        ("accounts:preferences", FIELDS, {"time_zone": "../../etc/passwd"}),
        ("accounts:preferences", FIELDS, {"theme": "pink"}),
        ("accounts:profile", ABOUT, {"display_name": "x" * 81}),
        ("accounts:profile", ABOUT, {"display_name": "nul\x00l"}),
        ("accounts:profile", ABOUT, {"website": "javascript:alert(1)"}),
        ("accounts:profile", ABOUT, {"website": "ftp://example.org"}),
        ("accounts:profile", ABOUT, {"bio": "x" * 501}),
        ("accounts:contact", ADDRESS, {"phone": "12"}),
        ("accounts:contact", ADDRESS, {"phone": "call me"}),
        ("accounts:contact", ADDRESS, {"country": "ZZ"}),
    ],
)
def test_a_wrong_field_is_answered_422_and_changes_nothing(
    page: str, fields: dict[str, str], wrong: dict[str, str], person: User, client_of: ClientOf
) -> None:
    assert client_of(person).post(reverse(page), fields | wrong).status_code == 422
    person.refresh_from_db()
    assert (person.display_name, person.language, person.theme, person.phone) == ("Ada", "en", "auto", "")


@pytest.mark.parametrize(
    ("typed", "country", "stored", "shown"),
    [
        ("01 42 68 53 00", "FR", "+33142685300", "+33 1 42 68 53 00"),
        ("+33 1 42 68 53 00", "", "+33142685300", "+33 1 42 68 53 00"),
        ("(020) 7946-0018", "GB", "+442079460018", "+44 20 7946 0018"),
        ("+221 77 123 45 67", "FR", "+221771234567", "+221 77 123 45 67"),
    ],
)
def test_a_phone_is_kept_in_its_international_form(
    typed: str, country: str, stored: str, shown: str, person: User, client_of: ClientOf
) -> None:
    client = client_of(person)
    form = ADDRESS | {"phone": typed, "country": country}
    assert client.post(reverse("accounts:contact"), form).status_code == 302
    person.refresh_from_db()
    assert person.phone == stored
    assert shown in client.get(reverse("accounts:contact")).content.decode()


def test_phone_and_address_are_neither_readable_in_the_database_nor_in_the_trail(
    person: User, client_of: ClientOf
) -> None:
    client_of(person).post(reverse("accounts:contact"), ADDRESS | {"phone": "+33142685300"})
    person.refresh_from_db()
    assert person.postal_address == {"street": "3 rue des Lilas", "postcode": "75020", "city": "Paris", "country": "FR"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, postal_address FROM accounts_user WHERE id = %s", [person.pk])
        raw = " ".join(cursor.fetchone())
    assert "142685300" not in raw and "Lilas" not in raw
    entry = only_entry(person, "person.contact_saved")
    assert (entry.details, entry.changes, entry.personal) == ({"fields": ["phone", "postal_address"]}, {}, {})


def test_countries_are_named_in_the_readers_language(person: User, client_of: ClientOf) -> None:
    client = client_of(person)
    assert ">Germany<" in client.get(reverse("accounts:contact")).content.decode()
    client.post(reverse("accounts:preferences"), FIELDS)
    page = client.get(reverse("accounts:contact")).content.decode()
    assert ">Allemagne<" in page and page.index("Égypte") < page.index("Espagne")


CHOICES = ["mails_about_runs", "mails_about_comments", "mails_about_members", "mails_about_limits", "shortcuts"]


def test_mails_and_shortcuts_are_switched_off_and_on(person: User, client_of: ClientOf) -> None:
    client, page = client_of(person), reverse("accounts:preferences")
    client.post(page, FIELDS)  # unchecked boxes are not sent
    person.refresh_from_db()
    assert [getattr(person, name) for name in CHOICES] == [False] * 5
    client.post(page, FIELDS | dict.fromkeys(CHOICES, "on"))
    person.refresh_from_db()
    assert [getattr(person, name) for name in CHOICES] == [True] * 5


def test_the_link_in_a_mail_ends_its_kind_of_mails_without_signing_in(person: User, client: Client) -> None:
    link = unsubscribing.headers(person, "mails_about_runs")["List-Unsubscribe"].strip("<>")
    path = urlsplit(link).path
    assert client.get(path).status_code == 200
    person.refresh_from_db()
    assert person.mails_about_runs  # looking, as mail scanners do, changes nothing
    one_click = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        assert one_click.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    person.refresh_from_db()
    assert (person.mails_about_runs, person.mails_about_members) == (False, True)
    assert only_entry(person, "person.unsubscribed").changes == {"mails_about_runs": [True, False]}


def test_a_broken_link_ends_nothing(person: User, client: Client) -> None:
    path = urlsplit(unsubscribing.link(person, "mails_about_runs")).path
    assert client.post(path[:-3] + "x/").status_code == 404
    with pytest.raises(ValueError, match="is_staff"):
        unsubscribing.link(person, "is_staff")


def test_nobody_makes_themselves_staff(person: User, client_of: ClientOf) -> None:
    rights = {"is_staff": "on", "is_superuser": "on"}
    for page in ("accounts:profile", "accounts:preferences"):
        client_of(person).post(reverse(page), ABOUT | FIELDS | rights)
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
