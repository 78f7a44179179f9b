"""Google as an OpenID Connect provider, on loopback: the shapes of accounts.google.com, and what can go wrong there."""

from tests.fakes.google.provider import Account, FakeGoogle

__all__ = ["Account", "FakeGoogle"]
