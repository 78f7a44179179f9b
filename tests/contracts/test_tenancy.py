"""Tenancy, twice: code reads through `.of(organization)`, and PostgreSQL refuses what code forgets."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from audit.models import Entry
from books.models import Book, Chapter
from core import tenancy
from organizations.models import Limits, Organization, TenantRow
from tests import builders
from tests.contracts.source import APPS, modules, room

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantRow)]
TENANT_TABLES = sorted([model._meta.db_table for model in TENANT_MODELS] + [Entry._meta.db_table])
# Tables that name an organization without being guarded, because they must be read before a tenant is known.
RESOLVERS = {
    "organizations_membership": "says which tenant a person may declare; no content",
    "organizations_formerslug": "leads an old address on to the organization",
    "organizations_invitationkey": "says which tenant an invitation is of; digests alone",
    "books_bookkey": "says which tenant a link or a public page is of; digests and slugs alone",
    "billing_customer": "says which tenant a provider's customer is; ids alone",
    "billing_providerevent": "says which tenant an event is for; ids alone, its body stands elsewhere",
    "core_lease": "says which tenant a piece of work is for; no content",
}
MANAGERS = {"objects", "everything", "_base_manager", "_default_manager"}
# Reads of a tenant model without `.of(…)`, by file and expression, each with what stands in for the gate.
UNGATED = {
    ("books/jobs/steps.py", "Step.objects.select_related"): "the task's message declared it",
    ("books/jobs/steps.py", "Run.objects.select_related"): "the task's message declared it",
    ("books/transitions/advance.py", "Step.objects.get_or_create"): "looks for the organization's step, and names it",
    ("books/jobs/exporting.py", "Export.objects.select_related"): "the task's message declared it",
    ("books/jobs/bundling.py", "Bundle.objects.select_related"): "the same",
    ("books/jobs/bundling.py", "Bundle.objects.filter"): "of every organization, in core.tenancy.system",
    ("books/jobs/erasing.py", "Book.objects.get"): "the task's message declared it",
    ("books/jobs/erasing.py", "Book.objects.filter"): "of every organization, in core.tenancy.system",
    ("books/jobs/erasing.py", "Book.objects.select_related"): "declared for it in the line before",
    ("books/jobs/erasing.py", "Export.objects.filter"): "of that book, which the task's message declared",
    ("books/jobs/erasing.py", "Picture.objects.filter"): "the same",
    ("books/jobs/pictures.py", "Picture.objects.get"): "the task's message declared it",
    ("books/jobs/pictures.py", "Picture.objects.filter"): "the same, whichever book names the file",
    ("books/transitions/erasing.py", "Step.objects.filter"): "of runs that came through their gate",
    ("organizations/queries/personal.py", "Invitation.objects.filter"): "a person's everywhere, in core.tenancy.system",
    ("books/queries/parts.py", "Collaborator.objects.filter"): "the same",
    ("books/queries/parts.py", "ShareLink.objects.filter"): "the same",
    ("books/transitions/parts.py", "Collaborator.objects.filter"): "the same",
    ("books/transitions/parts.py", "ShareLink.objects.filter"): "the same",
    ("organizations/transitions/leaving.py", "Invitation.objects.filter"): "the same",
    ("books/queries/readings.py", "Run.objects.values_list"): "counted for Prometheus, in core.tenancy.counted",
    ("books/queries/readings.py", "LanguageModelCall.objects.filter"): "the same",
    ("books/queries/readings.py", "Export.objects.filter"): "the same",
    ("books/queries/health.py", "LanguageModelCall.objects.filter"): "counted for staff, in the admin's system",
    ("books/queries/margins.py", "LanguageModelCall.objects.filter"): "sums for staff, in the admin's system",
    ("books/queries/margins.py", "Run.objects.filter"): "the same",
    ("billing/jobs/rollups.py", "UsageRecord.objects.filter"): "of every organization, in core.tenancy.system",
    ("billing/jobs/rollups.py", "UsageRecord.objects.all"): "the same",
    ("billing/jobs/rollups.py", "UsageDay.objects.aggregate"): "the same",
    ("billing/jobs/rollups.py", "UsageDay.objects.filter"): "the same",
    ("billing/jobs/plans.py", "Limits.objects.filter"): "the same",
    ("billing/jobs/graces.py", "Subscription.objects.filter"): "of every organization, in core.tenancy.system",
    ("billing/jobs/graces.py", "PlanGift.objects.filter"): "the same",
    ("billing/jobs/graces.py", "SavedCard.objects.filter"): "the same",
    ("billing/jobs/months.py", "Subscription.objects.filter"): "the same",
    ("billing/jobs/months.py", "CreditLot.objects.filter"): "the same",
    ("billing/jobs/reconciling.py", "Purchase.objects.filter"): "of every organization, in core.tenancy.system",
    ("billing/jobs/reconciling.py", "Subscription.objects.filter"): "the same",
    ("billing/jobs/reconciling.py", "Refund.objects.filter"): "the same",
    ("billing/jobs/reconciling.py", "Dispute.objects.filter"): "the same",
    ("billing/jobs/watching.py", "Purchase.objects.filter"): "counted for staff, in core.tenancy.counted",
    ("billing/jobs/watching.py", "Dispute.objects.filter"): "the same",
    ("billing/queries/revenue.py", "LedgerLine.objects.filter"): "sums for staff, in the admin's system",
    ("billing/queries/revenue.py", "Subscription.objects.filter"): "the same",
    ("billing/queries/revenue.py", "Payment.objects.filter"): "the same",
    ("billing/queries/revenue.py", "UsageDay.objects.filter"): "the same",
}
READABLE = {
    "visible_to",
    "allowing",
    "logged_for",
    "trashed_for",
    "hidden_from",
}  # each begins with `of`
GATES = {"of", *READABLE, "create", "bulk_create", "model"}


# ── In code ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ungated(path: str, text: str) -> list[str]:
    """`Model.objects.<anything but a gate>` on a tenant model."""
    tenant = {model.__name__ for model in TENANT_MODELS}
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Attribute):
            continue
        manager = node.value
        if manager.attr in MANAGERS and isinstance(manager.value, ast.Name):
            said = f"{manager.value.id}.{manager.attr}.{node.attr}"
            if manager.value.id in tenant and node.attr not in GATES and (path, said) not in UNGATED:
                found.append(f"{path}:{node.lineno} {said}")
    return found


def test_tenant_rows_are_read_through_their_gate() -> None:
    # The admin works across organizations inside core.tenancy.system, which is audited.
    read = {path: text for path, text in modules(*APPS).items() if room(path) != "admin"}
    assert [one for path, text in read.items() for one in ungated(path, text)] == []


def test_a_read_around_the_gate_is_caught() -> None:
    assert ungated("books/queries/planted.py", "Book.objects.all()")
    assert ungated("books/queries/planted.py", "Chapter.objects.filter(pk=pk)")
    assert ungated("books/queries/planted.py", "Book.objects.get(pk=pk)")
    assert ungated("books/queries/planted.py", "Chapter.everything.get(pk=pk)")
    assert not ungated("books/queries/planted.py", "Book.objects.of(organization).filter(pk=pk)")
    assert not ungated("books/queries/planted.py", "Organization.objects.filter(pk=pk)")


def test_every_exception_to_the_gate_is_still_needed() -> None:
    texts = modules("billing", "books", "organizations")
    assert [key for key in UNGATED if key[1] not in texts.get(key[0], "")] == []


# ── In the catalogue ────────────────────────────────────────────────────────────────────────────────────────────────


def rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of a catalogue query."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def unguarded() -> set[str]:
    """Tables with an `organization_id` that lack row level security, its enforcement on owners, or a policy."""
    return {
        table
        for (table,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
            " AND a.attname = 'organization_id' AND NOT a.attisdropped AND NOT (c.relrowsecurity"
            " AND c.relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))"
        )
    }


def loose_references() -> set[tuple[str, str]]:
    """(table, column) of foreign keys between tenant tables without a composite one beside it on the organization."""
    keys = rows(
        "SELECT k.conrelid::regclass::text, k.confrelid::regclass::text, array_agg(a.attname::text ORDER BY n.ord)"
        " FROM pg_constraint k CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS n(num, ord)"
        " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.num"
        " WHERE k.contype = 'f' GROUP BY k.oid, k.conrelid, k.confrelid"
    )
    between = [(child, parent, columns) for child, parent, columns in keys if {child, parent} <= set(TENANT_TABLES)]
    single = {(child, columns[0]) for child, _parent, columns in between if len(columns) == 1}
    composite = {(child, columns[1]) for child, _parent, columns in between if columns[:1] == ["organization_id"]}
    return single - composite


@pytest.mark.django_db
def test_every_table_with_an_organization_is_guarded_or_a_resolver() -> None:
    assert unguarded() == set(RESOLVERS)


@pytest.mark.django_db
def test_every_reference_between_tenant_tables_stays_in_one_organization() -> None:
    assert loose_references() == set()


def test_every_row_base_is_used() -> None:
    # A model with its own `organization` outside TenantRow would slip through the code rule above.
    owning = {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "organization_id" for field in model._meta.concrete_fields)
    }
    assert owning - set(TENANT_TABLES) == set(RESOLVERS)


@pytest.fixture
def as_owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A connection of the owner role, rolled back: to plant tables in."""
    import environ
    import psycopg
    from django.conf import settings

    owner = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    with psycopg.connect(
        host=owner["HOST"], port=owner["PORT"], user=owner["USER"], password=owner["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    ) as planted:  # fmt: skip
        yield planted


@pytest.mark.django_db(transaction=True)
def test_an_unguarded_table_and_a_loose_reference_are_caught(as_owner: Any) -> None:
    as_owner.execute("CREATE TABLE planted (id uuid PRIMARY KEY, organization_id uuid, book_id uuid)")
    as_owner.execute("ALTER TABLE books_export DROP CONSTRAINT books_export_book_id_same_org")
    as_owner.commit()
    try:
        assert "planted" in unguarded()
        assert loose_references() == {("books_export", "book_id")}
    finally:
        as_owner.execute("DROP TABLE planted")
        as_owner.execute(
            "ALTER TABLE books_export ADD CONSTRAINT books_export_book_id_same_org"
            " FOREIGN KEY (organization_id, book_id) REFERENCES books_book (organization_id, id)"
            " DEFERRABLE INITIALLY DEFERRED"
        )
        as_owner.commit()


# ── In the database ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def theirs(outsider: User) -> Book:
    """A book of the other organization, with a chapter."""
    book = builders.make_book(outsider.memberships.get().organization, outsider)
    builders.make_chapter(book)
    return book


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
@pytest.mark.django_db
def test_a_query_without_a_declared_organization_raises(model: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        list(model._base_manager.all())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_a_query_without_a_transaction_raises_even_inside_a_declaration(model: Any) -> None:
    organization = builders.make_organization()
    with pytest.raises(DatabaseError):
        list(model._base_manager.all())
    with tenancy.declared(organization.pk), pytest.raises(DatabaseError):
        list(model._base_manager.all())


def test_without_the_gate_postgresql_still_gives_nothing_of_another(organization: Organization, theirs: Book) -> None:
    with tenancy.declared(organization.pk):
        assert not Book._base_manager.all().exists()
        assert not Chapter._base_manager.filter(book=theirs).exists()
        assert not Limits._base_manager.exclude(organization=organization).exists()
        assert not Entry._base_manager.exclude(organization_id=organization.pk).exists()
        assert not Book._base_manager.filter(pk=theirs.pk).update(title="Mine now")
        assert not Book._base_manager.filter(pk=theirs.pk).delete()[0]
    with tenancy.declared(theirs.organization_id):
        assert Book._base_manager.get().title == theirs.title


def test_postgresql_refuses_a_row_for_another(owner: User, organization: Organization, theirs: Book) -> None:
    with tenancy.declared(organization.pk), pytest.raises(DatabaseError), transaction.atomic():
        Book._base_manager.create(organization=theirs.organization, author=owner, title="Planted", topic="x")
    mine = builders.make_book(organization, owner)
    with tenancy.declared(organization.pk), pytest.raises(DatabaseError), transaction.atomic():
        Book._base_manager.filter(pk=mine.pk).update(organization=theirs.organization)


def test_postgresql_refuses_to_point_at_a_row_of_another(organization: Organization, theirs: Book) -> None:
    planted = Chapter(organization=organization, book_id=theirs.pk, position=9, title="Planted", planned_words=1)
    with tenancy.declared(organization.pk), transaction.atomic():
        planted.save()
        with pytest.raises(IntegrityError):  # deferred to the commit in real life
            connection.check_constraints()
        transaction.set_rollback(True)


def test_declarations_nest_and_restore(organization: Organization, theirs: Book) -> None:
    with tenancy.declared(organization.pk):
        with tenancy.declared(theirs.organization_id):
            assert Book._base_manager.count() == 1
        assert Book._base_manager.count() == 0
    assert tenancy.current() is None


def test_a_declaration_is_restored_after_a_refused_statement(organization: Organization, theirs: Book) -> None:
    with tenancy.declared(organization.pk):
        with pytest.raises(DatabaseError), transaction.atomic(), tenancy.declared(theirs.organization_id):
            Book._base_manager.create(organization=organization, author=theirs.author, title="Planted", topic="x")
        assert Book._base_manager.count() == 0


def test_system_sees_everything_once_and_leaves_a_trace(owner: User, theirs: Book) -> None:
    with tenancy.system("a look around", actor=owner):
        assert Book._base_manager.filter(pk=theirs.pk).exists()
        with tenancy.system("nested"):
            trail = Entry._base_manager.filter(action="system.entered")
            assert [(entry.actor_id, entry.details) for entry in trail] == [(owner.pk, {"reason": "a look around"})]
        assert rows("SELECT current_user") == [("scriptorium_system",)]
    assert rows("SELECT current_user") == [("scriptorium_web",)]
    with pytest.raises(DatabaseError), transaction.atomic():
        list(Book._base_manager.all())


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
@pytest.mark.parametrize("as_system", [False, True])
@pytest.mark.django_db
def test_nobody_changes_the_trail(statement: str, as_system: bool) -> None:
    organization = builders.make_organization()
    around = tenancy.system("trying") if as_system else tenancy.declared(organization.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), around, connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_declaration_outlives_its_transaction() -> None:
    # What makes it safe behind a pooler in transaction mode: the next client of this connection starts with nothing.
    organization = builders.make_organization()
    builders.make_book(organization, builders.make_person())
    with tenancy.declared(organization.pk), transaction.atomic():
        assert Book._base_manager.count() == 1
        server = rows("SELECT pg_backend_pid()")
    assert rows("SELECT pg_backend_pid(), current_setting('app.organization')") == [(server[0][0], "")]
    with tenancy.system("a look around"):
        pass
    assert rows("SELECT current_user") == [("scriptorium_web",)]
    with pytest.raises(DatabaseError), transaction.atomic():
        list(Book._base_manager.all())
