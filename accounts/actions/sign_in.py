"""Signing in and out, and proving again who one is: what the trail keeps of it."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.utils.translation import override

from accounts.models import User
from accounts.queries import codes
from accounts.transitions import letters
from audit import actions as audit
from audit.models import Severity


@transaction.atomic
def note_signed_in(*, person: User, methods: Sequence[str]) -> None:
    """Somebody came in, by these ways one after another: `password`, `code`, `google`, `totp`, `webauthn`…"""
    audit.record("person.signed_in", actor=person, target=person, details={"methods": list(methods)})


@transaction.atomic
def note_sign_in_failed(*, email: str, method: str) -> None:
    """Somebody did not come in. Of an address that has no account nothing is kept, but the entry is written as well.

    Both take the same time: a lookup and a row.
    """
    person = User.objects.filter(email=email.strip().lower()).first()
    audit.record("person.sign_in_failed", target=person, details={"method": method}, severity=Severity.MEDIUM)


@transaction.atomic
def note_factor_failed(*, person: User, method: str, again: bool) -> None:
    """A code or key was wrong; `again`: by somebody signed in who was asked once more."""
    name = "person.reauthentication_failed" if again else "person.sign_in_failed"
    audit.record(
        name, actor=person if again else None, target=person, details={"method": method}, severity=Severity.MEDIUM
    )


@transaction.atomic
def note_reauthenticated(*, person: User, method: str) -> None:
    """Somebody signed in has proven once more who they are, before a sensitive act."""
    audit.record("person.reauthenticated", actor=person, target=person, details={"method": method})


@transaction.atomic
def mail_proof(*, person: User) -> dict[str, Any]:
    """Mail a code by which somebody signed in proves who they are, and return what is to be remembered of it."""
    code = str(get_adapter().generate_login_code())
    with override(person.language):
        letters.write("prove", {"code": code}, to=person.email)
    return codes.fresh(codes.digest(code))


@transaction.atomic
def note_signed_out(*, person: User) -> None:
    """Somebody left."""
    audit.record("person.signed_out", actor=person, target=person)
