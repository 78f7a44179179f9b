"""The price page: plans in every currency, by the month and by the year; packs; work by people."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from billing.forms.pricing import FEWEST_WORDS, MOST_CHAPTERS, MOST_WORDS
from billing.models import Currency, Interval, Plan, Price, Service
from billing.queries.corrections import page_quote, services
from billing.queries.offers import guess, offers
from books.models.books import MAX_CHAPTERS, MAX_WORDS, MIN_WORDS
from core.money import Money
from organizations.models import Organization
from tests.builders.money import price_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("languages", "country", "currency"),
    [
        (["fr-fr", "en-us"], "", "EUR"),
        (["fr"], "", "EUR"),
        (["en"], "", "USD"),
        (["en-gb"], "", "EUR"),
        (["en-us"], "", "USD"),
        (["fr-sn"], "", "XOF"),
        (["en-ng"], "", "NGN"),
        (["en-gh"], "", "GHS"),
        (["de"], "", "EUR"),
        ([], "", "EUR"),
        (["fr-fr"], "CI", "XOF"),
        (["en-us"], "FR", "EUR"),
    ],
)
def test_a_currency_is_guessed_by_country_and_else_by_language(
    languages: list[str], country: str, currency: str
) -> None:
    assert guess(languages, country) == currency


def test_the_page_guesses_and_what_is_asked_for_wins(client: Client) -> None:
    guessed = client.get("/pricing/", headers={"Accept-Language": "fr-SN,fr;q=0.9,en;q=0.5"})
    assert guessed.context["offers"].currency == Currency.XOF
    asked = client.get("/pricing/", {"currency": "NGN", "interval": "year"}, headers={"Accept-Language": "fr-SN"})
    assert (asked.context["offers"].currency, asked.context["offers"].interval) == ("NGN", "year")
    strange = client.get("/pricing/", {"currency": "BTC", "interval": "once"}, headers={"Accept-Language": "en-US"})
    assert (strange.context["offers"].currency, strange.context["offers"].interval) == ("USD", "month")


@pytest.mark.parametrize("currency", Currency)
def test_a_year_saves_a_fifth_in_every_currency(currency: Currency) -> None:
    sold = offers(currency, Interval.YEAR)
    assert [one.saving_percent for one in sold.plans] == [0, 20, 20, 20]
    pro = sold.plans[2]
    assert pro.price is not None
    assert pro.saving == Money(price_of("PRO", "month", currency).amount * 12 - pro.price.amount, currency)


def test_a_yearly_price_is_shown_by_the_month_too() -> None:
    starter = offers(Currency.EUR, Interval.YEAR).plans[1]
    assert (starter.price and starter.price.amount, starter.month) == (18_240, Money(1_520, "EUR"))
    assert all(one.month is None for one in offers(Currency.EUR, Interval.MONTH).plans)


def test_the_middle_plan_of_those_that_cost_is_suggested() -> None:
    sold = offers(Currency.EUR, Interval.MONTH)
    assert [one.is_suggested for one in sold.plans] == [False, False, True, False]
    assert [one.pack.code for one in sold.packs] == ["credits-50"]


def test_what_is_off_sale_or_without_a_price_is_not_shown() -> None:
    Plan.objects.filter(code="ENTERPRISE").update(on_sale=False)
    price = price_of("STARTER")
    Price.objects.filter(pk=price.pk).update(retired_at=price.created_at)
    assert [one.plan.code for one in offers(Currency.EUR, Interval.MONTH).plans] == ["FREE", "PRO"]


def test_a_plan_says_what_it_allows() -> None:
    by_code = {one.plan.code: one.allowances for one in offers(Currency.EUR, Interval.MONTH).plans}
    assert by_code["FREE"][:3] == ("30 credits, once", "1 member", "10 books, 5 new ones a month")
    assert by_code["PRO"][:3] == ("400 credits a month", "25 members", "Any number of books, 100 new ones a month")
    assert by_code["ENTERPRISE"][1:3] == ("Any number of members", "Any number of books")


@pytest.mark.parametrize(
    ("pages", "euros", "days"),
    [(1, 0, (7, 8)), (10, 0, (7, 8)), (11, 2, (7, 8)), (51, 82, (10, 12)), (250, 480, (12, 15)),
     (300, 580, (12, 15)), (350, 630, (15, 20)), (500, 780, (15, 20)), (1_000, 1_280, (15, 20))],
)  # fmt: skip
def test_pages_cost_what_the_price_list_says(pages: int, euros: int, days: tuple[int, int]) -> None:
    by_page = next(one for one in services() if one.is_by_page)
    calm, rushed = page_quote(by_page, pages), page_quote(by_page, pages, rush=True)
    assert (calm.total, calm.days, calm.free) == (Money(euros * 100, "EUR"), days, min(pages, 10))
    assert (rushed.total, rushed.hours) == (Money(euros * 150, "EUR"), 48)


def test_the_calculator_of_pages_needs_no_script(client: Client) -> None:
    page = client.get("/pricing/", {"pages": "250", "rush": "on"}, headers={"Accept-Language": "fr-FR"})
    assert page.context["quote"].total == Money(72_000, "EUR")
    assert "within 48 hours" in client.get("/pricing/?pages=250&rush=on").content.decode()


@pytest.mark.parametrize("pages", ["0", "1001", "x", "", "9" * 30])
def test_a_number_of_pages_without_a_price_is_said(pages: str, client: Client) -> None:
    page = client.get("/pricing/", {"pages": pages})
    assert (page.status_code, page.context["quote"], bool(page.context["pages_form"].errors)) == (200, None, True)


def test_without_a_service_by_the_page_there_is_no_calculator(client: Client) -> None:
    Service.objects.filter(kind="by_page").update(on_sale=False)
    page = client.get("/pricing/")
    assert (len(page.context["services"]), b'name="pages"' in page.content) == (2, False)


def test_one_question_does_not_forget_the_others(client: Client) -> None:
    page = client.get(
        "/pricing/", {"currency": "GHS", "pages": "300", "words_per_chapter": "500", "chapter_count": "2"}
    )
    assert page.context["offers"].currency == Currency.GHS
    assert (page.context["quote"].total, page.context["words"]) == (Money(58_000, "EUR"), 1_000)


def test_htmx_gets_the_offers_alone(client: Client) -> None:
    part = client.get("/pricing/", {"interval": "year"}, headers={"HX-Request": "true"}).content.decode()
    assert 'class="plans"' in part
    assert "<html" not in part


def test_members_are_led_to_the_checkout_of_their_organization(
    client: Client, owner: User, organization: Organization, client_of: Callable[[User], Client]
) -> None:
    assert b"/billing/" not in client.get("/pricing/").content
    mine = client_of(owner)
    mine.get(f"/o/{organization.slug}/billing/")
    page = mine.get("/pricing/?currency=EUR").content.decode()
    assert f"/o/{organization.slug}/billing/plans/{price_of('PRO').pk}/" in page
    assert f"/o/{organization.slug}/billing/checkout/{price_of('credits-50', 'once').pk}/" in page


def test_the_calculator_takes_what_a_book_may_have() -> None:
    assert (MOST_CHAPTERS, FEWEST_WORDS, MOST_WORDS) == (MAX_CHAPTERS, MIN_WORDS, MAX_WORDS)
