"""What authors do at their desk, over HTTP, and what the tests read of it afterwards."""

from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from books.models import Book, Bundle, Chapter, Export, LanguageModelCall, OutlineEntry, Run, Step, VersionOrigin
from books.models.provenance import Hand
from books.transitions import texts
from core import tenancy
from core.ids import new_id
from core.models import Lease
from organizations.models import Organization

Row = TypeVar("Row", bound=models.Model)


def address(name: str, slug: str, *ids: object) -> str:
    """The address of a page of books in the organization of that slug."""
    return reverse(f"books:{name}", args=[slug, *ids])


def brief(**overrides: Any) -> dict[str, Any]:
    """What the form of a new book posts: two chapters of 200 words."""
    fields = {
        "request_key": str(new_id()),
        "title": "Bees on City Roofs",
        "topic": "Keeping bees above the streets",
        "language": "en",
        "genre": "guide",
        "audience": "general",
        "difficulty": "beginner",
        "tone": "warm",
        "palette": "garnet",
        "chapter_count": 2,
        "words_per_chapter": 200,
    }
    return fields | overrides


def begin(client: Client, slug: str = "atelier", **overrides: Any) -> Run:
    """Post a new book's form; the run it leads to."""
    response = client.post(address("book_new", slug), brief(**overrides))
    assert response.status_code == 302, response.content.decode()[:2000]
    return run_at(response["Location"])


def run_at(location: str) -> Run:
    """The run whose page is at that address."""
    identifier = UUID(location.rstrip("/").rpartition("/")[2])
    with tenancy.system("tests: which run is it"):
        return Run.objects.select_related("book", "organization").get(pk=identifier)


def act(client: Client, run: Run, verb: str) -> int:
    """Press a button of the run page; the status of the answer."""
    return client.post(address(f"run_{verb}", run.organization.slug, run.pk)).status_code


def outline_form(run: Run, **extra: Any) -> dict[str, Any]:
    """The outline's form as it stands, to post after changing it."""
    entries = rows(OutlineEntry, run.organization, run=run)
    data: dict[str, Any] = {"form-TOTAL_FORMS": len(entries), "form-INITIAL_FORMS": 0}
    for index, entry in enumerate(sorted(entries, key=lambda entry: entry.position)):
        data[f"form-{index}-position"] = entry.position
        data[f"form-{index}-title"] = entry.title
        data[f"form-{index}-summary"] = entry.summary
        data[f"form-{index}-points"] = "\n".join(entry.points)
        data[f"form-{index}-words"] = entry.words
    return data | extra


def approve(client: Client, run: Run, **extra: Any) -> int:
    """Approve the outline at the price quoted; the status of the answer."""
    data = outline_form(run, approve="1", accepted_credits=run.credits_quoted) | extra
    return client.post(address("outline", run.organization.slug, run.pk), data).status_code


def write(chapter: Chapter, text: str, by: User) -> None:
    """Put another text over the one that stands, as the person's save would."""
    with transaction.atomic(), tenancy.declared(chapter.organization_id):
        texts.replace(texts.lock(chapter), text, hand=Hand.of_person(by.pk), origin=VersionOrigin.EDITED, by=by)


def rows(model: type[Row], organization: Organization, **filters: Any) -> list[Row]:
    """Rows of the organization, as PostgreSQL lets it see them."""
    with tenancy.declared(organization.pk), transaction.atomic():
        return list(model._default_manager.filter(organization=organization, **filters))


def again(row: Row) -> Row:
    """The row as it is now."""
    with tenancy.declared(row.organization_id), transaction.atomic():  # type: ignore[attr-defined]  # a tenant row
        return type(row)._default_manager.select_related("organization").get(pk=row.pk)


def book_of(run: Run) -> Book:
    """The run's book as it is now."""
    return rows(Book, run.organization, pk=run.book_id)[0]


def chapters_of(run: Run) -> list[Chapter]:
    """The chapters of the run's book, in order."""
    return sorted(rows(Chapter, run.organization, book_id=run.book_id), key=lambda chapter: chapter.position)


def step_of(run: Run, kind: str, position: int = 0) -> Step:
    """One step of the run as it is now."""
    return rows(Step, run.organization, run=run, kind=kind, position=position)[0]


def calls_of(run: Run) -> list[LanguageModelCall]:
    """The run's journal, oldest first."""
    return sorted(rows(LanguageModelCall, run.organization, run=run), key=lambda call: call.pk)


def entries_of(row: models.Model) -> list[Entry]:
    """What the audit trail tells of a tenant row, oldest first."""
    with tenancy.declared(row.organization_id), transaction.atomic():  # type: ignore[attr-defined]  # a tenant row
        return list(Entry.objects.filter(target_id=row.pk).order_by("id"))


def trail(row: models.Model) -> list[str]:
    """The actions of those entries."""
    return [entry.action for entry in entries_of(row)]


def offers(*, task: str = "books.tasks.perform_step") -> list[Lease]:
    """The work on offer or in hand."""
    return list(Lease.objects.filter(task=task).order_by("available_at"))


def due_in(lease: Lease) -> timedelta:
    """How long from now the work may be taken up."""
    return lease.available_at - timezone.now()


def let_time_pass() -> None:
    """Everything that was put off is due now."""
    Lease.objects.filter(available_at__gt=Now()).update(available_at=Now())


def in_past(seconds: float) -> datetime:
    """That many seconds ago."""
    return timezone.now() - timedelta(seconds=seconds)


def content(export: Export | Bundle) -> bytes:
    """The stored bytes of a file."""
    with export.file.open() as stored:
        data: bytes = stored.read()
    return data
