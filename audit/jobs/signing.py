"""Ed25519 over canonical JSON: what was signed here can be proved to be ours, and unchanged, by whoever has the key."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one way to write it: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(document: Mapping[str, Any]) -> bytes:
    """The document with `signature` (base64) beside its members, canonical; the same every time with the same key."""
    signature = _keys()[0].sign(canonical(document))
    return canonical({**document, "signature": base64.b64encode(signature).decode()})


def read(content: bytes) -> dict[str, Any] | None:
    """A signed document without its signature; None when it is none, or none of ours."""
    try:
        document: dict[str, Any] = json.loads(content)
        signature = base64.b64decode(document.pop("signature"), validate=True)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return document if any(_made(key, signature, document) for key in _keys()) else None


def _made(key: Ed25519PrivateKey, signature: bytes, document: Mapping[str, Any]) -> bool:
    try:
        key.public_key().verify(signature, canonical(document))
    except InvalidSignature:
        return False
    return True


def _keys() -> list[Ed25519PrivateKey]:
    """Newest first. Raises ImproperlyConfigured for what is no key."""
    try:
        return [Ed25519PrivateKey.from_private_bytes(base64.b64decode(key)) for key in settings.AUDIT_SIGNING_KEYS]
    except ValueError:
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY: each must be 32 bytes in base64.") from None
