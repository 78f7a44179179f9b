"""The end of a book is the end of everything made of it: bundles, answers and rewrites not over, work in hand."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books import actions
from books.actions import Asked
from books.actions.rewrites import Wanted, order_rewrite
from books.actions.sources import SourceDraft, add_sources
from books.errors import BookRefused
from books.jobs import bundling
from books.models import (
    Book,
    Bundle,
    Chapter,
    Chat,
    ChatKind,
    ExportState,
    RewriteTask,
    Run,
    RunState,
    StepKind,
    StepState,
    Visibility,
)
from core import leases, tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db


def erase(client: Client, book: Book) -> None:
    """Type the title of a book in the trash, and send it."""
    assert client.post(desk.address("erase", "atelier", book.pk), {"typed": book.title}).status_code == 302


def throw_away(book: Book) -> None:
    """Put the book in the trash, whatever its runs do."""
    with tenancy.declared(book.organization_id):
        Book.objects.filter(pk=book.pk).update(trashed_at=timezone.now())


def ready_bundle(organization: Organization, person: User, *books: Book) -> Bundle:
    """A finished ZIP with one file of each of the books."""
    made = {"state": "ready", "file": "exports/x.epub", "sha256": "0" * 64, "finished_at": timezone.now()}
    exports = [builders.make_export(book, **made) for book in books]
    stored = default_storage.save(f"bundles/{organization.pk}/x.zip", ContentFile(b"PK"))
    return builders.make_bundle(organization, person, *exports, **made | {"file": stored})


def test_a_bundle_with_an_erased_book_is_fetched_by_nobody_and_goes_within_the_hour(
    author: Client, organization: Organization, editor: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    book = builders.make_book(organization, editor, title="Bees", visibility=Visibility.INTERNAL)
    other = builders.make_book(organization, owner, title="Roofs")
    bundle = ready_bundle(organization, owner, book, other)
    browser = client_of(owner)
    fetch = desk.address("bundle_download", "atelier", bundle.pk)
    assert browser.get(fetch).status_code == 302
    throw_away(book)
    erase(author, book)
    assert browser.get(fetch).status_code == 404
    page = browser.get(desk.address("bundle", "atelier", bundle.pk))
    assert "no longer there for you" in page.content.decode()
    assert bundling.erase_old(timezone.now()) == 1
    assert not default_storage.exists(str(bundle.file))
    assert not desk.rows(Bundle, organization)


def test_a_bundle_is_not_offered_when_a_book_in_it_was_erased_while_it_was_packed(
    author: Client, organization: Organization, editor: User, run_queue: Callable[[], int]
) -> None:
    books = [builders.make_book(organization, editor, title=title) for title in ("Bees", "Roofs")]
    files = [
        builders.make_export(
            book,
            format="markdown",
            state="ready",
            sha256="0" * 64,
            finished_at=timezone.now(),
            file=default_storage.save(f"exports/{book.pk}.md", ContentFile(book.title.encode())),
        )
        for book in books
    ]
    bundle = builders.make_bundle(organization, editor, *files)
    with tenancy.declared(organization.pk):
        leases.offer(bundle.pk, "books.tasks.make_bundle", organization=organization.pk)
        held = leases.claim(bundle.pk)
        assert held
        throw_away(books[0])
        erase(author, books[0])
        stored = default_storage.save(f"bundles/{organization.pk}/{bundle.pk}.zip", ContentFile(b"PK: Bees, Roofs"))
        bundling._offer(bundle, held, stored, 2, "0" * 64, files=len(files))
    assert (desk.again(bundle).state, default_storage.exists(stored)) == (ExportState.PENDING, False)
    run_queue()
    packed = desk.again(bundle)
    assert packed.state == ExportState.READY
    assert b"Bees" not in desk.content(packed)


@pytest.mark.parametrize("state", [RunState.PAUSED, RunState.FAILED, RunState.WRITING])
def test_work_that_is_not_over_ends_with_the_book(
    state: RunState, author: Client, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor, title="Bees")
    run = builders.make_run(book, kind="chat", state=state, needed_micros=5)
    step = builders.make_step(run, kind=StepKind.CHAT, state=StepState.WORKING)
    with tenancy.declared(organization.pk):
        leases.offer(step.pk, "books.tasks.perform_step", organization=organization.pk)
        held = leases.claim(step.pk)
    throw_away(book)
    erase(author, book)
    assert (desk.again(run).state, desk.again(step).state) == (RunState.CANCELLED, StepState.CANCELLED)
    assert held
    with pytest.raises(leases.LeaseLost):  # its worker can write no word of it any more
        leases.finish(held)
    assert not desk.offers()


def writes(book: Book, chapter: Chapter, chat: Chat) -> list[Callable[[], object]]:
    """What a page opened before could still ask of the book; it holds the rows as they were."""
    by, question = book.author, Asked(ChatKind.QUESTION, "And then?")
    return [
        lambda: actions.save_details(book=book, by=by, details={"title": "Bees again"}),
        lambda: actions.duplicate_book(book=book, by=by, with_text=True),
        lambda: actions.begin_chat(book=book, by=by, asked=question),
        lambda: actions.ask(chat=chat, asked=question),
        lambda: order_rewrite(chapter=chapter, by=by, wanted=Wanted(RewriteTask.SHORTEN), accepted_credits=9),
        lambda: add_sources(book=book, by=by, drafts=[SourceDraft("Notes", "Bees need water.")]),
        lambda: actions.request_export(book=book, by=by, format_key="epub"),
        lambda: actions.start_run(book=book, by=by),
    ]


@pytest.mark.parametrize("number", range(8))
def test_nothing_comes_back_into_a_book_that_was_thrown_away_meanwhile(
    number: int, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor, title="Bees")
    chapter = builders.make_chapter(book)
    chat = builders.make_chat(book, editor)
    write = writes(book, chapter, chat)[number]
    throw_away(book)
    with tenancy.declared(organization.pk), pytest.raises(BookRefused):
        write()
    assert desk.again(book).title == "Bees"
    assert not desk.rows(Run, organization)


def test_the_second_of_two_clicks_finds_the_chat_deleted(organization: Organization, editor: User) -> None:
    chat = builders.make_chat(builders.make_book(organization, editor), editor)
    with tenancy.declared(organization.pk):
        for _click in range(2):
            actions.delete_chat(chat=Chat(pk=chat.pk, organization=organization))
        with pytest.raises(BookRefused):
            actions.rename_chat(chat=chat, title="Ends")
    assert desk.trail(chat) == ["chat.deleted"]
