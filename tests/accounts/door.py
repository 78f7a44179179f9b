"""The ways in, as a browser walks them."""

import re
from collections.abc import Callable
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

PASSWORD = "a roof full of bees"
ANOTHER = "a meadow nobody mows"


def sign_up(client: Client, email: str, password: str = PASSWORD, name: str = "Ada Bee", **more: str) -> Any:
    """Send the sign-up form; `more` are further fields of it."""
    fields = {"email": email, "password1": password, "display_name": name, "agreed": "on"}
    return client.post(reverse("account_signup"), fields | more)


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    """Send the sign-in form."""
    return client.post(reverse("account_login"), {"login": email, "password": password})


def mailed_code(run_queue: Callable[[], int]) -> str:
    """The code in the newest mail, once the queue has sent it."""
    run_queue()
    body = mail.outbox[-1].message().get_body(("plain",))
    found = re.search(r"^    (\S+)\r?$", str(body.get_content()) if body else "", re.MULTILINE)
    assert found, "no code in the newest mail"
    return found.group(1)


def confirm(client: Client, code: str) -> Any:
    """Send the code that proves the address."""
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def signed_in(client: Client) -> bool:
    """Whether the browser is somebody's."""
    return client.get(reverse("accounts:profile")).status_code == 200
