"""The texts people agree to: read by everybody, agreed to at sign-up, asked again when there is a new version."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consent, LegalKind, LegalText, User
from audit.models import Entry
from core import tenancy
from tests import builders
from tests.accounts.door import PASSWORD, confirm, mailed_code, sign_in, sign_up, signed_in

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]
ASKS = "/me/consent/"


def new_version(kind: str = "terms", **overrides: Any) -> None:
    """A second version of a text, in force since yesterday unless said otherwise."""
    fields = {"in_force_from": timezone.now() - timedelta(days=1), "markdown": "## New\n\nBees come first."} | overrides
    for language, title in (("en", "Terms, second"), ("fr", "Conditions, deux")):
        LegalText.objects.create(kind=kind, version=2, language=language, title=title, **fields)


def agreed(person: User) -> set[tuple[str, int]]:
    """What a person has agreed to."""
    return set(Consent.objects.filter(person=person).values_list("kind", "version"))


@pytest.mark.parametrize("kind", LegalKind.values)
@pytest.mark.parametrize(("language", "word"), [("en", "Scriptorium"), ("fr", "Scriptorium")])
def test_everybody_reads_the_texts_in_their_language(client: Client, kind: str, language: str, word: str) -> None:
    client.post(reverse("set_language"), {"language": language})
    page = client.get(reverse("legal", args=[kind]))
    text = LegalText.objects.get(kind=kind, language=language, version=1)
    assert page.status_code == 200
    assert text.title in page.content.decode()
    assert "<h2>" in page.content.decode()
    assert f'lang="{language}"' in page.content.decode()


def test_older_versions_stay_readable_and_say_that_they_are_old(client: Client) -> None:
    new_version()
    old = client.get(reverse("legal_version", args=["terms", 1])).content.decode()
    new = client.get(reverse("legal", args=["terms"])).content.decode()
    assert "older version" in old
    assert "older version" not in new
    assert "Bees come first" in new


@pytest.mark.parametrize("path", ["/legal/cookies/", "/legal/terms/7/", "/legal/terms/0/"])
def test_a_text_that_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_version_that_is_not_in_force_yet_is_not_shown(client: Client) -> None:
    new_version(in_force_from=timezone.now() + timedelta(days=1))
    assert client.get(reverse("legal_version", args=["terms", 2])).status_code == 404
    assert "Bees come first" not in client.get(reverse("legal", args=["terms"])).content.decode()


def test_what_staff_paste_runs_nowhere(client: Client) -> None:
    new_version(markdown='<script>alert(1)</script><img src=x onerror="alert(1)">')
    page = client.get(reverse("legal", args=["terms"])).content.decode()
    assert "alert(1)" not in page


def test_no_account_without_agreement(client: Client) -> None:
    page = sign_up(client, "ada@example.org", agreed="")
    assert page.status_code == 200
    assert "Without this" in page.content.decode()
    assert not User.objects.exists()


def test_agreement_is_recorded_with_version_language_and_time(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "fr"})
    sign_up(client, "ada@example.org")
    person = User.objects.get()
    assert agreed(person) == {("terms", 1), ("privacy", 1)}
    assert set(Consent.objects.values_list("language", flat=True)) == {"fr"}
    with tenancy.system("looking"):
        entry = Entry.objects.get(action="person.agreed", target_id=person.pk)
    assert entry.details == {"texts": {"terms": 1, "privacy": 1}, "language": "fr"}


def test_who_opened_the_form_before_a_new_version_is_shown_the_new_one(client: Client) -> None:
    seen = client.get(reverse("account_signup")).context["form"]["texts"].value()
    new_version()
    assert "have changed" in sign_up(client, "ada@example.org", texts=seen).content.decode()
    assert not User.objects.exists()


def test_a_new_account_is_not_asked_again(client: Client, run_queue: Queue) -> None:
    sign_up(client, "ada@example.org")
    confirm(client, mailed_code(run_queue))
    assert signed_in(client)


def test_a_new_version_asks_at_the_next_sign_in(client: Client) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    new_version()
    sign_in(client, "ada@example.org")
    assert client.get(reverse("accounts:profile")).headers["Location"] == ASKS
    page = client.get(ASKS)
    assert page.status_code == 200
    assert "Bees come first" in page.content.decode()
    assert client.get(reverse("legal", args=["terms"])).status_code == 200
    assert client.post(ASKS, {"agreed": "on"}).headers["Location"] == reverse("organizations:landing")
    assert agreed(person) == {("terms", 1), ("privacy", 1), ("terms", 2)}
    assert signed_in(client)


def test_who_does_not_agree_gets_no_further_and_may_leave(client: Client) -> None:
    person = builders.make_person(email="ada@example.org", password=PASSWORD)
    new_version()
    sign_in(client, "ada@example.org")
    assert client.post(ASKS, {}).status_code == 422
    assert client.get(reverse("accounts:profile")).headers["Location"] == ASKS
    assert agreed(person) == {("terms", 1), ("privacy", 1)}
    assert client.post(reverse("account_logout")).headers["Location"] == "/"


def test_whoever_agreed_already_is_led_on(client: Client, client_of: Callable[[User], Client]) -> None:
    answer = client_of(builders.make_person()).get(ASKS)
    assert answer.headers["Location"] == reverse("organizations:landing")
