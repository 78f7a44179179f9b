"""The activity page: what happened, by whom, on what, filtered, searched, page by page and as a table."""

import csv
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import actions as audit
from audit.models import Entry, Severity
from core import origin, tenancy
from core.ids import first_id
from organizations.models import Organization
from organizations.queries import activity
from tests import builders
from tests.books import desk

Sign = Callable[[User], Client]


def record(organization: Organization, action: str, actor: User | None = None, **facts: Any) -> None:
    """One entry, as an action writes it."""
    with tenancy.declared(organization.pk), transaction.atomic():
        audit.record(action, actor=actor, **facts)


def look(client: Client, organization: Organization, **asked: Any) -> str:
    """The page as text, its white space folded."""
    response = client.get(reverse("tenant:activity", args=[organization.slug]), asked)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def shown(client: Client, organization: Organization, **asked: Any) -> list[str]:
    """What the page's entries say was done."""
    response = client.get(reverse("tenant:activity", args=[organization.slug]), asked)
    return [line.label for line in response.context["page"].lines]


@pytest.fixture
def leading(owner: User, client_of: Sign) -> Client:
    """The owner's browser."""
    return client_of(owner)


# ── What an entry says ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_act_is_a_sentence_with_its_book(
    leading: Client, client_of: Sign, organization: Organization, editor: User
) -> None:
    client_of(editor).post(desk.address("book_new", organization.slug), desk.brief(title="The Ninth Hive"))
    page = look(leading, organization)
    assert '<b>Edgar Editor</b></a> began a book <q class="act-target">The Ninth Hive</q>' in page
    assert '<b>Edgar Editor</b></a> started writing <q class="act-target">The Ninth Hive</q>' in page
    assert "127.0.0.1" in page


def test_before_and_after_stand_side_by_side_in_words(leading: Client, organization: Organization, owner: User) -> None:
    record(organization, "limits.set", owner, changes={"role": ("member", "admin"), "books": (10, None)})
    page = look(leading, organization)
    assert '<dt>Role</dt><dd><del>member</del> <span aria-hidden="true">→</span> <ins>admin</ins></dd>' in page
    assert "<del>10</del>" in page
    assert "<ins>—</ins>" in page


def test_it_is_read_in_the_readers_language_and_on_their_clock(
    client_of: Sign, organization: Organization, owner: User
) -> None:
    reader = builders.make_member(organization, "admin", language="fr", time_zone="Pacific/Kiritimati")
    record(organization, "book.created", owner, personal={"title": "Miel"})
    page = look(client_of(reader), organization)
    assert "a commencé un livre" in page
    assert "+14:00" in page


def test_staff_are_staff_and_come_from_nowhere(leading: Client, organization: Organization, owner: User) -> None:
    staff = builders.make_person(display_name="Sally Staff", is_staff=True)
    with origin.acting(staff.pk, "Sally Staff"):
        record(organization, "book.created", owner)
    record(organization, "limits.set", staff, severity=Severity.MEDIUM)
    page = look(leading, organization)
    assert "Scriptorium staff</b> changed limits" in page
    assert "in truth Scriptorium staff" in page
    assert "Sally" not in page


def test_what_staff_and_machines_note_for_themselves_is_not_shown(leading: Client, organization: Organization) -> None:
    record(organization, "system.entered", details={"reason": "a sweep"})
    record(organization, "step.done")
    record(organization, "run.completed")
    assert shown(leading, organization) == ["finished writing"]


