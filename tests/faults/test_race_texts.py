"""Several write one chapter at the same moment: nobody waits for ever, nothing is lost. Real commits."""

from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from books.actions import rewrites
from books.actions.saving import save_text
from books.models import Book, BookStatus, Chapter, Rewrite, RewriteTask
from books.queries.extracts import Extract
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.faults.crowd import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]
ROUNDS = 6
TEXT = "A roof is a meadow.\n\nThe bees know it."


def fetched(model: Any, book: Book, **which: Any) -> Any:
    """A row as a view fetches it."""
    below = {Chapter: ("book__organization",), Rewrite: ("chapter__book__organization", "run__book")}[model]
    with transaction.atomic(), tenancy.declared(book.organization_id):
        return model.objects.of(book.organization).select_related("organization", *below).get(**which)


def again_while_saved(book: Book, editor: User, made: Rewrite, typed: str) -> Rewrite:
    """Order a rewrite again while its chapter is saved with something typed before it; the new order."""
    rewrite, chapter = fetched(Rewrite, book, pk=made.pk), fetched(Chapter, book, pk=made.chapter_id)
    latest: list[Rewrite] = []

    def again() -> None:
        with transaction.atomic(), tenancy.declared(book.organization_id):
            latest.append(rewrites.order_again(rewrite=rewrite, by=editor, accepted_credits=9))

    def save() -> None:
        with transaction.atomic(), tenancy.declared(book.organization_id):
            save_text(chapter=chapter, by=editor, version=chapter.version, markdown=f"{typed}{chapter.markdown}")

    assert at_once(lambda act: act(), [again, save]) == ["done", "done"]
    return latest[0]


def test_who_orders_again_and_who_saves_the_passage_never_wait_for_each_other() -> None:
    organization: Organization = builders.make_organization()
    editor: User = builders.make_member(organization, "member")
    book = builders.make_book(organization, editor, status=BookStatus.REVIEW)
    chapter_id = builders.make_chapter(book, markdown=TEXT, word_count=9).pk
    chosen = Extract(21, len(TEXT), "The bees know it.")
    chapter = fetched(Chapter, book, pk=chapter_id)
    wanted = rewrites.Wanted(RewriteTask.REWRITE, chosen=chosen)
    with transaction.atomic(), tenancy.declared(organization.pk):
        made = rewrites.order_rewrite(chapter=chapter, by=editor, wanted=wanted, accepted_credits=9)

    for number in range(ROUNDS):
        made = again_while_saved(book, editor, made, f"{number}")
    assert fetched(Chapter, book, pk=chapter_id).markdown.endswith("\n\nThe bees know it.")
    assert fetched(Rewrite, book, pk=made.pk).base_markdown == "The bees know it."
