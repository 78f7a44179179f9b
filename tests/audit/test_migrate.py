"""The trail's tables: what was written before there were partitions and chains is kept, there and back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from audit import actions as audit
from audit.models import Entry
from core import tenancy
from core.ids import new_id
from core.postgres.roles import use_owner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner_role(transactional_db: None) -> Iterator[None]:
    """The default connection as the owner; the suite's own teardown gives it back to the web role."""
    use_owner(connection, settings.DATABASE_OWNER_URL)
    yield
    call_command("migrate", "audit", verbosity=0)


def partitions() -> dict[str, str]:
    """Each partition of the trail and its bounds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_class c JOIN pg_inherits i"
            " ON i.inhrelid = c.oid WHERE i.inhparent = 'audit_entry'::regclass"
        )
        return dict(cursor.fetchall())


def test_entries_survive_the_migration_there_and_back(owner_role: None) -> None:
    audit.record("book.tested", details={"words": 3}, personal={"title": "Bees"})
    call_command("migrate", "audit", "0003", verbosity=0)
    assert partitions() == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT details, personal FROM audit_entry WHERE action = 'book.tested'")
        assert cursor.fetchall() == [('{"words": 3}', '{"title": "Bees"}')]
    call_command("migrate", "audit", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_link()")
    entry = Entry.objects.get(action="book.tested")
    assert (entry.details, entry.personal, entry.sequence) == ({"words": 3}, {"title": "Bees"}, 1)


def test_there_is_a_partition_for_this_quarter_the_next_and_everything_else(owner_role: None) -> None:
    now = datetime.now(UTC)
    quarters = [(now.year, (now.month + 2) // 3)]
    quarters.append((now.year + 1, 1) if quarters[0][1] == 4 else (now.year, quarters[0][1] + 1))
    wanted = {"audit_entry_before", "audit_entry_default"} | {f"audit_entry_{year}q{part}" for year, part in quarters}
    assert partitions().keys() == wanted
    last = max(wanted - {"audit_entry_before", "audit_entry_default"})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {last}")
        cursor.execute("SELECT audit_open_quarters()")
        assert cursor.fetchall() == [(1,)]
    assert partitions().keys() == wanted


def test_what_the_default_partition_caught_moves_to_its_quarter(owner_role: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (id, at, action, severity, actor_label, real_actor_label, target_type, details,"
            " changes, personal, user_agent, request_id) VALUES (audit_first_id('2041-05-05'), '2041-05-05', 'late',"
            " 'low', '', '', '', '{}', '{}', '{}', '', '')"
        )
        cursor.execute("SELECT tableoid::regclass::text FROM audit_entry WHERE action = 'late'")
        assert cursor.fetchall() == [("audit_entry_default",)]
        cursor.execute("SELECT audit_open_quarter('2041-06-30'), audit_open_quarter('2041-04-01')")
        assert cursor.fetchall() == [(True, False)]
        cursor.execute("SELECT tableoid::regclass::text FROM audit_entry WHERE action = 'late'")
        assert cursor.fetchall() == [("audit_entry_2041q2",)]
        transaction.set_rollback(True)


def test_a_partition_by_its_own_name_is_nobodys() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid, unnest("
            " ARRAY['scriptorium_web', 'scriptorium_system']) role"
            " WHERE i.inhparent = 'audit_entry'::regclass AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity"
            " OR has_table_privilege(role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'))"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("narrowed", [{}, {"organization_id": new_id()}])
def test_lists_by_id_read_partitions_one_after_the_other(narrowed: dict[str, UUID]) -> None:
    with tenancy.system("looking"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")  # for tables without rows
        plan = Entry.objects.filter(id__lt=new_id(), **narrowed).order_by("-id")[:50].explain()
    assert "->  Append" in plan
    assert "Sort" not in plan
    assert "Merge Append" not in plan
