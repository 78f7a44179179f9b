"""Changing one's e-mail address: confirmed at both ends, told to both."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.actions.sessions import end_other_sessions
from accounts.models import User
from accounts.queries import codes, emails
from accounts.transitions import letters
from audit import actions as audit
from audit.models import Severity
from core import digests
from core.errors import Conflict


@transaction.atomic
def ask_for_change(*, person: User, email: str) -> dict[str, Any]:
    """Mail a code to either address, and return what is to be remembered of it (accounts.queries.codes).

    An address that has an account gets a mail that says so in place of the code: who asks sees the same in both cases.
    """
    old, new = (str(get_adapter().generate_email_verification_code()) for _each in range(2))
    taken = emails.is_taken(email)
    with override(person.language):
        letters.write("email_change_old", {"code": old, "email": email}, to=person.email)
        letters.write("email_change_taken" if taken else "email_change_new", {"code": new, "email": email}, to=email)
    audit.record(
        "person.email_change_asked", actor=person, target=person, personal={"email": email}, severity=Severity.MEDIUM
    )
    kept = [codes.digest(old), codes.digest(digests.new_token() if taken else new)]
    return {"email": email, **codes.fresh(*kept)}


@transaction.atomic
def change_email(*, person: User, email: str, session_key: str | None) -> None:
    """Both codes were right: the address is this one from now on, and other sessions end.

    Raises Conflict when somebody took the address meanwhile.
    """
    held = User.objects.select_for_update().get(pk=person.pk)
    if emails.is_taken(email):
        raise Conflict(_("This address cannot be used any more. Choose another one."))
    before, held.email = held.email, email
    held.save(update_fields=["email", "updated_at"])
    EmailAddress.objects.filter(user=held).delete()
    EmailAddress.objects.create(user=held, email=email, primary=True, verified=True)
    audit.record(
        "person.email_changed", actor=person, target=person, personal={"before": before, "after": email},
        severity=Severity.HIGH,
    )  # fmt: skip
    end_other_sessions(person=person, session_key=session_key, why="email")
    said = {"before": before, "after": email}
    with override(person.language):
        for address in (before, email):
            letters.write("email_changed", said, to=address)
    person.email = email
