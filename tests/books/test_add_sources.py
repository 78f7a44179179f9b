"""Texts a book follows: given by pasting or by file, cut into passages, found again by what they are about."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from books.actions import sources as source_actions
from books.actions.sources import SourceDraft
from books.errors import BookRefused, IllegalMove
from books.models import Book, PassageUse, RunState, Source, SourcePassage
from books.queries.sources import best_passages
from books.transitions.passages import FULL_WORDS, MOST_WORDS, cut
from core.text import count_words
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db

HIVES = "A hive on a roof needs shade at noon and a basin of water near by.\n\nNeighbours are told before the swarm is."
HONEY = "Honey is spun in June, when the lindens are over. It is never heated above forty degrees."


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    return builders.make_book(organization, editor)


def give(book: Book, by: User, *texts: str) -> int:
    from core import tenancy

    with tenancy.declared(book.organization_id):
        return source_actions.add_sources(book=book, by=by, drafts=[SourceDraft(text[:20], text) for text in texts])


def test_a_source_is_cut_and_found_by_what_it_is_about(book: Book, editor: User) -> None:
    from core import tenancy

    assert give(book, editor, HIVES, HONEY) == 2
    with tenancy.declared(book.organization_id):
        (found,) = best_passages(book, "spinning honey", most_words=100)
    assert found.text == HONEY
