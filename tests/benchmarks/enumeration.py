"""What the time of an answer tells about an address: nothing. Known and unknown ones, mixed, from many callers."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from tests.accounts.door import ANOTHER, PASSWORD, looks
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

EACH = 200
CALLERS = 2  # at once: as many as there are processors, so that they do not wait for each other
BAR = "0.45–0.55"
Door = Callable[[Client, str], Any]


def benchmark(_site: Site) -> Iterator[Row]:
    """For each door the AUC of a classifier by time, over answers that look the same."""
    with override_settings(RATE_LIMIT_FACTOR=1000):
        for name, door in DOORS.items():
            known, unknown = measured(name, door)
            yield Row(f"time at {name}", f"{auc(known, unknown):.3f}", BAR, f"AUC of {EACH} known, {EACH} unknown")


def by_password(client: Client, email: str) -> Any:
    """A wrong password."""
    return client.post(reverse("account_login"), {"login": email, "password": ANOTHER})


def by_sign_up(client: Client, email: str) -> Any:
    """A new account."""
    return client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD, "agreed": "on"})


def by_reset(client: Client, email: str) -> Any:
    """A forgotten password."""
    return client.post(reverse("account_reset_password"), {"email": email})


def by_code(client: Client, email: str) -> Any:
    """A code in place of the password."""
    return client.post(reverse("account_request_login_code"), {"email": email})


def by_change(client: Client, email: str) -> Any:
    """Somebody signed in wants this address for their own account."""
    return client.post(reverse("account_email"), {"email": email})


DOORS: dict[str, Door] = {
    "sign-in": by_password,
    "sign-up": by_sign_up,
    "reset": by_reset,
    "code": by_code,
    "e-mail change": by_change,
}


def measured(name: str, door: Door) -> tuple[list[float], list[float]]:
    """Seconds of each answer, for known and for unknown addresses. Raises AssertionError when two look different."""
    addresses = [(f"{kind}-{number:03}-{name.replace(' ', '-')}@example.org", kind)
                 for number in range(EACH) for kind in ("there", "empty")]  # fmt: skip
    people([email for email, kind in addresses if kind == "there"])
    random.Random(4).shuffle(addresses)  # the same order in every run
    askers = [asker(f"asker-{number}-{name.replace(' ', '-')}@example.org") for number in range(CALLERS)]

    handler = askers[0].handler  # one for all: each would read every static file's name again

    def ask(numbered: tuple[int, tuple[str, str]]) -> tuple[str, float, tuple[Any, ...]]:
        number, (email, kind) = numbered
        client = Client(REMOTE_ADDR=f"10.{number // 250}.{number % 250}.7")
        client.handler = handler
        if door is by_change:
            client.cookies = askers[number % CALLERS].cookies
        else:
            client.get(reverse("account_login"))
        began = time.perf_counter()
        answer = door(client, email)
        return kind, time.perf_counter() - began, looks(answer, email)

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(ask, enumerate(addresses)))
    different = {str(look) for _kind, _seconds, look in answers}
    assert len(different) == 1, f"{name} looks {len(different)} ways"
    return tuple([seconds for kind, seconds, _look in answers if kind == which] for which in ("there", "empty"))  # type: ignore[return-value]  # two of them


@transaction.atomic
def people(emails: list[str]) -> None:
    """Accounts of these addresses; one hash serves all, it costs the same to check."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from accounts.models import User

    kept = make_password(PASSWORD)
    made = User.objects.bulk_create(User(email=email, password=kept) for email in emails)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, primary=True, verified=True) for person in made
    )


def asker(email: str) -> Client:
    """A browser of somebody who proved a moment ago who they are."""
    people([email])
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def auc(one: list[float], other: list[float]) -> float:
    """How often an answer of the first kind took longer than one of the second: 0.5 tells nothing, 0 and 1 all."""
    wins = sum((left > right) + (left == right) / 2 for left in one for right in other)
    return wins / (len(one) * len(other))
