"""Signing up: an address proved by a mailed code, and an organization of one's own."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from core import tenancy
from core.models import Mail
from organizations.models import Limits, Membership, Organization
from tests import builders
from tests.accounts.door import PASSWORD, confirm, mailed_code, sign_in, sign_up, signed_in

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]


def test_a_mailed_code_opens_the_account(client: Client, run_queue: Queue) -> None:
    assert sign_up(client, "ada@example.org").status_code == 302
    assert not signed_in(client)
    response = confirm(client, mailed_code(run_queue))
    assert (response.status_code, response.headers["Location"]) == (302, reverse("organizations:landing"))
    assert signed_in(client)
    person = User.objects.get(email="ada@example.org")
    assert (person.display_name, person.language) == ("Ada Bee", "en")
    assert EmailAddress.objects.get(user=person).verified


def test_every_person_gets_an_organization_with_free_limits(client: Client) -> None:
    sign_up(client, "ada@example.org")
    person = User.objects.get(email="ada@example.org")
    organization = Organization.objects.get(personal_of=person)
    assert Membership.objects.get(organization=organization, person=person).role == "owner"
    with tenancy.declared(organization.pk):
        assert Limits.objects.of(organization).get().plan == "FREE"
        assert Entry.objects.filter(action="organization.opened", actor_id=person.pk).count() == 1
    with tenancy.system("looking"):
        assert Entry.objects.filter(action="person.opened", target_id=person.pk).count() == 1


def test_a_person_lands_in_their_own_organization(client: Client, run_queue: Queue) -> None:
    sign_up(client, "ada@example.org")
    confirm(client, mailed_code(run_queue))
    landed = client.get(reverse("organizations:landing"), follow=True)
    slug = Organization.objects.get(personal_of__email="ada@example.org").slug
    assert (landed.status_code, landed.wsgi_request.path) == (200, f"/o/{slug}/")


def test_a_wrong_code_opens_nothing(client: Client, run_queue: Queue) -> None:
    sign_up(client, "ada@example.org")
    right = mailed_code(run_queue)
    confirm(client, "WRONG1")
    assert not signed_in(client)
    confirm(client, right)
    assert signed_in(client)


def test_three_wrong_codes_end_the_attempt(client: Client, run_queue: Queue) -> None:
    sign_up(client, "ada@example.org")
    right = mailed_code(run_queue)
    for _attempt in range(3):
        confirm(client, "WRONG1")
    confirm(client, right)
    assert not signed_in(client)


def test_a_code_works_in_the_browser_that_asked_for_it_alone(client: Client, run_queue: Queue) -> None:
    sign_up(client, "ada@example.org")
    elsewhere = Client()
    confirm(elsewhere, mailed_code(run_queue))
    assert not signed_in(elsewhere)


def test_an_unproved_address_cannot_sign_in(client: Client) -> None:
    sign_up(client, "ada@example.org")
    fresh = Client()
    sign_in(fresh, "ada@example.org", PASSWORD)
    assert not signed_in(fresh)


def test_addresses_are_one_whatever_their_case(client: Client, run_queue: Queue) -> None:
    sign_up(client, "Ada@Example.ORG")
    confirm(client, mailed_code(run_queue))
    assert User.objects.get().email == "ada@example.org"
    sign_up(Client(), "aDA@example.org")
    assert User.objects.count() == 1


def test_a_known_address_gets_the_same_answer_and_a_mail_that_says_so(client: Client, run_queue: Queue) -> None:
    builders.make_person(email="known@example.org")
    known, unknown = sign_up(client, "known@example.org"), sign_up(Client(), "unknown@example.org")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    run_queue()
    told = {one.to[0]: one.subject for one in mail.outbox}
    assert told.keys() == {"known@example.org", "unknown@example.org"}
    assert told["known@example.org"] != told["unknown@example.org"]
    assert User.objects.count() == 2


def test_what_is_done_for_a_known_address_is_taken_back(client: Client) -> None:
    builders.make_person(email="ada@example.org")
    before = [model.objects.count() for model in (User, EmailAddress, Organization, Membership)]
    sign_up(client, "ada@example.org")
    assert [model.objects.count() for model in (User, EmailAddress, Organization, Membership)] == before
    with tenancy.system("looking"):
        assert not Entry.objects.filter(action="person.opened").exists()


def test_the_page_after_a_known_address_is_the_page_after_an_unknown_one(client: Client) -> None:
    builders.make_person(email="known@example.org")
    other = Client()
    pages = []
    for browser, email in [(client, "known@example.org"), (other, "nobody@example.org")]:
        shown = browser.post(
            reverse("account_signup"), {"email": email, "password1": PASSWORD, "agreed": "on"}, follow=True
        )
        pages.append((shown.status_code, [one.name for one in shown.templates if one.name]))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "password",
    ["short", "elevenchars", "abcdefgh", "ABCDEFGH", "12345678", "Abcdefgh", "password1234"],
)
def test_a_weak_password_is_refused(client: Client, password: str) -> None:
    response = sign_up(client, "ada@example.org", password)
    assert response.status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["beesonroofs!", "Bee-s0ng", "Ruche#12x", "miel et thym de juin", "été-Roof7"])
def test_a_strong_password_is_accepted(client: Client, password: str) -> None:
    assert sign_up(client, "ada@example.org", password).status_code == 302


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a b@example.org", "a" * 250 + "@example.org", "a@example.org\x00"]
)
def test_an_address_that_is_none_is_refused(client: Client, email: str) -> None:
    assert sign_up(client, email).status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["x" * 81, "nul\x00l", "bell\x07"])
def test_a_name_that_cannot_be_one_is_refused(client: Client, name: str) -> None:
    assert sign_up(client, "ada@example.org", name=name).status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "עברית", "🐝🐝", "  Ada   Bee  ", "\u202eAda"])
def test_any_name_is_harmless_on_screen(client: Client, run_queue: Queue, name: str) -> None:
    sign_up(client, "ada@example.org", name=name)
    confirm(client, mailed_code(run_queue))
    page = client.get(reverse("accounts:profile")).content.decode()
    assert "<script>alert(1)" not in page
    assert "\u202e" not in page


def test_sign_up_in_french_keeps_french(client: Client, run_queue: Queue) -> None:
    client.post(reverse("set_language"), {"language": "fr"})
    sign_up(client, "ada@example.org")
    assert User.objects.get().language == "fr"
    confirm(client, mailed_code(run_queue))
    assert '<html lang="fr"' in client.get(reverse("accounts:profile")).content.decode()


def test_no_mail_is_kept_once_it_left(client: Client, run_queue: Queue) -> None:
    sign_up(client, "ada@example.org")
    assert Mail.objects.get().content
    run_queue()
    row = Mail.objects.get()
    assert (row.state, bytes(row.content)) == ("sent", b"")


def test_a_double_submit_makes_one_account(client: Client) -> None:
    sign_up(client, "ada@example.org")
    sign_up(client, "ada@example.org")
    assert User.objects.count() == Organization.objects.count() == 1
