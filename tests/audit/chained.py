"""A chain of entries, and what verifying says of it."""

from uuid import UUID

from django.db import transaction

from audit import actions as audit
from audit.jobs import keeping, verifying
from audit.jobs.diagnosis import Finding
from audit.models import Entry
from core import tenancy
from tests import builders

NUMBER = 9


def make_chain() -> UUID:
    """An organization with nine linked entries: acts of a person, with something personal in each."""
    organization = builders.make_organization(slug="atelier")
    person = builders.make_person()
    keeping.link()
    for number in range(1, NUMBER + 1):
        with transaction.atomic(), tenancy.declared(organization.pk):
            audit.record("book.tested", actor=person, details={"number": number}, personal={"title": f"Bees {number}"})
        keeping.link()
    return UUID(str(organization.pk))


def entry(chain: UUID, place: int) -> Entry:
    with transaction.atomic(), tenancy.declared(chain):
        return Entry.objects.get(organization_id=chain, sequence=place)


def finding(chain: UUID) -> Finding | None:
    """What verifying finds in that chain; the others must be good."""
    verdicts = {verdict.chain: verdict.finding for verdict in verifying.verify()}
    found = verdicts.pop(chain)
    assert set(verdicts.values()) <= {None}
    return found


def last(chain: UUID) -> int:
    with transaction.atomic(), tenancy.declared(chain):
        return int(Entry.objects.filter(organization_id=chain).order_by("-sequence")[0].sequence or 0)
