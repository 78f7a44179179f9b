"""The trail in the admin: found by person, act, target, severity and time; taken along; what is critical of it."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import actions as audit
from audit.models import Entry, Severity
from core import origin, tenancy
from core.ids import first_id, new_id
from organizations.models import Organization
from tests import builders

pytestmark = pytest.mark.django_db
LIST = reverse("admin:audit_entry_changelist")
READERS_CLOCK = ZoneInfo("Europe/Paris")


@pytest.fixture
def staff(db: None, client_of: Callable[[User], Client]) -> Client:
    """The browser of a superuser."""
    return client_of(
        builders.make_person(is_staff=True, is_superuser=True, display_name="Sara Staff", time_zone=READERS_CLOCK.key)
    )


def written(action: str, organization: Organization, **given: Any) -> Entry:
    """An entry of that organization's."""
    with tenancy.declared(organization.pk):
        audit.record(action, **given)
        return Entry.objects.filter(action=action).order_by("-id")[0]


def shown(staff: Client, **asked: str) -> list[str]:
    """Actions of the entries on the list, without those of looking at it."""
    page = staff.get(LIST, asked)
    assert page.status_code == 200
    return [entry.action for entry in page.context["cl"].result_list if entry.action.startswith("book.")]


def test_entries_are_found_by_whoever_and_whatever_they_name(
    staff: Client, organization: Organization, owner: User, editor: User
) -> None:
    book = builders.make_book(organization, owner)
    one = written("book.one", organization, actor=owner, target=book)
    with origin.acting(new_id(), "Sam Support"):
        two = written("book.two", organization, actor=editor, severity=Severity.CRITICAL)
    three = written("book.three", organization)
    everything = ["book.three", "book.two", "book.one"]
    assert shown(staff, q=str(organization.pk)) == everything
    assert shown(staff, q=str(owner.pk)) == shown(staff, q=str(book.pk)) == shown(staff, q=str(one.pk)) == ["book.one"]
    assert shown(staff, q=str(two.real_actor_id)) == shown(staff, q="sam support") == ["book.two"]
    assert shown(staff, q=editor.email.upper()) == shown(staff, q="edgar editor") == ["book.two"]
    assert shown(staff, q="BOOKS.BOOK") == ["book.one"]
    assert shown(staff, q="book.three") == ["book.three"]
    assert shown(staff, severity__exact="critical") == shown(staff, by="acting") == ["book.two"]
    assert shown(staff, by="people") == ["book.one"]
    assert shown(staff, by="system") == [three.action]
    assert shown(staff, q="nobody at all") == []


def test_entries_are_found_by_act(staff: Client, organization: Organization) -> None:
    with tenancy.system("tests"):
        audit.record("trail.sealed")
    page = staff.get(LIST, {"action": "trail.sealed"})
    assert {entry.action for entry in page.context["cl"].result_list} == {"trail.sealed"}


def test_entries_are_found_by_day(staff: Client, organization: Organization) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=10)
    with tenancy.declared(organization.pk):
        for action, moment in (("book.old", long_ago), ("book.new", now)):
            Entry.objects.create(id=first_id(moment), action=action, organization_id=organization.pk)
    day, today = (timezone.localdate(moment, READERS_CLOCK).isoformat() for moment in (long_ago, now))
    assert shown(staff, at_from=day, at_to=day) == ["book.old"]
    assert shown(staff, at_from=today) == ["book.new"]
    assert shown(staff, at_from=day, at_to=today) == ["book.new", "book.old"]
    assert shown(staff, at_to="nonsense", at_from="9999-12-31") == ["book.new", "book.old"]


def test_pages_lead_to_older_and_newer_entries(staff: Client, organization: Organization) -> None:
    for number in range(120):
        written(f"book.{number}", organization)
    pages, url = [], f"{LIST}?q={organization.pk}"
    while url:
        page = staff.get(url).context["cl"]
        pages.append([entry.action for entry in page.result_list])
        url = page.older_url and LIST + page.older_url
        newer = page.newer_url
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [name for page in pages for name in page] == [f"book.{number}" for number in reversed(range(120))]
    back = staff.get(LIST + newer).context["cl"]
    assert [entry.action for entry in back.result_list] == pages[1]
    first = staff.get(LIST + back.newer_url).context["cl"]
    assert [entry.action for entry in first.result_list] == pages[0]
    assert first.newer_url is None
    assert staff.get(LIST, {"older": "nonsense"}).status_code == 200


