"""Every Celery task is safe twice: a second delivery of its message changes nothing."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import request_copy
from accounts.actions.acting import begin_acting
from accounts.actions.beta import invite
from accounts.models import Closing, Impersonation
from audit import actions as audit
from audit.models import Severity
from books import actions
from books.jobs import checking, visits
from books.models import Book, LanguageModelCall, Run
from books.queries.files import KINDS_BY_KEY
from core import leases, tenancy
from core.ids import new_id
from core.models import Lease, Mail
from organizations.models import Organization
from tests import builders
from tests.contracts import billing_tasks

# Tables in which a second delivery would show, whatever the task.
WATCHED = ["core_lease", "core_mail", "books_run", "books_step", "books_outlineentry", "books_languagemodelcall"]
WATCHED += ["accounts_impersonation", "organizations_organization", "organizations_membership"]
WATCHED += ["accounts_datarequest", "accounts_closing", "accounts_erasurecertificate"]
WATCHED += ["billing_ledgerline", "billing_creditlot", "billing_subscription", "billing_notice"]
WATCHED += ["billing_providerevent", "billing_providereventbody", "billing_providerwatch"]
WATCHED += ["books_picture", "billing_errand", "billing_usageday", "organizations_limits"]
WATCHED += ["books_visitcount", "books_book", "books_chapter", "books_export", "books_bundle", "audit_entry"]
# Beat's own: no lease says who does them, two at once do no harm.
OF_BEAT = {
    "audit.tasks.link",
    "audit.tasks.tell",
    "audit.tasks.attest",
    "organizations.tasks.erase_closed",
    "core.tasks.sweep",
    "billing.tasks.reconcile",
    "billing.tasks.watch_payments",
    "billing.tasks.erase_old_bodies",
    "billing.tasks.roll_up_usage",
    "billing.tasks.settle_graces",
    "billing.tasks.settle_months",
    "books.tasks.erase_old_bundles",
    "books.tasks.purge_trash",
    "books.tasks.store_visits",
    "books.tasks.check_models",
}


def sweep_case() -> list[str]:
    """A mail whose message was lost."""
    send_mail("Hello", "text", None, ["a@example.org"])
    Lease.objects.update(sent_at=None)
    return []


def deliver_case() -> list[str]:
    """A mail on offer."""
    send_mail("Hello", "text", None, ["a@example.org"])
    return [str(Mail.objects.get().pk)]


def end_acting_case() -> list[str]:
    """Staff whose half hour in somebody's name is over."""
    staff, person = builders.make_person(is_staff=True, is_superuser=True), builders.make_person()
    begun = begin_acting(staff=staff, person=person, reason="A trial")
    Impersonation.objects.update(ends_at=timezone.now())
    Lease.objects.filter(pk=begun.pk).update(available_at=timezone.now())
    return [str(begun.pk)]


def started() -> Run:
    """A run whose outline is on offer."""
    organization = builders.make_organization()
    author = builders.make_member(organization, "owner")
    book = builders.make_book(organization, author)
    with tenancy.declared(organization.pk):
        return actions.start_run(book=book, by=author)


def perform_step_case() -> list[str]:
    """A fresh run's outline."""
    run = started()
    with transaction.atomic(), tenancy.declared(run.organization_id):
        return [str(run.steps.get().pk)]


def make_export_case() -> list[str]:
    """A file that was asked for."""
    organization = builders.make_organization()
    author = builders.make_member(organization, "owner")
    book = builders.make_book(organization, author)
    builders.make_chapter(book)
    with tenancy.declared(organization.pk):
        return [str(actions.request_export(book=book, by=author, format_key="markdown").pk)]


def make_bundle_case() -> list[str]:
    """A bundle of a file that is there already."""
    organization = builders.make_organization()
    author = builders.make_member(organization, "owner")
    book = builders.make_book(organization, author)
    builders.make_chapter(book)
    form: dict[str, Any] = {"books": [book], "kinds": [KINDS_BY_KEY["markdown"]], "by": author, "request_key": new_id()}
    with tenancy.declared(organization.pk):
        export = actions.request_export(book=book, by=author, format_key="markdown")
        current_app.tasks["books.tasks.make_export"](str(export.pk))
        return [str(actions.request_bundle(**form).pk)]


