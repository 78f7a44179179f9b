"""audit_verify: what is as it was written is good; what anybody touched, even the superuser, is named to the entry."""

from io import StringIO
from threading import Timer
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from audit import actions as audit
from audit.jobs.diagnosis import Finding, Problem
from audit.models import NOBODY, Entry
from core import tenancy
from core.ids import new_id
from tests.audit.chained import NUMBER, entry, finding, last, make_chain
from tests.audit.superuser import superuser, touched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chain() -> UUID:
    """Nine entries."""
    return make_chain()


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    return out.getvalue()


def test_what_nobody_touched_is_good(chain: UUID) -> None:
    assert f"organization {chain}: {last(chain)} entries are good" in said()
    assert "no organization" in said()
    assert said("--organization", "atelier").splitlines() == [
        f"organization {chain}: {last(chain)} entries are good"
    ]  # of the others nothing is said


def test_an_unknown_organization_is_refused() -> None:
    with pytest.raises(CommandError, match="There is no organization nowhere"):
        said("--organization", "nowhere")


CHANGES: dict[str, LiteralString] = {
    "action": "'nothing'",
    "at": "at - interval '1 second'",
    "severity": "'critical'",
    "actor_id": "NULL",
    "real_actor_id": "gen_random_uuid()",
    "target_type": "'books.book'",
    "target_id": "gen_random_uuid()",
    "details": """'{"number": 7}'""",
    "changes": """'{"role": ["member", "owner"]}'""",
    "request_id": "'x'",
    "digest": "sha256('x')",
    "personal_digest": "sha256('x')",
}


@pytest.mark.parametrize("place", [1, 5, NUMBER])
def test_a_changed_field_is_named(place: int, chain: UUID) -> None:
    row = entry(chain, place)
    for column, value in CHANGES.items():
        with touched() as db:
            change(db, row.pk, column, value)
            db.commit()
            assert finding(chain) == Finding(chain, Problem.ALTERED, row.pk, place, *seen(row)), column
    assert finding(chain) is None


def change(db: psycopg.Connection[Any], pk: UUID, column: str, value: LiteralString) -> None:
    """Set one column of an entry to an expression."""
    db.execute(SQL("UPDATE audit_entry SET {} = {} WHERE id = %s").format(Identifier(column), SQL(value)), [pk])


def seen(row: Entry) -> tuple[Any, str]:
    """Time and action of an entry as they are by now."""
    with transaction.atomic(), tenancy.system("looking"):
        return Entry.objects.values_list("at", "action").get(pk=row.pk)


PERSONAL: dict[str, LiteralString] = {
    "actor_label": "'Somebody else'",
    "real_actor_label": "'Somebody else'",
    "address": "'192.0.2.9'",
    "user_agent": "'curl'",
    "personal": "'{}'",
    "salt": "sha256('x')",
}


def test_changed_personal_fields_are_named(chain: UUID) -> None:
    row = entry(chain, 5)
    for column, value in PERSONAL.items():
        with touched() as db:
            change(db, row.pk, column, value)
            db.commit()
            assert finding(chain) == Finding(chain, Problem.PERSONAL, row.pk, 5, row.at, row.action), column


def test_a_changed_field_with_digests_made_anew_is_named(chain: UUID) -> None:
    row = entry(chain, 5)
    with superuser() as db:
        db.execute("UPDATE audit_entry SET action = 'nothing' WHERE id = %s", [row.pk])
        db.execute("UPDATE audit_entry e SET digest = audit_digest(e) WHERE id = %s", [row.pk])
    found = finding(chain)
    assert found is not None
    assert (found.entry, found.sequence, found.problem) == (row.pk, 5, Problem.ALTERED)
    with superuser() as db:
        hash_anew(db, row.pk)
    found = finding(chain)
    assert found is not None
    assert (found.entry, found.sequence, found.problem) == (row.pk, 5, Problem.ALTERED)


def test_a_deleted_row_is_named_by_the_one_that_follows(chain: UUID) -> None:
    row, follows = entry(chain, 5), entry(chain, 6)
    with superuser() as db:
        db.execute("DELETE FROM audit_entry WHERE id = %s", [row.pk])
    found = finding(chain)
    said = "place 5 is missing before it"
    assert found == Finding(chain, Problem.MISSING, follows.pk, 6, follows.at, follows.action, said)


