"""The pages for everybody: prices from the table, a calculator without scripts, what robots and messengers see."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import CreditPrice, Tariff

pytestmark = pytest.mark.django_db


@pytest.fixture
def dearer() -> Tariff:
    """A newer table: three credits for an outline, two for every 500 words begun."""
    tariff = Tariff.objects.create(version=99, in_force_from=timezone.now())
    for act, amount, per in [("outline", 3, 1), ("words", 2, 500), ("image", 7, 1)]:
        CreditPrice.objects.create(tariff=tariff, act=act, credits=amount, per=per)
    return tariff


def test_the_example_of_the_front_page_is_worked_out(client: Client, dearer: Tariff) -> None:
    example = client.get("/").context["example"]
    assert (example["words"], example["chapters"], example["credits"]) == (9000, 36, 39)


def test_the_calculator_needs_no_script(client: Client, dearer: Tariff) -> None:
    page = client.get(reverse("pricing"), {"chapter_count": 2, "words_per_chapter": 751})
    assert page.context["credits"] == 3 + 2 * 4
    assert [line.act for line in page.context["prices"]] == ["outline", "words"]  # images are not on sale yet


@pytest.mark.parametrize("asked", [{"chapter_count": "0"}, {"chapter_count": "x"}, {"words_per_chapter": "9" * 30}])
def test_a_strange_length_is_said_and_has_no_price(asked: dict[str, str], client: Client) -> None:
    page = client.get(reverse("pricing"), asked)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["credits"] == 0


@pytest.mark.parametrize("name", ["front", "pricing", "help"])
def test_each_page_has_one_address_and_says_what_it_is(name: str, client: Client, settings: Any) -> None:
    html = client.get(reverse(name), {"from": "elsewhere"}).content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}{reverse(name)}">' in html
    assert html.count('<meta name="description"') == html.count('property="og:description"') == 1


def test_robots_are_told_where_not_to_go(client: Client) -> None:
    answer = client.get(reverse("robots"))
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert b"Disallow: /admin/" in answer.content
