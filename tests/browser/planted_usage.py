"""What was used in a hundred days, the plan's month of credits nearly spent."""

from typing import Any


def used(organization: Any) -> None:
    """Records of several acts, added up by day."""
    from datetime import timedelta

    from django.utils import timezone

    from billing.jobs import rollups
    from billing.models import Act
    from tests.builders.usage import give_month, make_usage, spend

    give_month(organization, 120)
    spend(organization, 100)
    for days in range(0, 100, 3):
        for number, act in enumerate([Act.WORDS, Act.REWRITE, Act.TRANSLATE, Act.CHAT][: 1 + days % 4]):
            fields = {"units": 700 * (number + 1), "credits": 1 + (days + number) % 5}
            make_usage(organization, timezone.now() - timedelta(days=days), act, **fields)
    rollups.roll_up()
