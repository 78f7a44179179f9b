"""An authenticator app, as on a telephone (RFC 6238: SHA-1, six digits, half minutes)."""

import base64
import hmac
import re
import struct
import time
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.accounts.door import PASSWORD


def code(secret: str, *, halves: int = 0) -> str:
    """What it shows for the secret, so many half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + halves)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def wrong(secret: str) -> str:
    """A code that it shows neither now nor soon."""
    near = {code(secret, halves=halves) for halves in range(-2, 4)}
    return next(
        one for one in ("000000", "111111", "222222", "333333", "444444", "555555", "666666") if one not in near
    )


def prove(client: Client, password: str = PASSWORD) -> Any:
    """Give the password once more, as sensitive pages ask."""
    return client.post(reverse("account_reauthenticate"), {"password": password})


def set_up(client: Client) -> str:
    """Add the app to the account of who is signed in, proven before; returns its secret."""
    prove(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'class="secret">([A-Z2-7=]+)<', page)
    assert found, page
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(found[1])})
    assert answer.status_code == 302, answer.content
    return found[1]
