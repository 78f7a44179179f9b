"""What a call costs: whole millionths of a dollar from a list that is at hand."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from books.providers.language_models import Price, price
from books.providers.language_models import prices as module

DAY = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("model", "provider", "expected"),
    [
        ("gpt-4o", "openai", Price(input_micros=2500, output_micros=10_000)),
        ("gpt-4o-2024-11-20", "azure", Price(input_micros=2500, output_micros=10_000)),
        ("claude-opus-5", "anthropic", Price(input_micros=5000, output_micros=25_000)),
    ],
)
def test_a_thousand_tokens_cost_what_the_list_says(model: str, provider: str, expected: Price) -> None:
    found = price(model, provider, 1000, 1000, at=DAY)
    assert found == expected
    assert found.micros == expected.input_micros + expected.output_micros


@pytest.mark.parametrize(
    ("model", "provider"),
    [("a-model-nobody-sells", "openai"), ("gpt-4o", "nobody"), ("gpt-4o", ""), ("", "anthropic")],
)
def test_what_the_list_does_not_know_has_no_price(model: str, provider: str) -> None:
    assert price(model, provider, 1000, 1000, at=DAY) is None


def test_parts_of_a_millionth_are_rounded_to_the_nearest_half_up() -> None:
    assert price("gpt-4o", "openai", 1, 0, at=DAY) == Price(3, 0)  # 2.5 millionths
    assert price("gpt-4o-mini", "openai", 1, 1, at=DAY) == Price(0, 1)  # 0.15 and 0.6
    assert price("gpt-4o", "openai", 0, 0, at=DAY) == Price(0, 0)


def test_no_float_comes_near_the_money() -> None:
    found = price("gpt-4o", "openai", 12_345, 678, at=DAY)
    assert found is not None
    assert {type(found.input_micros), type(found.output_micros), type(found.micros)} == {int}
    assert "float" not in Path(module.__file__).read_text()
