"""The price table: the newest version that has begun is in force, and a started thousand is a whole one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.errors import NotPriced
from billing.models import Act, CreditPrice, Tariff
from billing.queries import BookTariff, book_tariff


@pytest.mark.parametrize(("words", "price"), [(1, 2), (999, 2), (1000, 2), (1001, 3), (9000, 10), (250_000, 251)])
def test_every_started_thousand_words_is_paid(words: int, price: int) -> None:
    assert BookTariff(version=1, outline=1, words=1, words_per=1000).quote(words) == price


@pytest.mark.django_db
def test_the_first_tariff_is_there_from_the_start() -> None:
    tariff = book_tariff()
    assert (tariff.outline, tariff.words, tariff.words_per) == (1, 1, 1000)


@pytest.mark.django_db
def test_a_version_is_in_force_from_its_moment_on() -> None:
    now = timezone.now()
    first = book_tariff().version
    for version, begins in ((first + 1, now - timedelta(hours=1)), (first + 2, now + timedelta(hours=1))):
        tariff = Tariff.objects.create(version=version, in_force_from=begins)
        CreditPrice.objects.create(tariff=tariff, act=Act.OUTLINE, credits=version)
        CreditPrice.objects.create(tariff=tariff, act=Act.WORDS, credits=1, per=500)
    assert book_tariff() == BookTariff(version=first + 1, outline=first + 1, words=1, words_per=500)


@pytest.mark.django_db
def test_a_version_without_its_prices_sells_nothing() -> None:
    Tariff.objects.create(version=99)
    with pytest.raises(NotPriced):
        book_tariff()
