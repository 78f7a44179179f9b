"""What opens an account: the trail of its password, second factors and linked accounts."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.actions.sessions import end_other_sessions
from accounts.models import User
from audit import actions as audit
from audit.models import Severity
from core.fields import cipher

SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


@transaction.atomic
def note_password_changed(*, person: User, session_key: str | None, reset: bool) -> None:
    """A new password; `reset`: by a mailed code. Whoever is signed in elsewhere is not any more."""
    name = "person.password_reset" if reset else "person.password_changed"
    audit.record(name, actor=person, target=person, severity=Severity.HIGH)
    end_other_sessions(person=person, session_key=session_key, why="password")


@transaction.atomic
def note_factor_added(*, person: User, kind: str) -> None:
    """A second factor more: `totp`, `webauthn` or `recovery_codes`."""
    audit.record("person.factor_added", actor=person, target=person, details={"kind": kind}, severity=Severity.HIGH)


@transaction.atomic
def note_factor_removed(*, person: User, session_key: str | None, kind: str) -> None:
    """A second factor less. Whoever is signed in elsewhere is not any more."""
    audit.record("person.factor_removed", actor=person, target=person, details={"kind": kind}, severity=Severity.HIGH)
    end_other_sessions(person=person, session_key=session_key, why="factor_removed")


@transaction.atomic
def note_codes_renewed(*, person: User) -> None:
    """New recovery codes; the old ones are worth nothing."""
    audit.record("person.recovery_codes_renewed", actor=person, target=person, severity=Severity.HIGH)


@transaction.atomic
def note_factor_used(*, person: User, kind: str) -> None:
    """A second factor opened the door, or proved who it is once more. A recovery code does so once."""
    if kind == "recovery_codes":
        audit.record("person.recovery_code_used", actor=person, target=person, severity=Severity.HIGH)
    else:
        audit.record("person.factor_used", actor=person, target=person, details={"kind": kind})


@transaction.atomic
def note_google_linked(*, person: User, address: str) -> None:
    """A Google account opens this one from now on."""
    audit.record(
        "person.google_linked", actor=person, target=person, personal={"address": address}, severity=Severity.HIGH
    )


@transaction.atomic
def note_google_unlinked(*, person: User, address: str) -> None:
    """That Google account does not open this one any more."""
    audit.record(
        "person.google_unlinked", actor=person, target=person, personal={"address": address}, severity=Severity.HIGH
    )


@transaction.atomic
def forget_ways_in(*, person: User) -> None:
    """Whose address was just proved by a mailed code has what they set up themselves: nothing from before opens it.

    Anybody can sign up with anybody's address, and wait with a password or a Google account until it is proved.
    """
    held = person.has_usable_password() or SocialAccount.objects.filter(user=person).exists()
    SocialAccount.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password", "updated_at"])
    if held:
        audit.record("person.ways_in_forgotten", target=person, severity=Severity.HIGH)


@transaction.atomic
def rotate_factors() -> int:
    """Write the secrets of apps and recovery codes with the newest of FIELD_KEYS (`rotate_fields`): how many."""
    factors = Authenticator.objects.filter(type__in=SECRETS).order_by("pk").select_for_update()
    written = 0
    for factor in factors.iterator(chunk_size=500):
        name = SECRETS[Authenticator.Type(factor.type)]
        factor.data[name] = cipher().rotate(factor.data[name].encode()).decode()
        factor.save(update_fields=["data"])
        written += 1
    return written