def erase_old_bundles_case() -> list[str]:
    """A bundle made eight days ago."""
    organization = builders.make_organization()
    author = builders.make_member(organization, "owner")
    builders.make_bundle(organization, author, state="failed", finished_at=timezone.now() - timedelta(days=8))
    return []


def trashed(days: int) -> Book:
    """A book that has been in the trash for so many days."""
    organization = builders.make_organization()
    author = builders.make_member(organization, "owner")
    return builders.make_book(organization, author, trashed_at=timezone.now() - timedelta(days=days))


def purge_trash_case() -> list[str]:
    """A book thrown away a month ago and more."""
    trashed(31)
    return []


def delete_files_case() -> list[str]:
    """A book erased a while ago, whose file is still there."""
    book = trashed(31)
    default_storage.save(f"exports/{book.organization_id}/{book.pk}/x.epub", ContentFile(b"PK"))
    current_app.tasks["books.tasks.purge_trash"]()
    Lease.objects.update(available_at=timezone.now())
    return [str(book.pk)]


def copy_picture_case() -> list[str]:
    """A picture of a copied book that has no files of its own yet."""
    organization = builders.make_organization()
    book = builders.make_book(organization, builders.make_member(organization, "owner"))
    picture = builders.make_picture(book, file="pictures/elsewhere.jpg", small_file="pictures/elsewhere.jpg")
    with tenancy.declared(book.organization_id):
        leases.offer(picture.pk, "books.tasks.copy_picture", organization=book.organization_id)
    return [str(picture.pk)]


def store_visits_case() -> list[str]:
    """A page of a book that was opened from outside."""
    organization = builders.make_organization()
    book = builders.make_book(organization, builders.make_member(organization, "owner"))
    visits.count(visits.Place(organization.pk, book.pk), address="203.0.113.9", browser="Firefox/133.0")
    return []


def check_models_case() -> list[str]:
    """Nothing but the model itself, which answers."""
    return []


def mail_beta_invites_case() -> list[str]:
    """An invitation that was just made."""
    return [str(invite(email="a@example.org", language="en", by=None).pk)]


def closed_long_ago() -> Organization:
    """An organization with a book, closed 31 days ago."""
    organization = builders.make_organization()
    builders.make_book(organization, builders.make_member(organization, "owner"))
    organization.closed_at = timezone.now() - timedelta(days=31)
    organization.erase_at = organization.closed_at + timedelta(days=30)
    organization.save()
    return organization


def erase_closed_case() -> list[str]:
    """An organization whose days are over; already on offer, which offering again leaves as it is."""
    closed_long_ago()
    return []


def erase_organization_case() -> list[str]:
    """The same, on offer."""
    organization = closed_long_ago()
    current_app.tasks["organizations.tasks.erase_closed"]()
    return [str(organization.pk)]


def tidy_pictures_case() -> list[str]:
    """Somebody's picture of before."""
    person = builders.make_person()
    name = default_storage.save(f"avatars/{person.pk}/0123456789abcdef-256.webp", ContentFile(b"x"))
    os.utime(default_storage.path(name), (0, 0))
    with transaction.atomic():
        leases.offer(person.pk, "accounts.tasks.tidy_pictures", organization=None)
    return [str(person.pk)]


def answer_request_case() -> list[str]:
    """A copy that was asked for."""
    return [str(request_copy(person=builders.make_person()).pk)]


def erase_person_case() -> list[str]:
    """An account closed two weeks ago."""
    person = builders.make_person(is_active=False, closed_at=timezone.now())
    closing = Closing.objects.create(person=person, email="a@example.org", erase_at=timezone.now())
    with transaction.atomic():
        leases.offer(closing.pk, "accounts.tasks.erase_person", organization=None)
    return [str(closing.pk)]


def link_case() -> list[str]:
    """An entry whose chain has no beginning yet."""
    audit.record("book.tested")
    return []