def test_the_first_row_deleted_is_named_by_the_one_that_follows(chain: UUID) -> None:
    with superuser() as db:
        db.execute("DELETE FROM audit_entry WHERE organization_id = %s AND sequence <= 2", [chain])
    follows = entry(chain, 3)
    found = finding(chain)
    assert found is not None
    assert (found.entry, found.problem, found.said) == (
        follows.pk, Problem.MISSING, "places 1 to 2 are missing before it",
    )  # fmt: skip


def test_a_deleted_row_is_named_though_the_others_were_renumbered(chain: UUID) -> None:
    row, follows = entry(chain, 5), entry(chain, 6)
    with superuser() as db:
        db.execute("DELETE FROM audit_entry WHERE id = %s", [row.pk])
        db.execute(
            "UPDATE audit_entry SET sequence = sequence - 1 WHERE organization_id = %s AND sequence > 5", [chain]
        )
        db.execute("UPDATE audit_chain SET sequence = sequence - 1 WHERE chain = %s", [chain])
    found = finding(chain)
    assert found is not None
    assert (found.entry, found.problem, found.said) == (follows.pk, Problem.MISSING, "it stood at place 6")


def test_the_last_row_deleted_is_named_by_the_one_before(chain: UUID) -> None:
    end = last(chain)
    row, before = entry(chain, end), entry(chain, end - 1)
    with superuser() as db:
        db.execute("DELETE FROM audit_entry WHERE id = %s", [row.pk])
    said = f"place {end} is missing after it"
    assert finding(chain) == Finding(chain, Problem.CUT_OFF, before.pk, end - 1, before.at, before.action, said)


def test_a_chain_of_which_nothing_is_left_is_named(chain: UUID) -> None:
    end = last(chain)
    with superuser() as db:
        db.execute("DELETE FROM audit_entry WHERE organization_id = %s", [chain])
    assert finding(chain) == Finding(chain, Problem.CUT_OFF, said=f"places 1 to {end} are missing after it")


def copied(db: psycopg.Connection[Any], row: Entry, **instead: LiteralString) -> UUID:
    """A copy of a row under a new id, with other values in some columns."""
    pk = new_id()
    values: dict[str, Composable] = {field.attname: Identifier(field.attname) for field in Entry._meta.concrete_fields}
    values |= {column: SQL(value) for column, value in instead.items()} | {"id": Literal(pk)}
    query = SQL("INSERT INTO audit_entry ({}) SELECT {} FROM audit_entry WHERE id = %s").format(
        SQL(", ").join(map(Identifier, values)), SQL(", ").join(values.values())
    )
    db.execute(query, [row.pk])
    return pk


def test_an_inserted_row_without_a_place_is_named(chain: UUID) -> None:
    with superuser() as db:
        empty = dict.fromkeys(["sequence", "previous", "hash", "digest", "personal_digest", "salt"], "NULL")
        pk = copied(db, entry(chain, 5), **empty)
    found = finding(chain)
    assert found is not None
    assert (found.entry, found.problem, found.sequence) == (pk, Problem.INSERTED, None)


@pytest.mark.parametrize("made_anew", [False, True])
def test_an_inserted_row_with_a_forged_place_is_named(made_anew: bool, chain: UUID) -> None:
    for place in (1, 5, last(chain)):
        with touched() as db:
            pk = copied(db, entry(chain, place))
            if made_anew:
                hash_anew(db, pk)
            db.commit()
            found = finding(chain)
            assert found is not None
            assert (found.entry, found.problem, found.sequence) == (pk, Problem.INSERTED, place)


def hash_anew(db: psycopg.Connection[Any], pk: UUID) -> None:
    """Digest and hash of an entry as they would be for what it says by now."""
    db.execute("UPDATE audit_entry e SET digest = audit_digest(e) WHERE id = %s", [pk])
    db.execute("UPDATE audit_entry SET hash = audit_hash(previous, sequence, digest) WHERE id = %s", [pk])


