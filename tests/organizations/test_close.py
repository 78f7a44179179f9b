"""The end of an organization: closed at once, 30 days to come back, then erased."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books import actions as book_actions
from books.models import Book, Run, RunState
from core import leases, tenancy
from core.errors import DomainError
from core.models import Lease
from organizations import actions, signals
from organizations.actions.opening import make_ordinary
from organizations.errors import OrganizationRefused
from organizations.jobs import erasing
from organizations.models import FormerSlug, Invitation, Limits, Membership, Organization
from tests import builders
from tests.trail import trail

ClientOf = Callable[[User], Client]
CLOSE = "/o/atelier/settings/close/"
PASSWORD = "Quiet-Meadow-27"
FAR = timedelta(days=31)


def signed_in(person: User) -> Client:
    """A browser in which the person has just given their password."""
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def close(organization: Organization, by: User) -> Organization:
    """Close it without a browser."""
    return actions.close_organization(organization=organization, by=by)


def long_ago(organization: Organization) -> None:
    """Closed so long ago that it is due."""
    then = timezone.now() - FAR
    Organization.objects.filter(pk=organization.pk).update(closed_at=then, erase_at=then + timedelta(days=30))


def erase_due() -> None:
    """What beat and a worker do."""
    current_app.tasks["organizations.tasks.erase_closed"]()
    for lease in Lease.objects.filter(task=erasing.TASK):
        with tenancy.declared(lease.pk):
            current_app.tasks[erasing.TASK](str(lease.pk))


def test_closing_asks_for_the_name_and_for_the_password_again(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    fresh = signed_in(owner)
    stale = client_of(owner)
    assert stale.get(CLOSE).status_code == 200
    assert "/accounts/reauthenticate/" in stale.post(CLOSE, {"name": "Atelier"}).headers["Location"]
    assert fresh.post(CLOSE, {"name": "Another"}).status_code == 422
    organization.refresh_from_db()
    assert organization.closed_at is None
    assert fresh.post(CLOSE, {"name": " atelier "}).headers["Location"] == "/o/atelier/closed/"
    organization.refresh_from_db()
    assert organization.closed_at is not None
    assert organization.erase_at == organization.closed_at + timedelta(days=30)
    [entry] = trail("organization.closed")
    assert (entry.actor_id, entry.severity) == (owner.pk, "critical")


@pytest.mark.parametrize("role", ["admin", "member", "guest"])
def test_only_owners_close(role: str, organization: Organization) -> None:
    client = signed_in(builders.make_member(organization, role))
    assert {client.get(CLOSE).status_code, client.post(CLOSE, {"name": "Atelier"}).status_code} == {403}


def test_a_closed_organization_has_one_page_for_its_own_and_none_for_others(
    organization: Organization, owner: User, editor: User, outsider: User, client_of: ClientOf
) -> None:
    close(organization, owner)
    for person in (owner, editor):
        client = client_of(person)
        for path in ("", "books/", "settings/", "books/?q=x"):
            assert client.get(f"/o/atelier/{path}").headers["Location"] == "/o/atelier/closed/"
        assert client.post("/o/atelier/books/new/").status_code == 403
        assert client.get("/o/atelier/books/", headers={"HX-Request": "true"}).status_code == 403
        assert client.get("/o/atelier/closed/").status_code == 200
    assert "Open it again" in client_of(owner).get("/o/atelier/closed/").content.decode()
    assert "Open it again" not in client_of(editor).get("/o/atelier/closed/").content.decode()
    assert client_of(editor).post("/o/atelier/closed/").status_code == 403
    assert client_of(outsider).get("/o/atelier/closed/").status_code == 404


def test_the_page_of_the_closed_leads_into_an_open_one(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    assert client_of(owner).get("/o/atelier/closed/").headers["Location"] == "/o/atelier/"


def test_work_is_paused_and_an_undo_brings_everything_back(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    book = builders.make_book(organization, owner)
    with tenancy.declared(organization.pk):
        run = book_actions.start_run(book=book, by=owner)
    close(organization, owner)
    with tenancy.declared(organization.pk):
        run.refresh_from_db()
    assert run.state == RunState.PAUSED
    client = client_of(owner)
    assert client.post("/o/atelier/closed/").headers["Location"] == "/o/atelier/"
    assert client.get(f"/o/atelier/books/{book.pk}/").status_code == 200
    with tenancy.declared(organization.pk):
        book_actions.resume_run(run=run, by=owner)
        run.refresh_from_db()
    assert run.state == RunState.PENDING
    assert [entry.severity for entry in trail("organization.reopened")] == ["high"]


def test_members_are_told_in_their_language_and_owners_how_to_undo(
    organization: Organization, owner: User, run_queue: Callable[[], int]
) -> None:
    french = builders.make_member(organization, "member", language="fr")
    builders.make_member(organization, "member", is_active=False)
    Membership.objects.filter(person=builders.make_member(organization, "guest")).update(suspended_at=timezone.now())
    close(organization, owner)
    run_queue()
    by_address = {one.to[0]: one for one in mail.outbox}
    assert by_address.keys() == {owner.email, french.email}
    told = {address: str(one.message().get_body(("plain",)).get_content()) for address, one in by_address.items()}  # type: ignore[union-attr]
    assert "/o/atelier/" in told[owner.email]
    assert "/o/atelier/" not in told[french.email]
    assert "Bonjour" in told[french.email]


@pytest.fixture
def veto() -> Iterator[None]:
    """A room above that has a reason against every closing."""

    def refuse(**_: Any) -> None:
        raise DomainError("There is money on its way.")

    signals.organization_closing.connect(refuse, dispatch_uid="veto")
    yield
    signals.organization_closing.disconnect(dispatch_uid="veto")


def test_a_room_above_can_veto_with_a_reason(organization: Organization, owner: User, veto: None) -> None:
    answer = signed_in(owner).post(CLOSE, {"name": "Atelier"})
    assert answer.status_code == 422
    assert "There is money on its way." in answer.content.decode()
    organization.refresh_from_db()
    assert organization.closed_at is None


@pytest.mark.django_db
def test_a_personal_organization_closes_with_its_account_or_becomes_an_ordinary_one(client_of: ClientOf) -> None:
    with transaction.atomic():
        person = builders.make_person()
        own = actions.ensure_personal_organization(person=person)
    with pytest.raises(OrganizationRefused):
        close(own, person)
    client = client_of(person)
    assert "personal organization" in client.get(f"/o/{own.slug}/settings/close/").content.decode()
    assert client.post(f"/o/{own.slug}/settings/ordinary/").status_code == 302
    own.refresh_from_db()
    assert own.personal_of_id is None
    assert close(own, person).closed_at is not None
    fresh = actions.ensure_personal_organization(person=person)
    assert fresh != own
    assert actions.close_organization(organization=fresh, by=person, with_account=True).closed_at is not None


def test_nobody_makes_anothers_personal_organization_ordinary(organization: Organization, owner: User) -> None:
    Organization.objects.filter(pk=organization.pk).update(personal_of=builders.make_person())
    with pytest.raises(OrganizationRefused):
        make_ordinary(organization=organization, by=owner)


def test_what_was_begun_while_it_was_being_closed_waits_too(
    organization: Organization, owner: User, run_queue: Callable[[], int], language_model: Any
) -> None:
    with tenancy.declared(organization.pk):
        close(organization, owner)
        run = book_actions.start_run(book=builders.make_book(organization, owner), by=owner)
    run_queue()
    with tenancy.declared(organization.pk):
        assert Run.objects.of(organization).get(pk=run.pk).state == RunState.PAUSED
    assert language_model.control.calls() == []


def test_before_its_day_nothing_is_erased_and_after_it_nothing_comes_back(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    closed = close(organization, owner)
    erase_due()
    assert not Organization.objects.filter(erased_at__isnull=False).exists()
    long_ago(closed)
    assert client_of(owner).post("/o/atelier/closed/").status_code == 422


def furnished(organization: Organization, owner: User) -> Book:
    """An organization with something of everything, closed long ago; one of its books."""
    book = builders.make_book(organization, owner, title="Unspeakable Honey")
    chapter = builders.make_chapter(book, markdown="Unspeakable words.")
    builders.make_turn(builders.make_chat(book, owner), question="Unspeakable question?")
    builders.make_source(book, text="Unspeakable source.")
    builders.make_version(chapter)
    builders.make_book(organization, owner, title="Unspeakable Trash", trashed_at=timezone.now())
    run = builders.make_run(builders.make_book(organization, owner), state=RunState.PAUSED, resume_state="writing")
    builders.make_step(run)
    logo = default_storage.save(f"logos/{organization.pk}/x.webp", ContentFile(b"x"))
    default_storage.save(f"exports/{organization.pk}/{book.pk}/x.epub", ContentFile(b"PK"))
    with transaction.atomic(), tenancy.declared(organization.pk):
        now = timezone.now()
        Invitation.objects.create(
            organization=organization, email="guest@example.org", invited_by=owner, expires_at=now, sent_at=now
        )
    FormerSlug.objects.create(organization=organization, slug="unspeakable")
    Organization.objects.filter(pk=organization.pk).update(logo=logo, description="Unspeakable", accent="#00497a")
    close(organization, owner)
    long_ago(organization)
    return book


def left_of(organization: Organization) -> list[str]:
    """Tables of the tenant, and the organization itself, in which a planted word still stands."""
    found = []
    with tenancy.system("looking"), connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith(("books_", "org"))]
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text ILIKE '%unspeakable%'")  # noqa: S608
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_after_30_days_nothing_is_left_but_a_row_without_a_name(
    organization: Organization, owner: User, client_of: ClientOf, run_queue: Callable[[], int]
) -> None:
    book = furnished(organization, owner)
    erase_due()
    organization.refresh_from_db()
    assert organization.erased_at
    assert (organization.name, organization.description, organization.logo, organization.accent) == ("—", "", "", "")
    assert left_of(organization) == []
    assert not Membership.objects.filter(organization=organization).exists()
    assert not default_storage.exists(f"logos/{organization.pk}/x.webp")
    with transaction.atomic(), tenancy.declared(organization.pk):
        assert not Invitation.objects.of(organization).exists()
        assert Limits.objects.of(organization).exists()
        assert not Run.objects.of(organization).exclude(state__in=["cancelled", "completed"]).exists()
    assert client_of(owner).get("/o/atelier/").status_code == 404
    # Both of its addresses are free again.
    assert not Organization.objects.filter(slug__in=["atelier", "unspeakable"]).exists()
    assert not FormerSlug.objects.exists()
    assert [one for one in trail(organization_id__isnull=False) if one.personal or one.actor_label] == []
    [entry] = trail("organization.erased")
    assert (entry.severity, entry.organization_id) == ("critical", organization.pk)
    Lease.objects.update(available_at=timezone.now())
    run_queue()
    assert not default_storage.exists(f"exports/{organization.pk}/{book.pk}/x.epub")


def test_erasing_twice_is_erasing_once(organization: Organization, owner: User) -> None:
    furnished(organization, owner)
    erase_due()
    before = len(trail(organization_id__isnull=False))
    erase_due()
    leases.offer(organization.pk, erasing.TASK, organization=organization.pk)
    erase_due()
    assert len(trail(organization_id__isnull=False)) == before
    assert not Lease.objects.filter(pk=organization.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_is_killed_while_erasing_is_taken_up_again_and_the_end_is_the_same(settings: Any) -> None:
    settings.LEASE_HEARTBEAT_SECONDS = 3600.0
    organization = builders.make_organization(name="Unspeakable", slug="atelier")
    owner = builders.make_member(organization, "owner")
    for number in range(3):
        builders.make_book(organization, owner, title=f"Unspeakable {number}")
    close(organization, owner)
    long_ago(organization)
    calls = []

    class Killed(BaseException):
        """What a worker that is shot does: nothing more."""

    def one_by_one(*, organization: Organization, **_: Any) -> bool:
        calls.append(organization)
        if len(calls) == 2:
            raise Killed
        return len(calls) < 4

    signals.organization_erased.connect(one_by_one, dispatch_uid="killer")
    try:
        with pytest.raises(Killed):
            erase_due()
        organization.refresh_from_db()
        assert organization.erased_at is None
        held = Lease.objects.filter(held_until__isnull=False)
        held.update(held_until=timezone.now() - timedelta(seconds=1))  # its term has run out
        erase_due()
    finally:
        signals.organization_erased.disconnect(dispatch_uid="killer")
    organization.refresh_from_db()
    assert organization.erased_at
    assert left_of(organization) == []
    assert len(calls) == 4
    assert re.fullmatch("erased-[0-9a-f]{32}", organization.slug)
