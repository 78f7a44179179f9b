"""The chain: PostgreSQL's own work, out of everybody's reach, that nobody waits for."""

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from audit import actions as audit
from audit.jobs import keeping, verifying
from audit.models import NOBODY, Anchor, Chain, Entry, Seal
from core import tenancy
from core.ids import new_id
from organizations.models import Organization
from tests import builders
from tests.audit.superuser import superuser


@pytest.mark.django_db
def test_what_an_act_claims_of_its_place_is_not_believed(organization: Organization) -> None:
    keeping.link()
    with tenancy.declared(organization.pk):
        claimed = {
            "sequence": 99,
            "previous": b"x",
            "hash": b"x",
            "digest": b"x",
            "salt": b"x",
            "personal_digest": b"x",
        }
        entry = Entry.objects.create(action="book.tested", organization_id=organization.pk, **claimed)
        entry.refresh_from_db()
    assert entry.sequence != 99
    assert b"x" not in {bytes(value or b"") for value in (entry.hash, entry.digest, entry.salt, entry.personal_digest)}


@pytest.mark.django_db
def test_each_entry_is_salted_by_itself(organization: Organization) -> None:
    with tenancy.declared(organization.pk):
        for _ in range(2):
            audit.record("book.tested", personal={"title": "Bees"})
        digests = Entry.objects.filter(action="book.tested").values_list("personal_digest", flat=True)
        assert len({bytes(one or b"") for one in digests}) == 2


@pytest.mark.django_db
def test_a_chain_begins_with_the_first_linking_and_goes_on_by_itself(organization: Organization) -> None:
    keeping.link()
    with tenancy.declared(organization.pk):
        audit.record("book.tested")
        keeping.link()
        for _ in range(3):
            audit.record("book.tested")
        entries = list(Entry.objects.filter(organization_id=organization.pk).order_by("sequence"))
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert [bytes(entry.previous or b"") for entry in entries[1:]] == [
        bytes(entry.hash or b"") for entry in entries[:-1]
    ]
    assert bytes(entries[0].previous or b"") == bytes(32)


@pytest.mark.django_db
def test_organizations_have_chains_of_their_own(organization: Organization) -> None:
    other = builders.make_organization()
    for one in (organization, other):
        with tenancy.declared(one.pk):
            audit.record("book.tested")
    keeping.link()
    with tenancy.system("looking"):
        places = Entry.objects.filter(action="book.tested").values_list("organization_id", "previous")
        assert {chain for chain, previous in places if bytes(previous or b"") == bytes(32)} <= {
            organization.pk,
            other.pk,
        }
        assert set(Chain.objects.values_list("chain", flat=True)) >= {organization.pk, other.pk}


@pytest.mark.django_db
def test_a_transaction_of_many_entries_leaves_most_to_the_linking(organization: Organization) -> None:
    with tenancy.declared(organization.pk):
        audit.record("book.tested")
        keeping.link()
        for _ in range(120):
            audit.record("book.tested")
        entries = Entry.objects.filter(action="book.tested")
        assert entries.filter(sequence__isnull=True).count() == 20
        assert keeping.link() == 20
        assert not entries.filter(sequence__isnull=True).exists()
    assert {verdict.finding for verdict in verifying.verify()} == {None}


def rolled_back(organization: UUID) -> None:
    with transaction.atomic(), tenancy.declared(organization):
        audit.record("book.tested")
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_was_rolled_back_leaves_no_gap() -> None:
    organization = builders.make_organization()
    keeping.link()
    rolled_back(organization.pk)
    with transaction.atomic(), tenancy.declared(organization.pk):
        audit.record("book.tested")
    assert {verdict.finding for verdict in verifying.verify()} == {None}


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_chain_and_every_entry_gets_its_place() -> None:
    organization = builders.make_organization()
    audit_once(organization.pk)
    keeping.link()
    with transaction.atomic(), tenancy.declared(organization.pk):
        audit.record("book.tested")  # holds the end of the chain until this block ends
        others = [threading.Thread(target=audit_once, args=[organization.pk]) for _ in range(8)]
        for one in others:
            one.start()
        for one in others:
            one.join(timeout=30)
        assert not any(one.is_alive() for one in others)
        committed = Entry.objects.filter(organization_id=organization.pk)
        assert committed.filter(sequence__isnull=True).count() == 8
    assert keeping.link() == 8
    verdicts = {verdict.chain: verdict for verdict in verifying.verify()}
    assert verdicts[organization.pk].finding is None
    assert verdicts[organization.pk].entries == 10


