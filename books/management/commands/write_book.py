"""`manage.py write_book TITLE`: the same actions and workers as the site, a progress bar, the files in a folder."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from billing.actions import credits as credit_actions
from books import actions
from books.models import Book, Export, ExportState, Run, RunState
from books.providers.exports import FORMATS
from books.queries.runs import RunPage, run_page
from core import tenancy
from core.errors import DomainError
from organizations.actions import ensure_personal_organization
from organizations.models import Organization

BAR = 32
POLL_SECONDS = 0.5


class Command(BaseCommand):
    """Write one book from the command line; workers must be running (bin/demo --write sees to it)."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("title")
        parser.add_argument("--topic", default="")
        parser.add_argument("--chapters", type=int, default=4)
        parser.add_argument("--words", type=int, default=400)
        parser.add_argument("--language", default="en", choices=["en", "fr"])
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument(
            "--credits", type=int, default=0, help="see to it that there are so many; not in production"
        )
        parser.add_argument("--email", required=True, help="whose book it is; the account is opened if there is none")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["chapters"] <= 50 or not 200 <= options["words"] <= 5000:
            raise CommandError("1 to 50 chapters of 200 to 5000 words, please.")
        author = account(options["email"])
        organization = ensure_personal_organization(person=author)
        with tenancy.declared(organization.pk):
            try:
                run = begin(organization, author, options)
            except DomainError as refusal:
                raise CommandError(refusal.message) from refusal
            self.follow(run)
            files = self.export(run, author)
        options["out"].mkdir(parents=True, exist_ok=True)
        for export in files:
            path = options["out"] / export.file_name
            with export.file.open() as stored:
                path.write_bytes(stored.read())
            self.stdout.write(f"  {path}  ({export.size:,} bytes)")

    def follow(self, run: Run) -> None:
        """Draw the progress until the run is over. Raises CommandError when it fails."""
        drawn = ""
        for page in pages(run):
            done = BAR * page.percent // 100
            bar = "█" * done + "░" * (BAR - done)
            counts = f"{page.chapters_done}/{page.chapters} chapters"
            text = f"{bar} {page.percent:3d} %  {page.state_label}  {counts}  {page.time_left}"
            if text != drawn:
                self.stdout.write(f"\r{text:<100}" if self.stdout.isatty() else f"{text}\n", ending="")
                self.stdout.flush()
            drawn = text
            if page.state == RunState.FAILED:
                raise CommandError(f"\nThe run failed: {page.run.problem}")
        self.stdout.write("")

    def export(self, run: Run, author: User) -> list[Export]:
        """Ask for every format and wait for the files. Raises CommandError when one cannot be made."""
        with transaction.atomic():
            book = Book.objects.of(run.organization).select_related("organization").get(pk=run.book_id)
        asked = [actions.request_export(book=book, by=author, format_key=key).pk for key in FORMATS]
        while True:
            exports = read_exports(run.organization, asked)
            if all(export.state != ExportState.PENDING for export in exports):
                break
            time.sleep(POLL_SECONDS)
        failed = [f"{export.format}: {export.problem}" for export in exports if export.state == ExportState.FAILED]
        if failed:
            raise CommandError("Not every file could be made: " + "; ".join(failed))
        return exports


def account(email: str) -> User:
    """The account of that address, opened without a password if there is none."""
    with transaction.atomic():
        person = User.objects.filter(email=email.lower()).first()
        if person is None:
            person = User.objects.create_user(email, None)
            accounts.open_person(person=person)
    return person


@transaction.atomic
def begin(organization: Organization, author: User, options: dict[str, Any]) -> Run:
    """Make the book and start its run, which approves its outline by itself. Raises DomainError."""
    if options.get("credits") and not settings.PRODUCTION:
        credit_actions.top_up(
            organization=organization, least=options["credits"], reason="To look around with", by=author
        )
    title = options["title"][:100]
    brief = {
        "title": title,
        "topic": (options["topic"] or title)[:200],
        "language": options["language"],
        "chapter_count": options["chapters"],
        "words_per_chapter": options["words"],
    }
    book, _made = actions.create_book(organization=organization, author=author, brief=brief)
    return actions.start_run(book=book, by=author, approves_itself=True)


def pages(run: Run) -> Iterator[RunPage]:
    """The run's page every half second, the last one when it is over."""
    while True:
        with transaction.atomic():
            page = run_page(Run.objects.of(run.organization).select_related("book").get(pk=run.pk))
        yield page
        if page.state in {RunState.COMPLETED, RunState.FAILED, RunState.CANCELLED}:
            return
        time.sleep(POLL_SECONDS)


@transaction.atomic
def read_exports(organization: Organization, ids: list[UUID]) -> list[Export]:
    """The exports as they are now."""
    return list(Export.objects.of(organization).filter(pk__in=ids).order_by("format"))
