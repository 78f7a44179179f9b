"""What the database refuses is answered with the right status and a plain sentence, and nothing of ours."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from accounts.models import BetaInvite, User
from config import urls
from core import faults, tenancy
from core.errors import Conflict, DomainError, Forbidden, TooMany
from core.models import Lease
from organizations.models import Limits, Membership, Organization
from tests import builders
from tests.core.test_log import lines  # noqa: F401  # the fixture

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
TAKEN_NAME = "beta_invite_one_open"


def run(statement: str, *values: int) -> None:
    """One statement of SQL."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def unique() -> None:
    """Two people with one e-mail."""
    builders.make_person(email="twice@example.org")
    User.objects.create(email="twice@example.org")


def unique_with_words() -> None:
    """A second open invite, whose constraint says in words what is taken."""
    for code in ("0" * 16, "1" * 16):
        BetaInvite.objects.create(code=code, email="twice@example.org")


def exclusion() -> None:
    """Two overlapping stays in one room."""
    run("CREATE TEMPORARY TABLE stay (during tstzrange, EXCLUDE USING gist (during WITH &&))")
    for _again in range(2):
        run("INSERT INTO stay VALUES ('[2026-01-01, 2026-01-03)')")


def check() -> None:
    """A language nobody speaks here."""
    User.objects.create(email="check@example.org", language="xx")


def not_null() -> None:
    """A column that must be given."""
    User.objects.create(email="null@example.org", display_name=None)  # type: ignore[misc]  # that is the point


def foreign_key() -> None:
    """A membership of nobody; the constraint speaks when it is asked to, as it would at the commit."""
    Membership.objects.create(organization_id=uuid4(), person_id=uuid4())
    run("SET CONSTRAINTS ALL IMMEDIATE")


def protected() -> None:
    """An organization that still has members."""
    organization = builders.make_organization()
    builders.make_member(organization, "owner")
    with tenancy.declared(organization.pk):
        organization.delete()


def missing() -> None:
    """Somebody who is not there."""
    User.objects.get(pk=uuid4())


def too_long() -> None:
    """More than the column holds."""
    User.objects.create(email="long@example.org", display_name="x" * 500)


def out_of_range() -> None:
    """A number that no column holds."""
    run("SELECT %s::int", 2**40)


def no_text() -> None:
    """A byte that PostgreSQL has no text for."""
    User.objects.filter(display_name="a\x00b").exists()


def statement_timeout() -> None:
    """A statement that ran out of time."""
    run("SET LOCAL statement_timeout = '1ms'")
    run("SELECT pg_sleep(1)")


def connection_lost() -> None:
    """The server ended the connection."""
    raise OperationalError("server closed the connection unexpectedly") from None


def connection_closed() -> None:
    """A connection nobody holds any more."""
    raise InterfaceError("connection already closed")


def too_many() -> None:
    """A door that was tried too often."""
    raise TooMany("Wait a little.", retry_after=30)


def refusal() -> None:
    """A rule of the house."""
    raise DomainError("A book needs a title.", code="title")


def conflict() -> None:
    """Somebody was first."""
    raise Conflict("Somebody was first.")


def forbidden() -> None:
    """A member without the right."""
    raise Forbidden("Your role does not allow this.")


# What is provoked, its status, its code, and when to come back.
TABLE: dict[Callable[[], None], tuple[int, str, str]] = {
    unique: (409, "conflict", ""),
    unique_with_words: (409, "conflict", ""),
    exclusion: (409, "conflict", ""),
    check: (422, "invalid", ""),
    not_null: (422, "invalid", ""),
    foreign_key: (409, "in_use", ""),
    protected: (409, "in_use", ""),
    missing: (404, "not_found", ""),
    too_long: (400, "unreadable", ""),
    out_of_range: (400, "unreadable", ""),
    no_text: (400, "unreadable", ""),
    statement_timeout: (503, "busy", "1"),
    connection_lost: (503, "unavailable", "10"),
    connection_closed: (503, "unavailable", "10"),
    too_many: (429, "too_many", "30"),
    refusal: (422, "title", ""),
    conflict: (409, "refused", ""),
    forbidden: (403, "refused", ""),
}
PROVOKED = {one.__name__: one for one in TABLE}
OURS = ["select", "insert", "constraint", "violates", "accounts_", "error", "traceback", "psycopg", "null", "varying"]
OURS += ["core_", "server closed", "person_", "lock", "0x00", "value too long", "twice@example.org", "relation"]


@login_not_required
def provoke(request: HttpRequest, number: int) -> HttpResponse:
    """A page whose database refuses; its address, which stands in the page, does not say what."""
    list(TABLE)[number]()
    return HttpResponse("nothing was refused")


@login_not_required
def compete(request: HttpRequest, what: str) -> HttpResponse:
    """A page that wants the row that somebody else has."""
    COMPETING[what]()
    return HttpResponse("nobody was in the way")


