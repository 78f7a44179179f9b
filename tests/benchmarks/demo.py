"""How long `bin/demo` takes to its front page once it has been started before."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator

from config.embedded.ports import free_port
from tests.benchmarks.rows import Row
from tests.benchmarks.site import FOLDER, Site
from tests.browser.site import wait_for

# What a person's shell has: the demo brings its own services, not those of this benchmark.
KEPT = {"HOME", "LANG", "PATH", "TMPDIR", "USER"}


def benchmark(site: Site) -> Iterator[Row]:
    """Seconds from the second `bin/demo` to the front page, which the first one spent on making everything."""
    environment = {name: value for name, value in os.environ.items() if name in KEPT}
    environment["STATE_DIR"] = str(site.state / "demo")
    first, second = (seconds(environment) for _start in range(2))
    yield Row("bin/demo, second start to page", f"{second:.1f} s", "≤ 15 s", f"the first start took {first:.1f} s")


def seconds(environment: dict[str, str]) -> float:
    """Start the demo, wait for its front page, stop it as Ctrl-C does."""
    port = free_port()
    began = time.monotonic()
    demo = subprocess.Popen(
        [FOLDER / "bin" / "demo", "--port", str(port)],
        cwd=FOLDER, env=environment, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        wait_for(lambda: answers(demo, port), 300)
        return time.monotonic() - began
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGINT)
            demo.wait(60)


def answers(demo: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the front page is there. Raises RuntimeError when the demo has ended."""
    if demo.poll() is not None:
        raise RuntimeError(f"bin/demo ended with status {demo.returncode}")
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False