def test_a_row_inserted_between_others_that_were_renumbered_is_named(chain: UUID) -> None:
    before, row = entry(chain, 4), entry(chain, 5)
    with superuser() as db:
        db.execute(
            "UPDATE audit_entry SET sequence = sequence + 1 WHERE organization_id = %s AND sequence >= 5", [chain]
        )
        pk = copied(db, row, sequence="5")
        db.execute("UPDATE audit_entry SET previous = %s WHERE id = %s", [before.hash, pk])
        hash_anew(db, pk)
    found = finding(chain)
    assert found is not None
    assert (found.entry, found.problem, found.sequence) == (pk, Problem.INSERTED, 5)


def test_a_row_appended_beyond_the_head_is_named(chain: UUID) -> None:
    end = last(chain)
    row = entry(chain, end)
    with superuser() as db:
        pk = copied(db, row, sequence="sequence + 1", previous="hash")
        hash_anew(db, pk)
    found = finding(chain)
    assert found is not None
    assert (found.entry, found.problem, found.said) == (pk, Problem.INSERTED, "beyond the head")


@pytest.mark.parametrize("columns", [["sequence"], ["sequence", "previous", "hash"]])
def test_swapped_order_is_named(columns: list[str], chain: UUID) -> None:
    for far in (1, 3):
        first, other = entry(chain, 5), entry(chain, 5 + far)
        values = SQL(", ").join(SQL("{0} = source.{0}").format(Identifier(column)) for column in columns)
        with touched() as db:
            db.execute(
                SQL(
                    "UPDATE audit_entry e SET {} FROM audit_entry source"
                    " WHERE (e.id, source.id) IN ((%(a)s, %(b)s), (%(b)s, %(a)s))"
                ).format(values),
                {"a": first.pk, "b": other.pk},
            )
            db.commit()
            found = finding(chain)
            assert found is not None
            assert (found.entry, found.problem, found.sequence) == (other.pk, Problem.SWAPPED, 5)


def test_what_is_not_linked_after_ten_minutes_is_named(chain: UUID) -> None:
    with superuser() as db:
        # Digests as the trigger would make them, of a time long ago; a head that nobody lets go of keeps it unlinked.
        empty = dict.fromkeys(["sequence", "previous", "hash"], "NULL")
        pk = copied(db, entry(chain, 5), at="at - interval '11 minutes'", **empty)
        db.execute("UPDATE audit_entry e SET digest = audit_digest(e) WHERE id = %s", [pk])
        db.commit()
        db.execute("SELECT FROM audit_chain WHERE chain = %s FOR UPDATE", [chain])
        found = finding(chain)
    assert found is not None
    assert (found.entry, found.problem) == (pk, Problem.UNLINKED)
    assert finding(chain) is None


def test_what_a_long_transaction_brings_late_is_no_finding(chain: UUID) -> None:
    with superuser() as db:
        empty = dict.fromkeys(["sequence", "previous", "hash"], "NULL")
        pk = copied(db, entry(chain, 5), at="at - interval '11 minutes'", **empty)
        db.execute("UPDATE audit_entry e SET digest = audit_digest(e) WHERE id = %s", [pk])
        db.commit()
        # Kept from the linking that goes before, and free when it is asked for again: the linking waits two seconds.
        db.execute("SELECT FROM audit_chain WHERE chain = %s FOR UPDATE", [chain])
        release = Timer(3, db.rollback)
        release.start()
        found = finding(chain)
        release.join()
    assert found is None


def test_the_command_names_the_row_and_ends_with_one(chain: UUID) -> None:
    row = entry(chain, 5)
    with superuser() as db:
        db.execute("UPDATE audit_entry SET action = 'nothing' WHERE id = %s", [row.pk])
    out = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("audit_verify", stdout=out)
    assert raised.value.returncode == 1
    named = f"organization {chain}: altered: entry {row.pk}, place 5, {row.at.isoformat()} nothing"
    assert [line for line in out.getvalue().splitlines() if str(chain) in line] == [named]


def test_erasing_a_person_breaks_no_chain(chain: UUID) -> None:
    row = entry(chain, 5)
    assert audit.forget(person_id=row.actor_id or NOBODY) == NUMBER
    assert finding(chain) is None
    assert f"{last(chain)} entries are good, {NUMBER} without personal fields" in said("--organization", "atelier")
