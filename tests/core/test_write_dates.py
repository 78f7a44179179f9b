"""Dates are written one way in each language, and no date can be read two ways."""

from datetime import UTC, datetime

import pytest
from django.template.defaultfilters import date
from django.utils.translation import override

MOMENT = datetime(2026, 3, 4, 19, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [
        ("en", "DATE_FORMAT", "4 March 2026"),
        ("en", "DATETIME_FORMAT", "4 March 2026, 19:41"),
        ("en", "SHORT_DATE_FORMAT", "4 Mar 2026"),
        ("en", "SHORT_DATETIME_FORMAT", "4 Mar 2026, 19:41"),
        ("fr", "DATE_FORMAT", "4\N{NO-BREAK SPACE}mars 2026"),
        ("fr", "DATETIME_FORMAT", "4\N{NO-BREAK SPACE}mars 2026 à 19:41"),
        ("fr", "SHORT_DATE_FORMAT", "4\N{NO-BREAK SPACE}mars 2026"),
        ("fr", "SHORT_DATETIME_FORMAT", "4\N{NO-BREAK SPACE}mars 2026 à 19:41"),
    ],
)
def test_the_day_comes_first_and_hours_are_twenty_four(language: str, name: str, written: str) -> None:
    with override(language):
        assert date(MOMENT, name) == written
