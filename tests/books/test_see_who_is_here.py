"""Who is in a book, and in which chapter: kept in Valkey for as long as pages say so, and told to those who follow."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from books.models import Book, Chapter
from core import events, presence
from organizations.models import Organization
from tests import builders

ClientOf = Callable[[User], Client]


class Room:
    """An internal book, and people who say that they are in it."""

    def __init__(self, book: Book, chapter: Chapter, client_of: ClientOf) -> None:
        self.book, self.chapter, self.client_of = book, chapter, client_of
        self.address = f"/o/{book.organization.slug}/books/{book.pk}/"
        self.tabs: dict[Any, str] = {}

    def say(self, person: User, *, tab: str = "", **more: Any) -> Any:
        """The answer to a page of theirs that says it is here, in one and the same tab unless another is named."""
        sent = {"tab": tab or self.tabs.setdefault(person.pk, str(uuid4())), "chapter": str(self.chapter.pk), **more}
        return self.client_of(person).post(f"{self.address}here/", sent)

    def people(self, person: User) -> str:
        """The page of who is here."""
        return self.client_of(person).get(f"{self.address}people/").content.decode()

    def told(self) -> int:
        """How often those who follow the book were told that somebody came or went."""
        entries: Any = events.client().xrange(f"{events.PREFIX}{self.book.pk}")
        return [fields[b"event"] for _id, fields in entries].count(b"people")


@pytest.fixture
def room(organization: Organization, owner: User, client_of: ClientOf) -> Room:
    """An internal book of one chapter."""
    book = builders.make_book(organization, owner, visibility="internal")
    return Room(book, builders.make_chapter(book), client_of)


def test_nobody_is_there_at_first(room: Room, owner: User) -> None:
    assert "Nobody has this book open" in room.people(owner)


def test_the_others_are_named_with_their_chapter_and_oneself_is_not(room: Room, owner: User, editor: User) -> None:
    assert room.say(editor).content.strip() == b""
    answer = room.say(owner).content.decode()
    assert 'aria-label="Also here: Edgar Editor"' in answer
    assert "Chapter 1:" in answer
    assert "The First Hive" in answer
    page = room.people(owner)
    assert page.index("Olive Owner") < page.index("Edgar Editor")


def test_several_tabs_of_one_person_are_one_face(room: Room, owner: User, editor: User) -> None:
    for _number in range(3):
        room.say(editor, tab=str(uuid4()))
    room.say(editor, tab=str(uuid4()), chapter="")
    assert room.say(owner).content.decode().count("<li>") == 2


def test_who_leaves_is_gone_and_the_others_are_told_once_each_time(room: Room, owner: User, editor: User) -> None:
    room.say(owner)
    for _beat in range(3):
        room.say(editor)
    assert room.told() == 2
    assert room.say(editor, leaving="1").status_code == 204
    room.say(editor, leaving="1")
    assert room.told() == 3
    assert b"Edgar" not in room.say(owner).content


def test_who_says_nothing_any_more_is_gone(room: Room, owner: User, editor: User) -> None:
    room.say(editor)
    [line] = presence.present(room.book.pk)
    events.client().zadd(f"{presence.PREFIX}{room.book.pk}", {line: time.time() - 1})
    assert b"Edgar" not in room.say(owner).content


def test_a_page_that_says_nonsense_is_refused(room: Room, owner: User) -> None:
    assert room.say(owner, tab="nowhere").status_code == 422


def test_who_may_not_read_is_not_there_and_sees_nobody(room: Room, outsider: User) -> None:
    assert room.say(outsider).status_code == 404
    assert presence.present(room.book.pk) == []


def test_without_valkey_nobody_is_here_and_nothing_fails(room: Room, owner: User, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    events.client.cache_clear()
    try:
        assert room.say(owner).status_code == 200
    finally:
        events.client.cache_clear()


def test_ten_people_ask_no_more_queries_than_one(room: Room, organization: Organization, owner: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            room.say(owner)
        return len(captured)

    room.say(builders.make_member(organization, "admin"))
    few = asked()
    for _number in range(9):
        room.say(builders.make_member(organization, "admin"))
    assert asked() == few
