"""Routes of fake models with prices, for tests of routes, receipts and caps."""

import json
from typing import Any

from tests.fakes.llm import FakeLanguageModel

PRICE = {"input": "1", "output": "10"}
DEAR = {"input": "3", "output": "30"}


def model(fake: FakeLanguageModel, **overrides: Any) -> dict[str, Any]:
    """A compatible model at that server, with a price."""
    setting = {
        "provider": "compatible", "url": fake.url, "model": "scripted", "label": "Scripted", "context_tokens": 16384,
        "price": PRICE,
    }  # fmt: skip
    return setting | overrides


def routes(models: dict[str, Any], *, small: list[str], strong: list[str], **steps: str) -> str:
    """The text of MODEL_ROUTES."""
    return json.dumps({"models": models, "tiers": {"small": small, "strong": strong}, "steps": steps})


def two_tiers(fake: FakeLanguageModel) -> str:
    """A cheap and a dear model of one server."""
    models = {"cheap": model(fake), "dear": model(fake, price=DEAR)}
    return routes(models, small=["cheap"], strong=["dear"])