def tell_case() -> list[str]:
    """A critical entry, and somebody to be told of it."""
    builders.make_person(is_staff=True, is_superuser=True)
    audit.record("book.tested", severity=Severity.CRITICAL)
    return []


CASES: dict[str, Callable[[], list[str]]] = {
    **billing_tasks.CASES,
    "audit.tasks.link": link_case,
    "audit.tasks.tell": tell_case,
    "audit.tasks.attest": link_case,
    "organizations.tasks.erase_closed": erase_closed_case,
    "organizations.tasks.erase_organization": erase_organization_case,
    "core.tasks.sweep": sweep_case,
    "core.tasks.deliver": deliver_case,
    "accounts.tasks.mail_beta_invites": mail_beta_invites_case,
    "accounts.tasks.end_acting": end_acting_case,
    "accounts.tasks.tidy_pictures": tidy_pictures_case,
    "accounts.tasks.answer_request": answer_request_case,
    "accounts.tasks.erase_person": erase_person_case,
    "books.tasks.perform_step": perform_step_case,
    "books.tasks.make_export": make_export_case,
    "books.tasks.make_bundle": make_bundle_case,
    "books.tasks.erase_old_bundles": erase_old_bundles_case,
    "books.tasks.purge_trash": purge_trash_case,
    "books.tasks.delete_files": delete_files_case,
    "books.tasks.copy_picture": copy_picture_case,
    "books.tasks.store_visits": store_visits_case,
    "books.tasks.check_models": check_models_case,
}


def without_case(tasks: set[str]) -> set[str]:
    """Our tasks that have no case, and cases whose task is gone."""
    return {name for name in tasks if not name.startswith("celery.")} ^ CASES.keys()


def snapshot() -> list[tuple[Any, ...]]:
    """Every watched row, as the system sees them; the trail without the entry of looking."""
    found: list[tuple[Any, ...]] = [("outbox", len(mail.outbox)), ("check", checking.last_check("scripted"))]
    found.append(("heads", default_storage.exists("audit/heads")))
    with tenancy.system("looking"), connection.cursor() as cursor:
        for table in WATCHED:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")  # noqa: S608  # names from above
            found += [(table, *row) for row in cursor.fetchall() if "system.entered" not in row[0]]
    return found


def deliver(task: str, arguments: list[str]) -> None:
    """Deliver the task's message, under the organization its lease names."""
    lease = Lease.objects.filter(pk__in=arguments).first() if arguments else None
    if lease and lease.organization_id:
        with tenancy.declared(lease.organization_id):
            current_app.tasks[task](*arguments)
    else:
        current_app.tasks[task](*arguments)


def test_every_task_has_a_case() -> None:
    assert without_case(set(current_app.tasks)) == set()


def test_a_task_without_a_case_is_caught() -> None:
    assert without_case({*CASES, "books.tasks.planted", "celery.backend_cleanup"}) == {"books.tasks.planted"}


@pytest.mark.parametrize("task", CASES)
@pytest.mark.django_db(transaction=True)
def test_a_second_delivery_changes_nothing(task: str, language_model: Any) -> None:
    arguments = CASES[task]()
    before = snapshot()
    deliver(task, arguments)
    after = snapshot()
    assert after != before
    deliver(task, arguments)
    assert snapshot() == after


@pytest.mark.parametrize("task", sorted(CASES.keys() - OF_BEAT))
@pytest.mark.django_db(transaction=True)
def test_a_delivery_while_another_worker_holds_the_work_changes_nothing(task: str, language_model: Any) -> None:
    arguments = CASES[task]()
    assert leases.claim(Lease.objects.get().pk)
    before = snapshot()
    deliver(task, arguments)
    assert snapshot() == before
    assert not language_model.control.calls()


@pytest.mark.django_db(transaction=True)
def test_the_journal_answers_a_step_that_is_done_again(language_model: Any) -> None:
    arguments = perform_step_case()
    deliver("books.tasks.perform_step", arguments)
    asked = len(language_model.control.calls())
    with tenancy.system("looking"):
        assert asked == LanguageModelCall._base_manager.filter(state="answered").count() > 0