def audit_once(organization: UUID) -> None:
    try:
        with transaction.atomic(), tenancy.declared(organization):
            audit.record("book.tested")
    finally:
        if threading.current_thread() is not threading.main_thread():
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_the_linking_at_once_make_one_whole_chain() -> None:
    organization = builders.make_organization()
    keeping.link()

    def write() -> None:
        for _ in range(15):
            audit_once(organization.pk)

    def link() -> None:
        for _ in range(15):
            keeping.link()
        connection.close()

    workers = [threading.Thread(target=write) for _ in range(6)] + [threading.Thread(target=link) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(timeout=60)
    verdicts = {verdict.chain: verdict for verdict in verifying.verify()}
    assert verdicts[organization.pk].finding is None
    assert verdicts[organization.pk].entries == 90


CLOSED = [model._meta.db_table for model in (Chain, Seal, Anchor)]


@pytest.mark.django_db
@pytest.mark.parametrize("as_system", [False, True])
def test_the_application_writes_no_heads_seals_or_anchors(as_system: bool) -> None:
    with connection.cursor() as cursor:
        for table in CLOSED:
            for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                role = "scriptorium_system" if as_system else "scriptorium_web"
                cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
                assert cursor.fetchall() == [(False,)], (table, right)


@pytest.mark.django_db
def test_the_application_can_neither_forget_as_the_web_role_nor_open_any_quarter() -> None:
    erasing = (
        "audit_forget(gen_random_uuid())",
        "audit_forget_email('a')",
        "audit_forget_organization(gen_random_uuid())",
    )
    for call in (*erasing, "audit_open_quarter('2040-01-01')"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT {call}")


@pytest.mark.django_db
def test_functions_of_the_trail_are_nobodys_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
            " WHERE p.proname LIKE 'audit\\_%%' AND a.grantee = 0"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE proname LIKE 'audit\\_%%' AND prosecdef AND proconfig IS NULL"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db(transaction=True)
def test_past_the_trigger_nothing_is_linked() -> None:
    with superuser() as db:
        db.execute(
            "INSERT INTO audit_entry (id, at, action, severity, actor_label, real_actor_label, target_type, details,"
            " changes, personal, user_agent, request_id)"
            " VALUES (%s, now(), 'book.tested', 'low', '', '', '', '{}', '{}', '{}', '', '')", [new_id()],
        )  # fmt: skip
    assert keeping.link() == 0


def facts(pk: UUID) -> tuple[Any, ...]:
    with transaction.atomic(), tenancy.system("looking"):
        return Entry.objects.values_list("actor_id", "details", "changes", "digest", "personal_digest").get(pk=pk)


@pytest.mark.django_db
def test_forgetting_a_person_erases_what_names_them_and_nothing_else(organization: Organization) -> None:
    person, other = builders.make_person(display_name="Paula Person"), builders.make_person(display_name="Olga Other")
    from core import origin

    with tenancy.declared(organization.pk):
        audit.record("book.one", actor=person, personal={"title": "Bees"}, details={"words": 3})
        with origin.acting(person.pk, "Paula Person"):
            audit.record("book.two", actor=other)
        audit.record("book.three", actor=other, target=person, personal={"name": "Paula Person"})
        audit.record("book.four", actor=other, personal={"title": "Wasps"})
        before = {entry.action: facts(entry.pk) for entry in Entry.objects.filter(action__startswith="book.")}
    assert audit.forget(person_id=person.pk) == 3
    with tenancy.system("looking"):
        entries = {entry.action: entry for entry in Entry.objects.filter(action__startswith="book.")}
        everything = str(list(Entry.objects.values()))
        told = Entry.objects.get(action="trail.forgotten")
    for action in ("book.one", "book.two", "book.three"):
        left = entries[action]
        assert (left.actor_label, left.real_actor_label, left.personal, left.salt) == ("", "", {}, None)
        assert (left.address, left.user_agent) == (None, "")
    assert (entries["book.four"].actor_label, entries["book.four"].personal) == ("Olga Other", {"title": "Wasps"})
    assert {action: facts(entry.pk) for action, entry in entries.items()} == before
    assert "Paula" not in everything
    assert (told.details, told.severity) == ({"person": str(person.pk), "entries": 3}, "high")
    assert audit.forget(person_id=person.pk) == 0


@pytest.mark.django_db
def test_forgetting_an_address_erases_it_wherever_it_stands(organization: Organization) -> None:
    with tenancy.declared(organization.pk):
        audit.record("book.one", personal={"email": "Guest@Example.org"})
        audit.record("book.two", personal={"invited": [{"who": "guest@example.org"}]})
        audit.record("book.three", personal={"email": "other@example.org"})
    assert audit.forget_email(email="guest@example.org") == 2
    with tenancy.declared(organization.pk):
        assert "guest@" not in str(list(Entry.objects.values())).lower()
        assert Entry.objects.get(action="book.three").personal == {"email": "other@example.org"}


@pytest.mark.django_db
def test_forgetting_an_address_leaves_those_that_only_hold_it(organization: Organization) -> None:
    others = ["ed.ann+1@b.co", "joann+1@b.co", "ann+1@b.com", "ann+1@b.co.uk", "ann1@b.co", "ann+1@bxco"]
    with tenancy.declared(organization.pk):
        for one in others:
            audit.record("book.kept", personal={"email": one})
        for one in ("<ann+1@b.co>", "write to ANN+1@b.co.", "ann+1@b.co, ed@b.co"):
            audit.record("book.gone", personal={"said": one})
    assert audit.forget_email(email="ann+1@b.co") == 3
    with tenancy.declared(organization.pk):
        kept = Entry.objects.filter(action="book.kept").order_by("id")
        assert [entry.personal["email"] for entry in kept] == others
        assert {str(entry.personal) for entry in Entry.objects.filter(action="book.gone")} == {"{}"}


@pytest.mark.django_db
def test_forgetting_no_address_forgets_nobody(organization: Organization) -> None:
    with tenancy.declared(organization.pk):
        audit.record("book.kept", personal={"title": "Bees"})
        with pytest.raises(ValueError, match="no address"):
            audit.forget_email(email="")
        assert Entry.objects.get(action="book.kept").personal == {"title": "Bees"}


@pytest.mark.django_db
def test_forgetting_an_organization_erases_its_names_and_no_other_one_s(organization: Organization) -> None:
    other, person = builders.make_organization(), builders.make_person()
    for one in (organization, other):
        with tenancy.declared(one.pk):
            audit.record("book.tested", actor=person, details={"words": 3}, personal={"title": "Bees"})
    audit.record("organization.tested", target=organization, personal={"name": "Atelier"})
    assert audit.forget_organization(organization_id=organization.pk) >= 2
    with tenancy.system("looking"):
        left = Entry.objects.get(action="book.tested", organization_id=organization.pk)
        assert (left.actor_id, left.actor_label, left.details, left.personal) == (person.pk, "", {"words": 3}, {})
        assert Entry.objects.get(action="organization.tested").personal == {}
        assert Entry.objects.get(action="book.tested", organization_id=other.pk).personal == {"title": "Bees"}
    assert {verdict.finding for verdict in verifying.verify()} == {None}


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_being_erased_of_holds_up_no_other() -> None:
    organization = builders.make_organization()
    keeping.link()
    with transaction.atomic(), tenancy.declared(organization.pk), superuser() as db:
        db.execute("SELECT FROM audit_chain WHERE chain = %s FOR UPDATE", [organization.pk])
        for _ in range(2):
            audit.record("book.tested")
        first = Entry.objects.filter(action="book.tested").order_by("id")[0].pk
    with superuser() as db:
        db.execute("UPDATE audit_entry SET actor_label = '' WHERE id = %s", [first])
        assert keeping.link() >= 1
    assert keeping.link() == 1
    assert {verdict.finding for verdict in verifying.verify()} == {None}


@pytest.mark.django_db(transaction=True)
def test_long_work_across_organizations_holds_nobodys_chain() -> None:
    audit.record("book.tested")
    keeping.link()
    with transaction.atomic(), tenancy.system("long work"), superuser() as db:
        ends = db.execute("SELECT sequence FROM audit_chain WHERE chain = %s FOR UPDATE SKIP LOCKED", [NOBODY])
        assert ends.fetchall()
