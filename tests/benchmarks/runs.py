"""Runs as the benchmarks start and watch them: by the actions of the site, in this process."""

from dataclasses import dataclass

from django.db import transaction
from django.test import Client

from accounts.models import User
from books.models import CallState, LanguageModelCall, Run, RunState
from core import tenancy
from organizations.models import Organization
from tests.benchmarks.site import SECTION_WORDS
from tests.browser.site import wait_for


@dataclass(frozen=True)
class Answered:
    """One answer of the model: the step it was for (by kind and chapter number), and its length."""

    kind: str
    position: int
    tokens: int


def author() -> tuple[User, Organization]:
    """The account everything is written by, and its personal organization; opened at the first call."""
    from books.management.commands.write_book import account
    from organizations.actions import ensure_personal_organization
    from tests import builders

    person = account("author@example.org")
    organization = ensure_personal_organization(person=person)
    builders.lift_limits(organization)
    return person, organization


def signed_in(person: User) -> Client:
    """A browser without a window, with a session."""
    browser = Client()
    browser.force_login(person)
    return browser


def begin(title: str, *, chapters: int, sections: int) -> Run:
    """Start a run that approves its outline by itself; a section has SECTION_WORDS words."""
    from books.management.commands.write_book import begin as start

    person, organization = author()
    words = sections * SECTION_WORDS
    options = {"title": title, "topic": "Keeping bees", "chapters": chapters, "words": words, "language": "en"}
    with tenancy.declared(organization.pk):
        return start(organization, person, options)


def completed(run: Run, *, seconds: float = 120.0) -> Run:
    """Wait for the run's end. Raises RuntimeError for another end than a completed book."""
    wait_for(lambda: _now(run).state in {RunState.COMPLETED, RunState.FAILED, RunState.CANCELLED}, seconds)
    over = _now(run)
    if over.state != RunState.COMPLETED:
        raise RuntimeError(f"the run is {over.state}: {over.problem}")
    return over


def _now(run: Run) -> Run:
    with tenancy.declared(run.organization_id), transaction.atomic():
        return Run.objects.get(pk=run.pk)


def journal(run: Run) -> list[Answered]:
    """Every answered call of the run."""
    with tenancy.declared(run.organization_id), transaction.atomic():
        calls = LanguageModelCall.objects.filter(run=run, state=CallState.ANSWERED)
        return [Answered(*row) for row in calls.values_list("step__kind", "step__position", "tokens_out")]
