"""Home answers "what now": what waits, how far what runs is, where one was reading, the latest files."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books.models import Decision, LanguageModelCall, ReadingPlace, Rewrite, Run, RunKind, RunState
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
HOME = desk.address("home", "atelier")
HTMX = {"HX-Request": "true"}


def answer(run: Run, count: int) -> None:
    """That many answers in the run's journal."""
    step = run.steps.first() or builders.make_step(run)
    with transaction.atomic(), tenancy.declared(run.organization_id):
        for number in range(count):
            LanguageModelCall.objects.create(
                organization_id=run.organization_id, run=run, step=step, attempt=1, input_hash=f"{run.pk}{number}"[:64],
                purpose="section", holder=run.pk, state="answered", model="m",
            )  # fmt: skip


@pytest.fixture
def working(organization: Organization, editor: User) -> Run:
    """A run of three chapters, two sections each."""
    run = builders.make_run(builders.make_book(organization, editor), state=RunState.WRITING, section_words=400)
    builders.make_step(run)
    for position in (1, 2, 3):
        builders.make_outline_entry(run, position=position, words=700)
    return run


def test_a_run_shows_how_far_it_is(author: Client, working: Run) -> None:
    with tenancy.declared(working.organization_id):
        answer(working, 4)
    (line,) = author.get(HOME).context["desk"].working
    assert line.percent == 50  # of three times two sections, the outline and the finish


def test_the_desk_is_swapped_only_when_something_moved(author: Client, working: Run) -> None:
    signature = author.get(HOME).context["desk"].signature
    assert author.get(HOME, {"desk": signature}, headers=HTMX).status_code == 204
    with tenancy.declared(working.organization_id):
        answer(working, 1)
    part = author.get(HOME, {"desk": signature}, headers=HTMX)
    assert part.status_code == 200
    assert "<html" not in part.content.decode()


def test_a_rewritten_chapter_waits_to_be_chosen(author: Client, organization: Organization, editor: User) -> None:
    book = builders.make_book(organization, editor)
    chapter = builders.make_chapter(book)
    run = builders.make_run(book, kind=RunKind.REWRITE, state=RunState.COMPLETED)
    with tenancy.declared(organization.pk):
        rewrite = Rewrite.objects.create(
            organization=organization, chapter=chapter, run=run, instruction="x", base_markdown="a", markdown="b"
        )
    assert [line.id for line in author.get(HOME).context["desk"].proposals] == [rewrite.pk]
    with tenancy.declared(organization.pk):
        Rewrite.objects.update(decision=Decision.DISCARDED)
    assert author.get(HOME).context["desk"].is_idle


def test_reading_and_files_are_ones_own_and_the_latest_first(
    author: Client, organization: Organization, editor: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    ready = {"state": "ready", "file": "x", "file_name": "x", "sha256": "0" * 64}
    for days, title in enumerate(["New", "Old"]):
        book = builders.make_book(organization, editor, title=title)
        chapter = builders.make_chapter(book)
        builders.make_export(book, **ready, finished_at=timezone.now() - timedelta(days=days))
        with transaction.atomic(), tenancy.declared(organization.pk):
            place = ReadingPlace.objects.create(organization=organization, person=editor, book=book, chapter=chapter)
            ReadingPlace.objects.filter(pk=place.pk).update(updated_at=timezone.now() - timedelta(days=days))
    page = author.get(HOME).context
    assert [line.book_title for line in page["reading"]] == ["New", "Old"]
    assert [line.book_title for line in page["files"]] == ["New", "Old"]
    theirs = client_of(owner).get(HOME).context
    assert (theirs["reading"], theirs["files"]) == ((), ())


def test_a_first_visit_shows_the_way_and_a_guest_is_told(
    author: Client, viewer: User, organization: Organization, client_of: Callable[[User], Client]
) -> None:
    begin = desk.address("book_new", "atelier")
    assert begin in author.get(HOME).content.decode()
    page = client_of(viewer).get(HOME).content.decode()
    assert f'href="{begin}"' not in page
    assert "No book yet" in page
