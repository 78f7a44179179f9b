"""PostgreSQL backend that declares the current organization as the first statement of every transaction.

`SET LOCAL` semantics (set_config's third argument) keep this safe behind a pooler in transaction mode: nothing outlives
the transaction. Why a backend and not middleware: middleware runs outside ATOMIC_REQUESTS' transaction.
"""

from django.db.backends.postgresql import base

from core import tenancy


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL wrapper plus the tenant declaration."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # Django's own hook, missing from the stubs
        organization = tenancy.current()
        if not autocommit and organization is not None:
            tenancy.declare(self, organization)
