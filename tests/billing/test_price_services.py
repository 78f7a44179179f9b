"""What services cost: pages of a text, tiers, the rush, the delay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.errors import NotPriced
from billing.models import PageTier, Price, Service, ServiceKind
from billing.queries import corrections
from billing.queries.corrections import PageQuote, ServiceOffer

pytestmark = pytest.mark.django_db
EUROS = [(1, 0), (10, 0), (11, 2), (250, 480), (300, 580), (301, 581), (350, 630), (500, 780), (1_000, 1_280)]
DELAYS = [(1, (7, 8)), (50, (7, 8)), (51, (10, 12)), (150, (10, 12)), (300, (12, 15)), (301, (15, 20))]
TEXTS = [(0, 0, 1), (250, 1_500, 1), (251, 1_500, 2), (250, 1_501, 2), (2_500, 9_000, 10), (100, 15_001, 11)]


def offer(code: str) -> ServiceOffer:
    """What is on sale under that code."""
    return next(one for one in corrections.services() if one.service.code == code)


def quoted(page_count: int, *, rush: bool = False) -> PageQuote:
    """A correction of so many pages."""
    return corrections.page_quote(offer("integral"), page_count, rush=rush)


@pytest.mark.parametrize(("page_count", "euros"), EUROS)
def test_pages_cost_what_the_price_list_says(page_count: int, euros: int) -> None:
    said = quoted(page_count)
    assert said.total.amount == euros * 100
    assert said.free == min(page_count, 10)


@pytest.mark.parametrize(("words", "characters", "expected"), TEXTS)
def test_a_page_is_begun_by_words_or_by_characters(words: int, characters: int, expected: int) -> None:
    assert corrections.pages(words, characters) == expected


def test_a_text_of_less_than_nothing_has_no_pages() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        corrections.pages(-1, 0)


@pytest.mark.parametrize(("page_count", "days"), DELAYS)
def test_more_pages_take_longer(page_count: int, days: tuple[int, int]) -> None:
    assert quoted(page_count).days == days


def test_the_rush_costs_half_as_much_again_and_is_there_in_two_days() -> None:
    calm, rush = quoted(250), quoted(250, rush=True)
    assert rush.total.amount == 72_000 == calm.total.amount * 3 // 2
    assert rush.hours == 48
    assert calm.hours is None


@pytest.mark.parametrize("page_count", [0, -1, 1_001])
def test_no_other_number_of_pages_has_a_price(page_count: int) -> None:
    with pytest.raises(NotPriced, match="1000 pages"):
        quoted(page_count)


def test_flat_services_have_an_amount_and_a_delay() -> None:
    kdp = offer("kdp")
    assert (kdp.price.amount, kdp.is_by_page, kdp.delay) == (35_000, False, "5 to 7 days")
    assert offer("redaction").delay == "3 to 6 weeks"


def test_what_is_retired_or_off_sale_is_not_offered() -> None:
    Price.objects.filter(service__code="kdp").update(retired_at="2026-01-01T00:00Z")
    Service.objects.filter(code="redaction").update(on_sale=False)
    assert [one.service.code for one in corrections.services()] == ["integral"]


# ── Whatever the tiers ──────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60, deadline=None)
@given(
    widths=st.lists(st.tuples(st.integers(1, 40), st.integers(0, 999)), min_size=1, max_size=5),
    percent=st.integers(0, 200),
    data=st.data(),
)
def test_each_page_adds_what_its_tier_says(widths: list[tuple[int, int]], percent: int, data: st.DataObject) -> None:
    service = Service(code="x", name="X", kind=ServiceKind.BY_PAGE, rush_hours=48, rush_percent=percent)
    price, tiers, last = Price(service=service, currency="EUR", interval="once", amount=0), [], 0
    for width, amount in widths:
        tiers.append(PageTier(price=price, first_page=last + 1, last_page=last + width, amount=amount))
        last += width
    page_count = data.draw(st.integers(1, last))
    made = ServiceOffer(service, price, tuple(tiers))
    each = [amount for width, amount in widths for _page in range(width)]
    calm, rush = corrections.page_quote(made, page_count), corrections.page_quote(made, page_count, rush=True)
    assert calm.total.amount == sum(each[:page_count])
    assert abs((rush.total.amount - calm.total.amount) * 100 - calm.total.amount * percent) <= 50


@given(words=st.integers(0, 10**6), characters=st.integers(0, 10**7))
def test_pages_hold_the_text_and_no_page_is_empty(words: int, characters: int) -> None:
    found = corrections.pages(words, characters)
    assert found * 250 >= words
    assert found * 1_500 >= characters
    assert found == 1 or (found - 1) * 250 < words or (found - 1) * 1_500 < characters
