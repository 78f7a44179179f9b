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


# What differs from one answer to the next and tells nothing: tokens against forgery, nonces, ids.
NONCES = re.compile(
    r'csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"|nonce="[^"]+"|<code>[0-9a-f-]{36}</code>'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}"
)
RANDOM_HEADERS = {"X-Request-Id", "Content-Security-Policy", "Content-Length", "Expires"}


def looks(response: Any, email: str) -> tuple[Any, ...]:
    """All that somebody outside sees of an answer about this address, without what is random: for comparing two."""
    body = NONCES.sub("·", response.content.decode()).replace(email, "·")
    headers = {name: value for name, value in response.headers.items() if name not in RANDOM_HEADERS}
    cookies = {
        name: {key: value for key, value in cookie.items() if key != "expires"}
        for name, cookie in response.cookies.items()
    }
    return response.status_code, headers, cookies, body
