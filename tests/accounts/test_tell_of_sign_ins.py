"""A sign-in from a browser that is not known is told of by mail, in the person's language; every try is kept."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Severity
from tests import builders
from tests.accounts.authenticator import prove
from tests.accounts.door import ANOTHER, PASSWORD, mailed_code, sign_in, signed_in
from tests.trail import trail

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]


@pytest.fixture
def ada() -> User:
    """Somebody with a password."""
    return builders.make_person(email="ada@example.org", password=PASSWORD)


def subjects(run_queue: Queue) -> list[str]:
    """Of the mails sent so far, oldest first."""
    run_queue()
    return [str(one.subject) for one in mail.outbox]


def test_a_new_browser_is_told_of_once(ada: User, run_queue: Queue) -> None:
    client = Client()
    for _again in range(2):
        sign_in(client, ada.email)
        client.post(reverse("account_logout"))
    assert subjects(run_queue) == ["A new sign-in to your account"]
    sign_in(Client(), ada.email)
    assert len(subjects(run_queue)) == 2


def test_a_browser_known_to_one_person_is_new_to_another(ada: User, run_queue: Queue) -> None:
    client = Client()
    for email in (ada.email, builders.make_person(email="eve@example.org", password=PASSWORD).email):
        sign_in(client, email)
        client.post(reverse("account_logout"))
    run_queue()
    assert [one.to for one in mail.outbox] == [["ada@example.org"], ["eve@example.org"]]


def test_a_forged_mark_makes_no_browser_known(ada: User, run_queue: Queue) -> None:
    client = Client()
    client.cookies["known"] = "WyJ4Il0:1abcde:forged"
    sign_in(client, ada.email)
    assert subjects(run_queue) == ["A new sign-in to your account"]


def test_the_mail_is_in_the_persons_language(run_queue: Queue) -> None:
    sign_in(Client(), builders.make_person(email="ada@example.org", password=PASSWORD, language="fr").email)
    assert subjects(run_queue) == ["Nouvelle connexion à votre compte"]


def test_a_mailed_code_signs_in(client: Client, ada: User, run_queue: Queue) -> None:
    client.post(reverse("account_request_login_code"), {"email": ada.email})
    client.post(reverse("account_confirm_login_code"), {"code": mailed_code(run_queue)})
    assert signed_in(client)
    assert trail("person.signed_in")[-1].details == {"methods": ["code"]}


def test_a_wrong_mailed_code_is_kept_in_the_trail(client: Client, ada: User, run_queue: Queue) -> None:
    client.post(reverse("account_request_login_code"), {"email": ada.email})
    client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"})
    assert not signed_in(client)
    failed = trail("person.sign_in_failed")[-1]
    assert (failed.target_id, failed.details, failed.severity) == (ada.pk, {"method": "code"}, Severity.MEDIUM)


def test_a_failed_sign_in_is_on_the_account_and_says_nothing_of_unknown_ones(client: Client, ada: User) -> None:
    sign_in(client, ada.email, ANOTHER)
    sign_in(client, "nobody@example.org", ANOTHER)
    known, unknown = trail("person.sign_in_failed")
    assert (known.target_id, known.actor_id) == (ada.pk, None)
    assert unknown.target_id is None
    assert "nobody" not in f"{unknown.actor_label}{unknown.details}{unknown.personal}"


def test_a_wrong_proof_is_the_persons_own_slip(client: Client, ada: User) -> None:
    sign_in(client, ada.email)
    prove(client, ANOTHER)
    prove(client)
    failed, proven = trail("person.reauthentication_failed", "person.reauthenticated")
    assert (failed.actor_id, failed.severity) == (ada.pk, Severity.MEDIUM)
    assert (proven.action, proven.details) == ("person.reauthenticated", {"method": "password"})


def test_leaving_is_in_the_trail(client: Client, ada: User) -> None:
    sign_in(client, ada.email)
    client.post(reverse("account_logout"))
    assert [one.actor_id for one in trail("person.signed_out")] == [ada.pk]


def test_a_new_password_is_told_and_kept(client: Client, ada: User, run_queue: Queue) -> None:
    sign_in(client, ada.email)
    prove(client)
    fields = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    client.post(reverse("account_change_password"), fields)
    assert [one.severity for one in trail("person.password_changed")] == [Severity.HIGH]
    assert "Your password was changed" in subjects(run_queue)
