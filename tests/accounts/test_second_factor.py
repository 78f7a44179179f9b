"""A second step at the door: codes of an app, recovery codes, devices that are remembered."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts.models import User
from audit.models import Severity
from tests import builders
from tests.accounts import authenticator as app
from tests.accounts.door import ANOTHER, PASSWORD, sign_in, signed_in
from tests.trail import trail

Queue = Callable[[], int]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    """Somebody with a password."""
    return builders.make_person(email="ada@example.org", password=PASSWORD)


@pytest.fixture
def protected(ada: User) -> tuple[Client, str]:
    """Her browser, signed in with an app set up, and the app's secret."""
    client = Client()
    sign_in(client, ada.email)
    return client, app.set_up(client)


def recovery_codes(client: Client) -> list[str]:
    """As the file to download has them."""
    text = client.get(reverse("mfa_download_recovery_codes")).content.decode()
    return [line for line in text.splitlines() if line.isdigit()]


def test_a_password_alone_does_not_open_a_protected_account(protected: tuple[Client, str]) -> None:
    client = Client()
    answer = sign_in(client, "ada@example.org")
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)


def test_a_code_of_the_app_is_the_second_step(protected: tuple[Client, str], ada: User) -> None:
    client = Client()
    sign_in(client, ada.email)
    answer = client.post(reverse("mfa_authenticate"), {"code": app.code(protected[1], halves=1)})
    assert answer.headers["Location"] == reverse("mfa_trust")
    client.post(reverse("mfa_trust"), {"action": "skip"})
    assert signed_in(client)
    assert trail("person.signed_in", target_id=ada.pk)[-1].details == {"methods": ["password", "totp"]}


def test_a_wrong_code_is_told_and_kept_in_the_trail(protected: tuple[Client, str], ada: User) -> None:
    client = Client()
    sign_in(client, ada.email)
    answer = client.post(reverse("mfa_authenticate"), {"code": app.wrong(protected[1])})
    assert b"id_code_error" in answer.content
    assert not signed_in(client)
    failed = trail("person.sign_in_failed", target_id=ada.pk)[-1]
    assert (failed.details, failed.severity) == ({"method": "totp"}, Severity.MEDIUM)


