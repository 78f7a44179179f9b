"""The admin: every table is listed, searched and opened by staff, at a cost that does not grow, and in the trail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from books.models import Book, CallState, LanguageModelCall, Run, RunState, Step, StepKind
from core import tenancy
from core.ids import new_id
from core.models import Lease, Mail
from organizations.models import Organization
from tests import builders

pytestmark = pytest.mark.django_db
ADMINS = admin.site._registry
MODELS = [pytest.param(model, id=model._meta.label_lower) for model in ADMINS]


@pytest.fixture
def staff(db: None, client_of: Callable[[User], Client]) -> Client:
    """The browser of a superuser."""
    return client_of(builders.make_person(is_staff=True, is_superuser=True, display_name="Sara Staff"))


def populate(organization: Organization) -> None:
    """One more row of everything."""
    author = builders.make_member(organization, "member")
    book = builders.make_book(organization, author)
    builders.make_chapter(book)
    run = builders.make_run(book)
    step = builders.make_step(run, kind=StepKind.OUTLINE)
    builders.make_outline_entry(run)
    builders.make_export(book, state="ready", file="exports/x.md", file_name="x.md", sha256="0" * 64)
    with tenancy.declared(organization.pk):
        LanguageModelCall.objects.create(
            organization=organization, run=run, step=step, attempt=1, input_hash=new_id().hex, purpose="outline",
            holder=new_id(), model="scripted", state=CallState.ANSWERED, text="SECRET TEXT",
        )  # fmt: skip
    Lease.objects.create(id=step.pk, task="books.tasks.perform_step", available_at=timezone.now())
    Mail.objects.create(recipients=["someone@example.org"], subject="Hello", content=b"SECRET CODE")


def page(model: type[models.Model], kind: str, *ids: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=ids)


def newest(model: type[models.Model]) -> models.Model | None:
    with tenancy.system("tests: any row"):
        return model._default_manager.order_by("-pk").first()


@pytest.mark.parametrize("model", MODELS)
def test_every_list_and_detail_opens_and_is_in_the_trail(
    model: type[models.Model], staff: Client, organization: Organization
) -> None:
    populate(organization)
    assert staff.get(page(model, "changelist")).status_code == 200
    row = newest(model)
    if row is not None:
        opened = staff.get(page(model, "change", row.pk))
        assert opened.status_code == 200
        assert "SECRET" not in opened.content.decode()
    with tenancy.system("tests: the trail"):
        entries = Entry.objects.filter(action="system.entered", actor_label="Sara Staff")
        assert entries.count() >= (2 if row else 1)


@pytest.mark.parametrize("model", [model for model, options in ADMINS.items() if options.search_fields])
@pytest.mark.parametrize("words", ["bees", "100%", "01890000-0000-7000-8000-000000000000", "x" * 500])
def test_search_answers(model: type[models.Model], words: str, staff: Client, organization: Organization) -> None:
    populate(organization)
    assert staff.get(page(model, "changelist"), {"q": words}).status_code == 200


def test_a_book_is_found_by_its_title_and_author(staff: Client, organization: Organization) -> None:
    author = builders.make_member(organization, "member", email="needle@example.org")
    builders.make_book(organization, author, title="The Needle")
    builders.make_book(organization, author, title="The Hay", byline="Needle")
    builders.make_book(organization, builders.make_member(organization, "member"), title="Straw")
    for words, count in (("needle", 2), ("the hay", 1), ("straw", 1), (author.email, 2), ("nothing", 0)):
        listed = staff.get(page(Book, "changelist"), {"q": words})
        assert len(listed.context["cl"].result_list) == count, words


@pytest.mark.parametrize("model", MODELS)
def test_more_rows_are_no_more_queries(model: type[models.Model], staff: Client, organization: Organization) -> None:
    def queries() -> int:
        staff.get(page(model, "changelist"))
        with CaptureQueriesContext(connection) as captured:
            staff.get(page(model, "changelist"))
        return len(captured)

    populate(organization)
    populate(organization)
    few = queries()
    for _row in range(4):
        populate(organization)
    assert queries() == few


@pytest.mark.parametrize("model", MODELS)
def test_only_staff_come_in(
    model: type[models.Model], organization: Organization, owner: User, client_of: Callable[[User], Client]
) -> None:
    for browser in (Client(), client_of(owner)):
        answer = browser.get(page(model, "changelist"))
        assert answer.status_code in {302, 403, 404}
        assert "result_list" not in answer.content.decode()


def test_staff_without_a_right_see_nothing(organization: Organization, client_of: Callable[[User], Client]) -> None:
    clerk = client_of(builders.make_person(is_staff=True))
    assert clerk.get(page(Book, "changelist")).status_code == 403


@pytest.mark.parametrize(
    "model", [pytest.param(one, id=one._meta.label_lower) for one in (Book, Run, Entry, Lease, Mail)]
)
def test_rows_kept_by_actions_cannot_be_edited(
    model: type[models.Model], staff: Client, organization: Organization
) -> None:
    populate(organization)
    row = newest(model)
    assert row is not None
    assert staff.post(page(model, "change", row.pk), {"title": "Changed", "state": "completed"}).status_code == 403
    assert staff.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert staff.get(page(model, "add")).status_code == 403


def press(staff: Client, action: str, *runs: Run) -> Any:
    return staff.post(
        page(Run, "changelist"), {"action": action, "_selected_action": [str(run.pk) for run in runs]}, follow=True
    )


def state_of(run: Run) -> str:
    with tenancy.declared(run.organization_id):
        return Run.objects.values_list("state", flat=True).get(pk=run.pk)


def test_the_buttons_of_runs_are_our_actions(staff: Client, organization: Organization, editor: User) -> None:
    other = builders.make_organization()
    runs = [
        builders.make_run(builders.make_book(organization, editor), state=RunState.WRITING),
        builders.make_run(builders.make_book(other, builders.make_member(other, "owner")), state=RunState.WRITING),
    ]
    for run in runs:  # a chapter that waits for a worker
        chapter = builders.make_chapter(run.book, markdown="", word_count=0)
        builders.make_step(run, kind=StepKind.CHAPTER, position=1, chapter=chapter)
    for action, state in (("pause", RunState.PAUSED), ("resume", RunState.WRITING), ("cancel", RunState.CANCELLED)):
        assert press(staff, action, *runs).status_code == 200
        assert [state_of(run) for run in runs] == [state, state]
    with tenancy.system("tests: the trail"):
        entries = Entry.objects.filter(target_id=runs[1].pk).order_by("id")
        assert [(entry.action, entry.organization_id) for entry in entries] == [
            ("run.paused", other.pk), ("run.writing", other.pk), ("run.cancelled", other.pk)
        ]  # fmt: skip
        assert all(entry.actor_label == "Sara Staff" for entry in entries)


def test_a_refused_button_says_why_and_the_others_are_done(
    staff: Client, organization: Organization, editor: User
) -> None:
    over = builders.make_run(builders.make_book(organization, editor), state=RunState.COMPLETED)
    at_work = builders.make_run(builders.make_book(organization, editor), state=RunState.WRITING)
    answer = press(staff, "cancel", over, at_work)
    assert "not possible now" in answer.content.decode()
    assert [state_of(over), state_of(at_work)] == [RunState.COMPLETED, RunState.CANCELLED]


def test_looking_is_not_the_right_to_move_runs(
    organization: Organization, editor: User, client_of: Callable[[User], Client]
) -> None:
    from django.contrib.auth.models import Permission

    clerk = builders.make_person(is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_run"))
    run = builders.make_run(builders.make_book(organization, editor), state=RunState.WRITING)
    browser = client_of(clerk)
    assert browser.get(page(Run, "changelist")).status_code == 200
    press(browser, "cancel", run)
    assert state_of(run) == RunState.WRITING


def test_steps_are_shown_with_their_run(staff: Client, organization: Organization) -> None:
    populate(organization)
    step = newest(Step)
    assert isinstance(step, Step)
    assert "outline" in staff.get(page(Run, "change", step.run_id)).content.decode()
