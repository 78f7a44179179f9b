"""Once a day the trail is verified and its heads are signed; what does not verify is told of instead."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from audit import actions as audit
from audit.jobs import attesting, signing
from audit.models import Alert, Chain, Entry
from core import tenancy
from core.ids import first_id
from tests import builders
from tests.audit.superuser import superuser

pytestmark = pytest.mark.django_db(transaction=True)


def heads() -> list[str]:
    return sorted(default_storage.listdir("audit/heads")[1]) if default_storage.exists("audit/heads") else []


def broken() -> list[Entry]:
    with transaction.atomic(), tenancy.system("looking"):
        return list(Entry.objects.filter(action="trail.broken"))


@pytest.mark.usefixtures("one_moment")
def test_the_heads_of_a_day_are_signed_once() -> None:
    organization = builders.make_organization()
    with transaction.atomic(), tenancy.declared(organization.pk):
        audit.record("book.tested")
    attesting.attest()
    today = timezone.now().date().isoformat()
    assert heads() == [f"{today}.json"]
    with default_storage.open(f"audit/heads/{today}.json") as file:
        content = file.read()
    document = signing.read(content)
    assert document is not None
    with transaction.atomic(), tenancy.system("looking"):
        end = Chain.objects.get(pk=organization.pk)
        hashed = Entry.objects.get(organization_id=organization.pk, sequence=end.sequence).hash
    assert document["heads"][str(organization.pk)] == [end.sequence, bytes(hashed or b"").hex()]
    attesting.attest()
    with default_storage.open(f"audit/heads/{today}.json") as file:
        assert file.read() == content
    changed = json.loads(content)
    changed["heads"][str(organization.pk)][0] += 1
    assert signing.read(json.dumps(changed).encode()) is None


def test_a_trail_that_does_not_verify_is_told_of_and_not_signed() -> None:
    organization = builders.make_organization()
    with transaction.atomic(), tenancy.declared(organization.pk):
        audit.record("book.tested")
        pk = Entry.objects.get(action="book.tested").pk
    with superuser() as db:
        db.execute("UPDATE audit_entry SET details = '{\"words\": 4}' WHERE id = %s", [pk])
    attesting.attest()
    attesting.attest()
    assert heads() == []
    [told] = broken()
    assert (told.severity, told.details["entry"], told.details["chain"]) == (
        "critical", str(pk), str(organization.pk),
    )  # fmt: skip
    assert Alert.objects.filter(entry_id=told.pk).exists()


@pytest.mark.parametrize(("hours", "times"), [(19, 1), (21, 2)])
def test_what_is_still_broken_is_told_of_again_the_next_day(hours: int, times: int) -> None:
    organization = builders.make_organization()
    with transaction.atomic(), tenancy.declared(organization.pk):
        audit.record("book.tested")
    with superuser() as db:
        db.execute("UPDATE audit_entry SET action = 'book.changed' WHERE action = 'book.tested'")
    attesting.attest()
    with superuser() as db:
        since = first_id(timezone.now() - timedelta(hours=hours))
        db.execute("UPDATE audit_entry SET id = %s WHERE action = 'trail.broken'", [since])
    attesting.attest()
    assert len([entry for entry in broken() if entry.details["chain"] == str(organization.pk)]) == times
