"""A thousand connections at once to the page server as deployed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import quantiles

from django.conf import settings
from django.urls import reverse

from tests.benchmarks import crowd, deployed
from tests.benchmarks.rows import Row
from tests.benchmarks.site import FOLDER, Site

NUMBER = 1000


def benchmark(site: Site) -> Iterator[Row]:
    """Errors of a thousand connections that are open together, each asking five times for a signed-in home page."""
    from tests.benchmarks import runs

    person, organization = runs.author()
    session = runs.signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
    with site.serving(deployed.page_server(site.port)):
        command = [sys.executable, "-m", crowd.__name__, "visit", reverse("books:home", args=[organization.slug])]
        command += ["--port", str(site.port), "--number", str(NUMBER), "--seconds", "120"]
        command += ["--cookie", f"{settings.SESSION_COOKIE_NAME}={session}"]
        told = subprocess.run(command, cwd=FOLDER, stdout=subprocess.PIPE, check=True)
    seen = json.loads(told.stdout)
    errors = sum(seen["errors"].values())
    sides = f"{len(seen['took']):,} pages of {NUMBER * crowd.TRIES:,}"
    if len(seen["took"]) > 1:
        sides += f", p95 {quantiles(seen['took'], n=20)[-1]:,.0f} ms"
    yield Row(f"{NUMBER:,} connections: errors", str(errors), "0", f"{sides}; {seen['errors'] or 'none'}")