def test_a_code_opens_once(protected: tuple[Client, str], ada: User) -> None:
    code = app.code(protected[1], halves=1)
    for client, opened in [(Client(), True), (Client(), False)]:
        sign_in(client, ada.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        client.post(reverse("mfa_trust"), {"action": "skip"})
        assert signed_in(client) == opened


def test_each_recovery_code_opens_once_and_is_told_of_by_mail(
    protected: tuple[Client, str], ada: User, run_queue: Queue
) -> None:
    codes = recovery_codes(protected[0])
    assert len(set(codes)) == 10
    for client, opened in [(Client(), True), (Client(), False)]:
        sign_in(client, ada.email)
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        client.post(reverse("mfa_trust"), {"action": "skip"})
        assert signed_in(client) == opened
    assert [one.severity for one in trail("person.recovery_code_used", target_id=ada.pk)] == [Severity.HIGH]
    run_queue()
    told = [one for one in mail.outbox if one.subject == "A recovery code was used"]
    assert len(told) == 1
    assert "9 are left" in told[0].message().get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one


# What allauth tells of when the transaction has ended is seen by a test that ends it.
@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_make_the_old_ones_worthless(protected: tuple[Client, str], ada: User) -> None:
    client, _secret = protected
    old = recovery_codes(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    assert not set(old) & set(recovery_codes(client))
    assert [one.severity for one in trail("person.recovery_codes_renewed", target_id=ada.pk)] == [Severity.HIGH]


def test_recovery_codes_are_shown_only_to_who_proves_it_is_them(protected: tuple[Client, str], ada: User) -> None:
    thief = Client()
    thief.force_login(ada)  # a session left open
    for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"):
        assert thief.get(reverse(name)).headers["Location"].startswith(reverse("account_reauthenticate")), name


def test_a_remembered_device_is_not_asked_again_until_the_password_changes(
    protected: tuple[Client, str], ada: User
) -> None:
    client = Client()
    sign_in(client, ada.email)
    client.post(reverse("mfa_authenticate"), {"code": app.code(protected[1], halves=1)})
    client.post(reverse("mfa_trust"), {"action": "trust"})
    client.post(reverse("account_logout"))
    sign_in(client, ada.email)
    assert signed_in(client)
    client.post(reverse("account_logout"))
    ada.set_password(ANOTHER)
    ada.save()
    assert sign_in(client, ada.email, ANOTHER).headers["Location"] == reverse("mfa_authenticate")


@pytest.mark.django_db(transaction=True)
def test_adding_an_app_is_told_kept_and_gives_the_session_a_new_key(ada: User, run_queue: Queue) -> None:
    client = Client()
    sign_in(client, ada.email)
    before = client.cookies["session"].value
    app.set_up(client)
    assert client.cookies["session"].value != before
    kinds = {(one.details["kind"], one.severity) for one in trail("person.factor_added", target_id=ada.pk)}
    assert kinds == {("totp", Severity.HIGH), ("recovery_codes", Severity.HIGH)}
    run_queue()
    assert "An authenticator app was added" in [one.subject for one in mail.outbox]


def test_removing_the_app_ends_all_other_sessions(protected: tuple[Client, str], ada: User, run_queue: Queue) -> None:
    client, secret = protected
    other = Client()
    sign_in(other, ada.email)
    other.post(reverse("mfa_authenticate"), {"code": app.code(secret, halves=1)})
    other.post(reverse("mfa_trust"), {"action": "skip"})
    assert signed_in(other)
    client.post(reverse("mfa_deactivate_totp"))
    assert signed_in(client)
    assert not signed_in(other)
    assert not Authenticator.objects.filter(user=ada).exists()
    run_queue()
    assert "The authenticator app was removed" in [one.subject for one in mail.outbox]


def test_secrets_of_apps_and_codes_are_encrypted_where_they_are_kept(protected: tuple[Client, str], ada: User) -> None:
    kept = {one.type: one.data for one in Authenticator.objects.filter(user=ada)}
    assert protected[1] not in str(kept)
    assert kept["totp"]["secret"].startswith("gAAAA")
    assert kept["recovery_codes"]["seed"].startswith("gAAAA")


def test_the_secrets_take_a_new_key_and_the_old_one_may_go(
    protected: tuple[Client, str], ada: User, settings: Any
) -> None:
    client, secret = protected
    codes = recovery_codes(client)
    newer = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [newer, *settings.FIELD_KEYS]
    call_command("rotate_fields", stdout=StringIO())
    settings.FIELD_KEYS = [newer]
    assert recovery_codes(client) == codes
    again = Client()
    sign_in(again, ada.email)
    answer = again.post(reverse("mfa_authenticate"), {"code": app.code(secret, halves=1)})
    assert answer.headers["Location"] == reverse("mfa_trust")


def test_the_key_of_an_app_is_never_in_a_log(ada: User, caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    sign_in(client, ada.email)
    secret = app.set_up(client)
    assert secret not in caplog.text


def test_who_answers_for_others_is_asked_to_add_a_factor(ada: User) -> None:
    client = Client()
    ada.is_staff = True
    ada.save()
    sign_in(client, ada.email)
    page = client.get(reverse("accounts:profile")).content.decode()
    assert reverse("accounts:security") in page
    assert "You answer for others here" in page
    app.set_up(client)
    again = Client()
    sign_in(again, ada.email)
    assert b"You answer for others" not in again.get(reverse("mfa_authenticate")).content


@pytest.mark.parametrize(("others", "asked"), [(0, False), (1, True)])
def test_owners_of_what_others_work_in_are_asked_too(ada: User, others: int, asked: bool) -> None:
    organization = builders.make_organization()
    organization.membership_set.create(person=ada, role="owner")
    for _other in range(others):
        builders.make_member(organization, "member")
    client = Client()
    sign_in(client, ada.email)
    assert (b"You answer for others here" in client.get(reverse("accounts:profile")).content) == asked


def test_a_random_code_is_no_recovery_code(protected: tuple[Client, str], ada: User) -> None:
    codes = recovery_codes(protected[0])
    guess = next(one for one in iter(lambda: get_random_string(8, "0123456789"), "") if one not in codes)
    client = Client()
    sign_in(client, ada.email)
    client.post(reverse("mfa_authenticate"), {"code": guess})
    assert not signed_in(client)
