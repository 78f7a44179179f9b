"""The price of a book: known before the start, one credit for the outline and one per started thousand words."""

import pytest
from django.test import Client

from billing.models import CreditPrice, Tariff
from billing.queries import book_tariff
from books.models import Book
from organizations.models import Organization
from tests.books import desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("chapters", "words", "price"), [(1, 200, 2), (5, 200, 2), (6, 1500, 10), (50, 5000, 251), (3, 1001, 5)]
)
def test_a_run_is_sold_at_the_price_in_force(chapters: int, words: int, price: int, author: Client) -> None:
    run = desk.begin(author, chapter_count=chapters, words_per_chapter=words)
    assert (run.credits_quoted, run.planned_words) == (price, chapters * words)
    assert run.tariff_version == book_tariff().version


def test_the_form_shows_what_the_price_is_made_of(author: Client) -> None:
    tariff = author.get(desk.address("book_new", "atelier")).context["tariff"]
    assert (tariff.outline, tariff.words, tariff.words_per) == (1, 1, 1000)


def test_without_a_price_nothing_begins(author: Client, organization: Organization) -> None:
    CreditPrice.objects.all().delete()
    Tariff.objects.all().delete()
    answer = author.post(desk.address("book_new", "atelier"), desk.brief())
    assert answer.status_code == 422
    assert "price" in answer.content.decode()
    assert desk.rows(Book, organization) == []