def test_nothing_is_counted_and_no_page_is_skipped_over(staff: Client, organization: Organization) -> None:
    for number in range(60):
        written(f"book.{number}", organization)
    last = staff.get(LIST).context["cl"].older_url
    with CaptureQueriesContext(
        connection,
    ) as queries:
        staff.get(LIST + last)
    asked = [query["sql"] for query in queries if "audit_entry" in query["sql"]]
    assert [query for query in asked if "COUNT(" in query.upper() or "OFFSET" in query or "DISTINCT" in query] == []


def content(response: Any) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_what_the_list_shows_is_taken_along_as_a_table(staff: Client, organization: Organization, owner: User) -> None:
    written("book.one", organization, actor=owner, details={"words": 3}, personal={"title": "Bees"})
    written("book.two", organization, severity=Severity.HIGH)
    owner.display_name = "=1+1"
    written("book.three", organization, actor=owner)
    table = staff.get(reverse("admin:audit_export", args=["csv"]), {"q": str(organization.pk)})
    assert table.headers["Content-Disposition"] == 'attachment; filename="trail.csv"'
    rows = list(csv.DictReader(StringIO(content(table))))
    assert [row["action"] for row in rows] == ["book.three", "book.two", "book.one"]
    assert (rows[2]["details"], rows[2]["personal"]) == ('{"words": 3}', '{"title": "Bees"}')
    assert rows[0]["actor_label"] == "'=1+1"
    high = staff.get(reverse("admin:audit_export", args=["csv"]), {"severity__exact": "high", "q": "book.two"})
    assert [row["action"] for row in csv.DictReader(StringIO(content(high)))] == ["book.two"]


def test_what_the_list_shows_is_taken_along_as_json(staff: Client, organization: Organization) -> None:
    written("book.one", organization, details={"words": 3})
    answer = staff.get(reverse("admin:audit_export", args=["json"]), {"q": str(organization.pk)})
    assert answer.headers["Content-Type"] == "application/json"
    [row] = json.loads(content(answer))
    assert (row["action"], row["details"], UUID(row["organization_id"])) == ("book.one", {"words": 3}, organization.pk)
    nothing = staff.get(reverse("admin:audit_export", args=["json"]), {"q": str(new_id())})
    assert json.loads(content(nothing)) == []


def test_an_export_has_every_page(staff: Client, organization: Organization, settings: Any) -> None:
    with tenancy.declared(organization.pk):
        Entry.objects.bulk_create(
            Entry(action=f"book.{number}", organization_id=organization.pk) for number in range(1100)
        )
    answer = staff.get(
        reverse("admin:audit_export", args=["json"]), {"q": str(organization.pk), "older": str(new_id())}
    )
    assert [row["action"] for row in json.loads(content(answer))] == [
        f"book.{number}" for number in reversed(range(1100))
    ]


def test_an_export_is_in_the_trail_itself(staff: Client, organization: Organization) -> None:
    staff.get(reverse("admin:audit_export", args=["csv"]), {"q": "edgar"})
    with tenancy.system("tests"):
        entry = Entry.objects.get(action="trail.exported")
    assert (entry.actor_label, entry.severity) == ("Sara Staff", Severity.HIGH)
    assert (entry.details, entry.personal) == ({"format": "csv"}, {"asked": "q=edgar"})


def test_there_is_no_other_form(staff: Client) -> None:
    assert staff.get(reverse("admin:audit_export", args=["xml"])).status_code == 404


@pytest.mark.parametrize("address", ["admin:audit_critical", "admin:audit_export"])
def test_staff_without_the_right_see_nothing(address: str, client_of: Callable[[User], Client]) -> None:
    person = builders.make_person(is_staff=True)
    answer = client_of(person).get(reverse(address, args=["csv"] if address.endswith("export") else []))
    assert not answer.streaming
    assert "days" not in (answer.context or {})
    with tenancy.system("tests"):
        assert not Entry.objects.filter(action="trail.exported").exists()


@pytest.mark.usefixtures("one_moment")
def test_the_page_of_critical_acts_counts_days_and_lists_them(
    staff: Client, organization: Organization, owner: User
) -> None:
    written("book.high", organization, severity=Severity.HIGH)
    written("book.critical", organization, actor=owner, severity=Severity.CRITICAL)
    page = staff.get(reverse("admin:audit_critical"))
    days = page.context["days"]
    assert len(days) == 14
    assert (days[-1].critical, days[-1].high, days[0].low) == (1, 1, 0)
    assert [(bar.severity, bar.number) for bar in page.context["bars"] if bar.severity == "critical"] == [
        ("critical", 1)
    ]
    text = page.content.decode()
    assert "book.critical" in text
    assert "<svg" in text
    assert "book.high" not in text


def test_the_page_says_when_nothing_critical_has_happened(staff: Client) -> None:
    assert "Nothing critical has happened." in staff.get(reverse("admin:audit_critical")).content.decode()
