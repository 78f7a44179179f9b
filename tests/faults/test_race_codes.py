"""Fifty people use one code of the closed beta at once: one account comes of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.actions import beta
from accounts.models import BetaInvite, Consent, User
from organizations.models import Organization
from tests.accounts.door import sign_up

PEOPLE = 50


@pytest.mark.django_db(transaction=True)
def test_one_code_opens_one_account(settings: Any) -> None:
    settings.CLOSED_BETA = True
    settings.RATE_LIMIT_FACTOR = 1000
    # Fifty times Argon2's memory would be five gigabytes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    invite = beta.invite(email="ada@example.org", language="en", by=None)
    ready = threading.Barrier(PEOPLE)

    def use(number: int) -> int:
        try:
            browser = Client()
            ready.wait(timeout=60)
            answer = sign_up(browser, "ada@example.org", name=f"Ada {number}", invite_code=invite.code)
            return int(answer.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as people:
        answers = sorted(people.map(use, range(PEOPLE)))
    assert answers.count(302) == 1
    # Refused by the form, which came after, or by the action, which waited for the lock.
    assert set(answers) <= {200, 302, 422}
    used = BetaInvite.objects.get()
    assert used.used_by == User.objects.get()
    assert used.used_at
    assert Organization.objects.count() == 1
    assert Consent.objects.count() == 2
