"""Writers who save one chapter at the same time, lose answers and ask again: no word of anybody is lost."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from books.models import Book, Chapter
from core import tenancy
from tests import builders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("faults")]
WRITERS, SAVES = 3, 12
TEXT = "\n\n".join(f"Paragraph {number} stands here." for number in range(8))


class Writer:
    """An editor's part of the protocol: types, saves, merges what it meets keeping both, asks again."""

    def __init__(self, number: int, person: User, chapter: Chapter, slug: str) -> None:
        self.number, self.chance = number, Random(number)
        self.address = f"/o/{slug}/books/{chapter.book_id}/chapters/{chapter.pk}/save/"
        self.browser = Client(headers={"accept": "application/json"})
        self.browser.force_login(person)
        self.version, self.base = chapter.version, chapter.markdown
        self.typed: list[str] = []

    def work(self, start: Barrier) -> None:
        """Type and save some times, all writers at once."""
        try:
            start.wait(timeout=60)
            for number in range(SAVES):
                self.save(self.changed(f"w{self.number}x{number}"))
        finally:
            connection.close()

    def changed(self, word: str) -> str:
        """The text with one more word, in some paragraph or as one of its own."""
        self.typed.append(word)
        paragraphs = self.base.split("\n\n")
        place = self.chance.randrange(len(paragraphs))
        if self.chance.random() < 0.3:
            paragraphs.insert(place, f"New {word}.")
        else:
            paragraphs[place] += f" {word}"
        return "\n\n".join(paragraphs)

    def save(self, text: str, **more: str) -> None:
        """Save until the server has it."""
        sent = {"version": str(self.version), "markdown": text, "base": self.base, **more}
        answer: Any = self.browser.post(self.address, sent)
        if self.chance.random() < 0.3:  # nobody heard it
            answer = self.browser.post(self.address, sent)
        told = answer.json()
        if answer.status_code == 200:
            self.version, self.base = told["version"], text
            return
        assert answer.status_code == 409, told
        parts = (
            part["mine"] if part["mine"] == part["theirs"] else part["mine"] + part["theirs"] for part in told["parts"]
        )
        self.version, self.base = told["version"], told["theirs"]
        self.save("".join(parts).rstrip("\n") + told["tail"], merged="1")


def stored(book: Book) -> str:
    """The chapter's text in the end."""
    with tenancy.declared(book.organization_id), transaction.atomic():
        return Chapter.objects.of(book.organization).get(book=book).markdown


def test_three_writers_at_once_lose_no_word() -> None:
    organization = builders.make_organization()
    person = builders.make_member(organization, "owner")
    book = builders.make_book(organization, person)
    chapter = builders.make_chapter(book, markdown=TEXT, word_count=32)
    writers = [Writer(number, person, chapter, organization.slug) for number in range(WRITERS)]
    start = Barrier(WRITERS)
    with ThreadPoolExecutor(WRITERS) as threads:
        for done in [threads.submit(writer.work, start) for writer in writers]:
            done.result()
    text = stored(book)
    assert [word for writer in writers for word in writer.typed if word not in text] == []
    assert all(f"Paragraph {number} stands here." in text for number in range(8))
