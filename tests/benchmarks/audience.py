"""A thousand open run pages on one event process as deployed."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tests.benchmarks import crowd, deployed
from tests.benchmarks.rows import Row
from tests.benchmarks.site import FOLDER, Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from books.models import Run

NUMBER, MESSAGES, PER_SECOND = 1000, 100, 5.0
WORDS = "and the bees went on with what they had begun, " * 2  # what a model writes between two flushes


def benchmark(site: Site) -> Iterator[Row]:
    """Messages lost, time from publishing to receiving, and the most memory the process ever had."""
    from tests.benchmarks import runs

    person, organization = runs.author()
    cookie = f"{settings.SESSION_COOKIE_NAME}={runs.signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value}"
    run = runs.begin("Bees before an audience", chapters=1, sections=2)
    address = f"/events/o/{organization.slug}/runs/{run.pk}/"
    with site.serving(deployed.event_server(site.port)) as server:
        began = time.monotonic()
        opened, seen = told(site, address, cookie, run)
        assert server.process is not None
        peak = memory(server.process.pid)
    took, errors = seen["took"], seen["errors"]
    lost = NUMBER * MESSAGES - len(took)
    sides = f"{MESSAGES} messages, {PER_SECOND:g} a second, to {NUMBER:,} pages, opened in {opened - began:.1f} s"
    yield Row(f"{NUMBER:,} open pages: messages lost", str(lost), "0", f"{sides}; {errors or 'no error'}")
    p95 = quantiles(took, n=20)[-1] if len(took) > 1 else float("nan")
    yield Row(
        "published → received, p95", f"{p95:.0f} ms", "≤ 250 ms", f"{max(took, default=0):.0f} ms at most; {sides}"
    )
    yield Row("event process, peak memory", f"{peak:.0f} MB", "< 300 MB", sides)


def told(site: Site, address: str, cookie: str, run: "Run") -> tuple[float, dict[str, Any]]:
    """When all pages were open, and what they saw of the messages published then."""
    command = [sys.executable, "-m", crowd.__name__, "follow", address, "--port", str(site.port), "--cookie", cookie]
    command += ["--number", str(NUMBER), "--messages", str(MESSAGES), "--seconds", "90"]
    with subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True) as crowded:
        assert crowded.stdout is not None
        crowded.stdout.readline()
        opened = time.monotonic()
        publish(run)
        return opened, json.loads(crowded.stdout.readline())


def publish(run: "Run") -> None:
    """The messages, as a writing worker publishes words."""
    from core import events

    began = time.monotonic()
    for number in range(MESSAGES):
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        events.publish(run.pk, "words", {"number": number, "sent": time.time(), "chapter": 1, "text": WORDS})


def memory(pid: int) -> float:
    """The most megabytes a process has had resident."""
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