def test_what_was_typed_is_harmless(leading: Client, organization: Organization, owner: User) -> None:
    record(organization, "book.created", owner, personal={"title": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in look(leading, organization)


# ── Filters, search, pages ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def busy(organization: Organization, owner: User, editor: User) -> Organization:
    """An organization in which something of each kind has happened."""
    record(organization, "book.created", editor, personal={"title": "Élan du cœur"})
    record(organization, "export.requested", owner)
    record(organization, "run.completed")
    record(organization, "limits.set", owner, severity=Severity.MEDIUM)
    return organization


FOUND = [
    ({"person": "editor"}, ["began a book"]),
    ({"person": "system"}, ["finished writing"]),
    ({"area": "files"}, ["asked for a file"]),
    ({"severity": "medium"}, ["changed limits"]),
    ({"q": "elan coeur"}, ["began a book"]),
    ({"q": "edgar"}, ["began a book"]),
    ({"q": "asked for"}, ["asked for a file"]),
    ({"q": "nothing like it"}, []),
    ({"area": "no such", "severity": "x", "since": "yesterday", "person": "me", "before": "1"}, None),
]


@pytest.mark.parametrize(("asked", "found"), FOUND, ids=str)
def test_what_is_asked_for_is_found(
    asked: dict[str, str], found: list[str] | None, leading: Client, busy: Organization, editor: User
) -> None:
    if asked.get("person") == "editor":
        asked = {"person": str(editor.pk)}
    every = ["changed limits", "finished writing", "asked for a file", "began a book"]
    assert shown(leading, busy, **asked) == (every if found is None else found)


def test_an_id_finds_what_it_names(leading: Client, organization: Organization, owner: User) -> None:
    book = builders.make_book(organization, owner)
    record(organization, "book.archived", owner, target=book)
    record(organization, "book.created", owner)
    assert shown(leading, organization, q=str(book.pk)) == ["put a book in the archive"]


def test_days_are_the_readers_and_both_are_in(organization: Organization, client_of: Sign) -> None:
    reader = builders.make_member(organization, "admin", time_zone="America/New_York")
    last_evening = (timezone.now() - timedelta(days=1)).replace(hour=2, minute=0)  # still the day before in New York
    with tenancy.declared(organization.pk), transaction.atomic():
        Entry.objects.create(id=first_id(last_evening), organization_id=organization.pk, action="book.created")
    day = (last_evening - timedelta(days=1)).date().isoformat()
    client = client_of(reader)
    assert shown(client, organization, since=day, until=day) == ["began a book"]
    assert shown(client, organization, since=last_evening.date().isoformat()) == []


def test_pages_follow_each_other_without_gap_or_repetition(leading: Client, organization: Organization) -> None:
    for number in range(2 * activity.PAGE + 1):
        record(organization, "book.created", personal={"title": f"Book {number}"})
    address = reverse("tenant:activity", args=[organization.slug])
    seen, url = [], address
    while url:
        page = leading.get(url).context["page"]
        seen += [line.target for line in page.lines]
        record(organization, "book.created", personal={"title": "Meanwhile"})
        url = address + page.next_url if page.next_url else ""
    assert seen == [f"Book {number}" for number in reversed(range(2 * activity.PAGE + 1))]


def test_a_search_looks_through_so_many_entries_and_goes_on(organization: Organization, owner: User) -> None:
    record(organization, "book.created", owner, personal={"title": "Deep down"})
    for _each in range(20):
        record(organization, "run.completed")
    with tenancy.declared(organization.pk), transaction.atomic():
        asked = activity.Asked(q="deep")
        first = activity.activity_page(organization, asked, searched=20)
        assert (first.lines, first.goes_on) == ((), True)
        before = UUID(first.next_url.partition("before=")[2])
        second = activity.activity_page(organization, asked, before=before, searched=20)
    assert [line.target for line in second.lines] == ["Deep down"]
    assert not second.goes_on


def test_the_page_needs_no_more_queries_for_more_entries(
    leading: Client, organization: Organization, owner: User
) -> None:
    counts = []
    for number in (2, 40):
        for _each in range(number):
            book = builders.make_book(organization, owner)
            record(organization, "book.created", owner, target=book)
        look(leading, organization)
        with CaptureQueriesContext(connection) as queries:
            look(leading, organization)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ── The table ───────────────────────────────────────────────────────────────────────────────────────────────────────


def table(client: Client, organization: Organization, **asked: str) -> list[list[str]]:
    """The rows of the CSV, heading first."""
    response = client.get(reverse("tenant:activity_table", args=[organization.slug]), asked)
    assert isinstance(response, StreamingHttpResponse)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{organization.slug}-activity.csv"'
    content: Iterator[bytes] = response.streaming_content
    return list(csv.reader(b"".join(content).decode("utf-8-sig").splitlines()))


@pytest.mark.django_db(transaction=True)
def test_the_table_holds_every_entry_that_is_asked_for_and_no_formula(
    leading: Client, organization: Organization, owner: User
) -> None:
    for number in range(activity.PAGE + 5):
        record(organization, "book.created", owner, personal={"title": f"=1+{number}"})
    record(organization, "limits.set", owner, severity=Severity.MEDIUM)
    heading, *rows = table(leading, organization, area="books")
    assert heading[:6] == ["Time (UTC)", "Who", "Really", "Act", "On what", "Severity"]
    assert len(rows) == activity.PAGE + 5
    assert {row[3] for row in rows} == {"began a book"}
    assert {row[4][:3] for row in rows} == {"'=1"}


@pytest.mark.django_db(transaction=True)
def test_taking_the_table_is_in_the_trail(leading: Client, organization: Organization) -> None:
    table(leading, organization, q="honey")
    with tenancy.declared(organization.pk), transaction.atomic():
        entry = Entry.objects.get(action="activity.exported")
    assert (entry.severity, entry.personal) == (Severity.HIGH, {"filters": "q=honey"})


@pytest.mark.django_db(transaction=True)
def test_the_table_speaks_the_readers_language_to_its_end(client_of: Sign, organization: Organization) -> None:
    reader = builders.make_member(organization, "admin", language="fr")
    record(organization, "book.created", reader)
    _heading, *rows = table(client_of(reader), organization)
    assert [row[3] for row in rows][-1] == "a commencé un livre"


# ── Who may ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["tenant:activity", "tenant:activity_table"])
@pytest.mark.parametrize(("person", "status"), [("owner", 200), ("editor", 403), ("viewer", 403), ("outsider", 404)])
def test_owners_and_admins_read_it(
    name: str, person: str, status: int, organization: Organization, client_of: Sign, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(person))
    assert client.get(reverse(name, args=[organization.slug])).status_code == status


def test_nothing_of_another_organization_is_in_it(leading: Client, organization: Organization, outsider: User) -> None:
    theirs = outsider.memberships.get().organization
    record(theirs, "book.created", outsider, personal={"title": "Theirs"})
    assert shown(leading, organization) == []
    assert shown(leading, organization, person=str(outsider.pk)) == []


# ── Speed ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (activity.Asked(), "audit_organization"),
        (activity.Asked(severity="high"), "audit_severity"),
        (activity.Asked(person="00000000-0000-7000-8000-000000000000"), "audit_actor"),
    ],
    ids=str,
)
def test_the_page_is_read_from_an_index_under_row_level_security(
    asked: activity.Asked, index: str, organization: Organization, outsider: User
) -> None:
    theirs = outsider.memberships.get().organization
    with tenancy.declared(theirs.pk), transaction.atomic():
        for _entry in range(300):  # among a handful, the key of the table would be as cheap as any index
            audit.record("book.created", actor=outsider)
    with tenancy.declared(organization.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        plan = activity.entries(organization, asked)[: activity.PAGE].explain()
        cursor.execute(
            "SELECT DISTINCT p.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid"
            " JOIN pg_class p ON p.oid = i.inhparent WHERE c.relkind = 'i' AND position(c.relname IN %s) > 0",
            [plan],
        )
        # In a small partition the planner may find the organization's own index as good.
        read = {name for (name,) in cursor.fetchall()}
        assert read and read <= {index, "audit_organization"}, plan
        cursor.execute("SELECT 1 FROM pg_indexes WHERE tablename = 'audit_entry' AND indexname = %s", [index])
        assert cursor.fetchone()