urlpatterns = [
    path("provoke/<int:number>/", provoke),
    path("api/provoke/<int:number>/", provoke),
    path("compete/<str:what>/", compete),
    path("", include("config.urls")),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def address(what: str) -> str:
    """Where that is provoked."""
    return f"/provoke/{list(PROVOKED).index(what)}/"


def unlike_us(text: str) -> list[str]:
    """Words of the database and of our code that stand in an answer."""
    return [word for word in OURS if word in text.lower()]


@pytest.mark.parametrize("what", PROVOKED)
def test_a_page_says_it_plainly_with_a_request_id_and_nothing_of_ours(what: str, client: Client) -> None:
    status, _code, retry_after = TABLE[PROVOKED[what]]
    answer = client.get(address(what))
    assert (answer.status_code, answer.headers.get("Retry-After", "")) == (status, retry_after)
    text = answer.content.decode()
    assert answer.headers["X-Request-Id"] in text
    main = text[text.index("<main") :].replace('role="alert"', "")
    assert unlike_us(main) == []
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("what", PROVOKED)
def test_a_program_is_told_the_same_as_json(what: str, client: Client) -> None:
    status, code, retry_after = TABLE[PROVOKED[what]]
    below_api = client.get(f"/api{address(what)}")
    by_accept = client.get(address(what), headers={"Accept": "application/json"})
    for answer in (below_api, by_accept):
        assert (answer.status_code, answer.headers.get("Retry-After", "")) == (status, retry_after)
        error = answer.json()["error"]
        assert (error["code"], error["request_id"]) == (code, answer.headers["X-Request-Id"])
        assert error["message"]
        assert unlike_us(error["message"]) == []


def test_htmx_is_given_the_sentence_alone(client: Client) -> None:
    answer = client.get(address("check"), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert b"<html" not in answer.content


def test_a_constraint_may_say_in_words_what_is_taken(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # The registry of models is the table's own input.
    [constraint] = [one for one in BetaInvite._meta.constraints if one.name == TAKEN_NAME]
    monkeypatch.setattr(constraint, "violation_error_message", "This address has an open invite already.")
    faults._messages.cache_clear()
    try:
        answer = client.get(f"/api{address('unique_with_words')}")
    finally:
        faults._messages.cache_clear()
    assert answer.json()["error"]["message"] == "This address has an open invite already."


@pytest.mark.parametrize("what", PROVOKED)
def test_only_the_class_is_logged(
    what: str,
    client: Client,
    lines: Callable[[], list[dict[str, Any]]],  # noqa: F811  # the fixture
) -> None:
    client.get(address(what))
    said = [line for line in lines() if line["logger"] == "core.middleware" and line["event"] != "request"]
    assert [word for word in OURS[2:] if word in json.dumps(said).lower() and word != "error"] == []
    assert {line["event"].split()[0] for line in said} <= {"answered"}


def test_nothing_of_a_refused_page_is_kept(client: Client) -> None:
    before = User.objects.count()
    for what in PROVOKED:
        client.get(address(what))
    assert User.objects.count() == before


def test_a_tenant_row_without_an_organization_is_our_mistake(organization: Organization) -> None:
    with pytest.raises(DataError) as undeclared:
        Limits.objects.exists()
    assert faults.fault_of(undeclared.value) is None


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_what_nobody_planned_is_a_500_that_tells_nothing(accept: str, client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/provoke/999/", headers={"Accept": accept})
    assert answer.status_code == 500
    text = answer.content.decode()
    assert answer.headers["X-Request-Id"] in text
    assert "IndexError" not in text


def test_a_database_that_falls_before_any_view_is_an_outage_too(owner: User, client_of: Any) -> None:
    client = client_of(owner)

    def lost(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise OperationalError("the connection is lost")

    client.raise_request_exception = False
    with connection.execute_wrapper(lost):
        answer = client.get("/me/profile/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


# ── Somebody else was first: needs real commits and a second connection ─────────────────────────────────────────────


def locked() -> None:
    """Wait a moment for a row, then give up."""
    run("SET LOCAL lock_timeout = '50ms'")
    Lease.objects.select_for_update().get()


def serialization() -> None:
    """Change a row that somebody has changed since we looked."""
    lease = Lease.objects.get()
    with beside() as other:
        other.execute("UPDATE core_lease SET sendings = 5")
    Lease.objects.filter(pk=lease.pk).update(sendings=6)


def deadlock() -> None:
    """Lock a row, then one whose holder waits for ours."""
    first, second = Lease.objects.order_by("task")
    Lease.objects.select_for_update().get(pk=first.pk)
    HELD.set()
    Lease.objects.select_for_update().get(pk=second.pk)


COMPETING = {"locked": locked, "serialization": serialization, "deadlock": deadlock}
HELD = threading.Event()


@contextmanager
def beside() -> Iterator[psycopg.Connection[Any]]:
    """Another connection of the web role; what it did is committed at the end."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        yield other


def make_lease(task: str) -> Lease:
    return Lease.objects.create(pk=uuid4(), task=task, available_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_busy(client: Client) -> None:
    make_lease("one")
    with beside() as other:
        other.execute("SELECT 1 FROM core_lease FOR UPDATE")
        answer = client.get("/compete/locked/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


@pytest.mark.django_db(transaction=True)
def test_a_row_that_changed_meanwhile_is_busy(client: Client) -> None:
    make_lease("one")
    run("SET default_transaction_isolation = 'repeatable read'")
    try:
        answer = client.get("/compete/serialization/")
    finally:
        run("RESET default_transaction_isolation")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert Lease.objects.get().sendings == 5


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_busy_for_one_of_the_two(client: Client) -> None:
    _first, second = make_lease("a"), make_lease("b")
    HELD.clear()
    ended: list[str] = []

    def cross() -> None:
        with beside() as other:
            other.execute("SELECT 1 FROM core_lease WHERE id = %s FOR UPDATE", [second.pk])
            READY.set()
            HELD.wait(timeout=10)
            try:
                other.execute("SELECT 1 FROM core_lease FOR UPDATE")
            except psycopg.errors.DeadlockDetected:
                other.rollback()
                ended.append("deadlock")

    READY.clear()
    thread = threading.Thread(target=cross)
    thread.start()
    READY.wait(timeout=10)
    answer = client.get("/compete/deadlock/")
    thread.join(timeout=10)
    assert (answer.status_code, answer.headers.get("Retry-After")) in {(503, "1"), (200, None)}
    assert (answer.status_code == 200) == (ended == ["deadlock"])


READY = threading.Event()
