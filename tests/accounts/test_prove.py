"""Who has neither a password nor a second factor proves who they are by a mailed code, before anything sensitive."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Entry
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.accounts.door import PASSWORD, mailed_code

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]
PROVE = "/me/prove/"


@pytest.fixture
def ada() -> User:
    """Somebody who comes in by Google or mailed codes alone."""
    return builders.make_person(email="ada@example.org")


@pytest.fixture
def browser(ada: User) -> Client:
    """Where she is signed in, and has proved nothing since."""
    client = Client()
    client.force_login(ada)
    return client


def actions_of(person: User) -> list[str]:
    """What the trail says of her, oldest first."""
    with tenancy.system("looking"):
        return list(Entry.objects.filter(target_id=person.pk).order_by("id").values_list("action", flat=True))


def test_the_code_leads_on_to_what_was_asked_for(browser: Client, ada: User, run_queue: Queue) -> None:
    closing = reverse("accounts:closing")
    assert browser.get(closing).headers["Location"] == f"{PROVE}?next={closing.replace('/', '%2F')}"
    before = browser.session.session_key
    browser.post(PROVE, {"next": closing})
    answer = browser.post(PROVE, {"next": closing, "code": mailed_code(run_queue)})
    assert answer.headers["Location"] == closing
    assert browser.get(closing).status_code == 200
    assert browser.session.session_key != before
    assert mail.outbox[-1].to == [ada.email]
    assert actions_of(ada) == ["person.reauthenticated"]


@pytest.mark.parametrize("name", ["accounts:closing", "account_set_password", "mfa_add_webauthn", "mfa_activate_totp"])
def test_it_is_asked_before_everything_that_protects_the_account(browser: Client, name: str) -> None:
    assert browser.get(reverse(name)).headers["Location"].startswith(PROVE)


def test_it_is_asked_before_a_new_address(browser: Client) -> None:
    answer = browser.post(reverse("account_email"), {"email": "new@example.org"})
    assert answer.headers["Location"].startswith(PROVE)


@pytest.mark.parametrize("name", ["tenant:close", "tenant:hand_over"])
def test_it_is_asked_before_an_organization_changes_hands_or_closes(
    organization: Organization, owner: User, name: str
) -> None:
    member = builders.make_member(organization, "admin").memberships.get()
    named = [organization.slug] if name == "tenant:close" else [organization.slug, member.pk]
    client = Client()
    client.force_login(owner)
    assert client.post(reverse(name, args=named)).headers["Location"].startswith(PROVE)


def test_three_wrong_codes_end_a_code(browser: Client, ada: User, run_queue: Queue) -> None:
    browser.post(PROVE)
    right = mailed_code(run_queue)
    for _try in range(3):
        assert browser.post(PROVE, {"code": "WRONG1"}).status_code == 422
    browser.post(PROVE, {"code": right})
    assert browser.get(reverse("accounts:closing")).status_code == 302
    assert actions_of(ada) == ["person.reauthentication_failed"] * 3


def test_a_code_of_another_browser_proves_nothing(browser: Client, ada: User, run_queue: Queue) -> None:
    browser.post(PROVE)
    right = mailed_code(run_queue)
    other = Client()
    other.force_login(ada)
    other.post(PROVE, {"code": right})
    assert other.get(reverse("accounts:closing")).status_code == 302


def test_guessing_is_slowed_down(browser: Client) -> None:
    answers = [browser.post(PROVE, {"code": "WRONG1"}).status_code for _try in range(6)]
    assert answers[-1] == 429


def test_who_has_a_password_is_asked_for_that() -> None:
    client = Client()
    client.force_login(builders.make_person(password=PASSWORD))
    assert client.get(f"{PROVE}?next=/me/security/").headers["Location"] == (
        f"{reverse('account_reauthenticate')}?next=%2Fme%2Fsecurity%2F"
    )
    assert client.post(PROVE).status_code == 302
    assert not mail.outbox


def test_it_never_leads_off_the_site(browser: Client, run_queue: Queue) -> None:
    browser.post(PROVE)
    answer = browser.post(PROVE, {"next": "https://evil.example/", "code": mailed_code(run_queue)})
    assert answer.headers["Location"] == reverse("accounts:security")
