"""Agreeing to the texts in force."""

from django.db import transaction

from accounts.models import Consent, User
from accounts.queries import consents
from audit import actions as audit


@transaction.atomic
def agree(*, person: User, language: str) -> None:
    """Record that the person agreed to every text in force, as shown in `language`; agreeing again changes nothing."""
    agreed = consents.missing(person)
    if not agreed:
        return
    Consent.objects.bulk_create(
        [Consent(person=person, kind=kind, version=version, language=language) for kind, version in agreed.items()],
        ignore_conflicts=True,
    )
    audit.record("person.agreed", actor=person, target=person, details={"texts": agreed, "language": language})
