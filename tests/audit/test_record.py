"""The trail: written once, by the system or a person, and never changed by the application."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from audit import actions as audit
from audit.models import Entry
from core import tenancy
from organizations.models import Organization
from tests import builders

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_what_for_whom(organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    with tenancy.declared(organization.pk):
        audit.record("book.tested", actor=editor, target=book, details={"words": 3})
        entry = Entry.objects.get(action="book.tested")
    assert (entry.actor_id, entry.actor_label, entry.organization_id) == (editor.pk, str(editor), organization.pk)
    assert (entry.target_type, entry.target_id, entry.details) == ("books.book", book.pk, {"words": 3})


def test_what_the_system_does_has_no_actor(organization: Organization) -> None:
    with tenancy.declared(organization.pk):
        audit.record("book.tested")
        entry = Entry.objects.get(action="book.tested")
    assert (entry.actor_id, entry.actor_label, entry.target_type, entry.target_id) == (None, "", "", None)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_application_cannot_change_what_is_written(change: str, organization: Organization) -> None:
    with tenancy.declared(organization.pk):
        audit.record("book.tested")
        entries = Entry.objects.filter(action="book.tested")
        with pytest.raises(DatabaseError), transaction.atomic():
            entries.update(action="nothing") if change == "update" else entries.delete()
        assert entries.count() == 1


def test_the_trail_of_another_organization_is_not_seen(organization: Organization) -> None:
    with tenancy.declared(organization.pk):
        audit.record("book.tested")
    with tenancy.declared(builders.make_organization().pk):
        assert not Entry.objects.filter(action="book.tested").exists()


def test_an_entry_goes_with_the_transaction_that_failed(organization: Organization) -> None:
    @transaction.atomic
    def fail() -> None:
        audit.record("book.tested")
        raise RuntimeError

    with tenancy.declared(organization.pk):
        with pytest.raises(RuntimeError):
            fail()
        assert not Entry.objects.filter(action="book.tested").exists()
