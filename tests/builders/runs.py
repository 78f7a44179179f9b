"""Runs, their steps and calls, and what they leave behind."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.models import User
from books.models import (
    Book,
    Chapter,
    Chat,
    ChatTurn,
    LanguageModelCall,
    OutlineEntry,
    Review,
    Rewrite,
    Run,
    RunKind,
    RunState,
    Step,
    StepKind,
    StepState,
)
from books.models.sources import PassageUse
from core import tenancy
from tests.builders.people import numbers


@transaction.atomic
def make_run(book: Book, **overrides: Any) -> Run:
    """A run of the book that waits to start, by its author."""
    fields: dict[str, Any] = {
        "started_by": book.author,
        "brief": {"title": book.title},
        "tariff_version": 1,
        "credits_quoted": 2,
        "planned_words": book.planned_words,
        "section_words": 400,
    }
    with tenancy.declared(book.organization_id):
        return Run.objects.create(**({"organization_id": book.organization_id, "book": book} | fields | overrides))


@transaction.atomic
def make_step(run: Run, **overrides: Any) -> Step:
    """The run's outline step, unless `kind` says otherwise."""
    fields = {"organization_id": run.organization_id, "run": run, "kind": StepKind.OUTLINE} | overrides
    with tenancy.declared(run.organization_id):
        return Step.objects.create(**fields)


@transaction.atomic
def make_call(step: Step, **overrides: Any) -> LanguageModelCall:
    """An entry of the journal: a section answered by a model without a price."""
    number = next(numbers)
    fields: dict[str, Any] = {
        "organization_id": step.organization_id,
        "run_id": step.run_id,
        "step": step,
        "attempt": step.attempt,
        "input_hash": f"{number:064d}",
        "purpose": "section",
        "holder": uuid4(),
        "state": "answered",
        "asked": "scripted",
        "model": "scripted",
    }
    with tenancy.declared(step.organization_id):
        return LanguageModelCall.objects.create(**(fields | overrides))


@transaction.atomic
def make_outline_entry(run: Run, **overrides: Any) -> OutlineEntry:
    """A planned chapter."""
    fields = {"organization_id": run.organization_id, "run": run, "position": 1, "title": "Rooftops", "words": 200}
    with tenancy.declared(run.organization_id):
        return OutlineEntry.objects.create(**(fields | overrides))


@transaction.atomic
def make_passage_use(run: Run, **overrides: Any) -> PassageUse:
    """A passage that the first section of the run's first chapter had to follow."""
    fields: dict[str, Any] = {"chapter": 1, "section": 1, "rank": 1, "source_title": "Notes", "text": "Bees drink."}
    with tenancy.declared(run.organization_id):
        return PassageUse.objects.create(**({"organization_id": run.organization_id, "run": run} | fields | overrides))


@transaction.atomic
def make_rewrite(chapter: Chapter, **overrides: Any) -> Rewrite:
    """A proposal that waits for a decision; `run` overrides the completed run it came from."""
    run = overrides.pop("run", None) or make_run(
        chapter.book, kind=RunKind.REWRITE, state=RunState.COMPLETED, planned_words=chapter.planned_words
    )
    make_step(run, kind=StepKind.REWRITE, chapter=chapter, state=StepState.DONE)
    fields: dict[str, Any] = {
        "instruction": "Shorter",
        "base_markdown": chapter.markdown,
        "markdown": "A roof is a meadow.\n\nThe bees know it well.",
        "word_count": 10,
    }
    with tenancy.declared(chapter.organization_id):
        organization = {"organization_id": chapter.organization_id}
        return Rewrite.objects.create(**(organization | {"chapter": chapter, "run": run} | fields | overrides))


@transaction.atomic
def make_review(chapter: Chapter, **overrides: Any) -> Review:
    """An order of suggestions that made two; `run` overrides the completed run it came from."""
    run = overrides.pop("run", None) or make_run(
        chapter.book, kind=RunKind.SUGGEST, state=RunState.COMPLETED, planned_words=chapter.planned_words
    )
    make_step(run, kind=StepKind.SUGGEST, chapter=chapter, state=StepState.DONE)
    fields: dict[str, Any] = {
        "kinds": ["style", "fact_check"], "base_markdown": chapter.markdown, "made": 2, "dropped": 1,
    }  # fmt: skip
    with tenancy.declared(chapter.organization_id):
        organization = {"organization_id": chapter.organization_id}
        return Review.objects.create(**(organization | {"chapter": chapter, "run": run} | fields | overrides))


@transaction.atomic
def make_chat(book: Book, person: User, **overrides: Any) -> Chat:
    """A person's chat about a book, without any turn."""
    fields = {"organization_id": book.organization_id, "book": book, "person": person, "title": "How does it end?"}
    with tenancy.declared(book.organization_id):
        return Chat.objects.create(**(fields | overrides))


@transaction.atomic
def make_turn(chat: Chat, *, position: int = 1, run_fields: dict[str, Any] | None = None, **overrides: Any) -> ChatTurn:
    """An answered question of a chat, unless `run_fields` say how its run stands."""
    brief = {
        "title": "…",
        "kind": "question",
        "speaks": "en",
        "question": "How does it end?",
        "about": "",
        "chapter": "",
    }
    run = make_run(
        chat.book, kind="chat", started_by=chat.person, **({"state": "completed", "brief": brief} | (run_fields or {}))
    )
    make_step(run, kind=StepKind.CHAT, state="done")
    fields: dict[str, Any] = {"question": "How does it end?", "answer": "With *honey*.", "position": position}
    with tenancy.declared(chat.organization_id):
        return ChatTurn.objects.create(
            **({"organization_id": chat.organization_id, "chat": chat, "run": run} | fields | overrides)
        )
