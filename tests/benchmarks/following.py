"""How long the model's first word takes to an open run page."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing
from statistics import median
from typing import Any
from urllib.request import urlopen

from django.conf import settings

from tests.benchmarks.clock import in_turns
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

FIRST_BYTE_MS, TOKEN_MS = 300.0, 2.0
SECTIONS = 12
Seen = tuple[float, str, dict[str, Any]]  # Unix seconds, event, data


def benchmark(site: Site) -> Iterator[Row]:
    """Median time from the first byte of a section's answer to its first words in an event-stream client."""
    from tests.benchmarks import runs

    site.model.control.reset()
    site.model.control.latency(first_byte_ms=FIRST_BYTE_MS, token_ms=TOKEN_MS)
    with site.at_work():
        [pages] = in_turns(lambda: urlopen(f"{site.url}/livez", timeout=5).read(), rounds=30)  # noqa: S310  # loopback
        person, organization = runs.author()
        cookie = runs.signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
        run = runs.begin("Bees as they are told", chapters=1, sections=SECTIONS)
        address = f"/events/o/{organization.slug}/runs/{run.pk}/"
        arrived = first_words(follow(site, address, cookie))
        runs.completed(run)
    calls = [call for call in site.model.control.calls() if call["purpose"] == "section"]
    late = [(seen - call["first_byte_at"]) * 1000 for seen, call in zip(arrived, calls, strict=True)]
    page = median(pages)
    sides = f"median of {len(late)} sections, {max(late):.0f} ms at most; {median(late) / page:.1f} × /livez"
    yield Row("first word after the model's byte", f"{median(late):.0f} ms", "≤ 300 ms", f"{sides} ({page:.1f} ms)")


def follow(site: Site, address: str, cookie: str) -> Iterator[Seen]:
    """Events of a run as a browser's EventSource receives them."""
    with closing(http.client.HTTPConnection("localhost", site.port, timeout=30)) as connection:
        connection.request("GET", address, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"the event stream answers {answer.status}")
        event = ""
        for line in answer:
            name, _colon, value = line.decode().rstrip("\n").partition(": ")
            event = value if name == "event" else event
            if name == "data":
                yield time.time(), event, json.loads(value)


def first_words(events: Iterator[Seen]) -> list[float]:
    """When the first words of each section came: those that follow a restart of the chapter's text."""
    found: list[float] = []
    restarted = False
    for seen, event, _data in events:
        if restarted and event == "words":
            found.append(seen)
        restarted = event == "restart" if event in {"restart", "words"} else restarted
        if len(found) == SECTIONS:
            break
    return found
