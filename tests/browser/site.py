"""A whole site to visit: services, pages and events, workers, beat and mail, each in a process of its own."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from config.embedded import Stack
from config.embedded.ports import free_port
from config.supervisor import Supervisor, workers
from core import mail_folder
from tests.fakes.google import FakeGoogle
from tests.fakes.llm import FakeLanguageModel
from tests.fakes.stripe import Sandbox

FOLDER = Path(__file__).resolve().parents[2]
PASSWORD = "Quiet-Meadow-27"
Found = TypeVar("Found")
CODE = re.compile(r"^ {4}(\S+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Person:
    """Somebody with an account: `session` is the value of the cookie of a browser they are signed in with."""

    email: str
    password: str
    session: str
    slug: str
    books: dict[str, str]


class Site:
    """Started once for all browser tests of a process; `url` is where a browser finds it."""

    def __init__(
        self, state: Path, model: FakeLanguageModel, stripe: Sandbox, google: FakeGoogle | None = None
    ) -> None:
        self.model = model
        self.stripe = stripe
        self.google = google
        self.state = state
        self.stack = Stack(state, ["database", "valkey", "mail"], durable=False)
        self.supervisor = Supervisor(FOLDER, state / "logs")
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.people: list[Person] = []

    def start(self, people: int) -> None:
        """Services, schema, pages, workers, and `people` accounts to act as."""
        self.stack.start()
        self.environment = {
            **self.stack.environment(),
            "ENVIRONMENT": "test",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "STATE_DIR": str(self.state),
            "SITE_URL": self.url,
            "RATE_LIMIT_FACTOR": "1000",  # every visitor has this machine's address
            "LLM_URL": self.model.url,
            "LLM_API_KEY": "fake",
            "LLM_MODEL": "scripted",
            "LLM_LABEL": "scripted books",
            "LLM_CONTEXT_TOKENS": "16384",
            **self.stripe.environment(),
            **(self.google.environment() if self.google else {}),
        }
        self._run("manage.py", "migrate", "--verbosity", "0")
        web = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1"]
        web += ["--port", str(self.port), "--log-level", "warning", "--timeout-graceful-shutdown", "1"]
        self.web = self.supervisor.add("web", web, self.environment)
        workers(self.supervisor, self.environment, writing_threads=6)
        self._run("manage.py", "sync_catalogue", "--yes")
        self.stripe.endpoint(f"{self.url}/webhooks/stripe/")
        self.people = [Person(**one) for one in json.loads(self._run("-m", "tests.browser.population", str(people)))]
        wait_for(self.answers)

    def newcomer(self) -> Person:
        """Somebody no test has acted as yet; the first two have the books and are never given away."""
        assert len(self.people) > 2, "more tests than PEOPLE: make it more"
        return self.people.pop()

    def plant(self, module: str, *arguments: str) -> Any:
        """Have a module of the tests put rows there, and return what it printed."""
        return json.loads(self._run("-m", module, *arguments))

    def stop(self) -> None:
        """Every process of it."""
        self.supervisor.stop()
        self.stack.stop()

    def _run(self, *arguments: str) -> str:
        """Run a Python program of the project to its end and return what it printed."""
        environment = {**os.environ, **self.environment}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def answers(self) -> bool:
        """Whether pages are served now; what has fallen is started again meanwhile."""
        self.supervisor.check()
        try:
            with urllib.request.urlopen(f"{self.url}/livez", timeout=2):  # noqa: S310  # our own loopback address
                return True
        except OSError:
            return False

    def restart_web(self) -> None:
        """Cut every page and event stream off, and serve again from a new process."""
        if self.web.process is not None:
            self.web.process.kill()
            self.web.process.wait()
        wait_for(self.answers)

    def code_for(self, email: str) -> str:
        """The code in the newest mail to that address, once the sink has it."""
        return wait_for(lambda: self._newest_code(email))

    def _newest_code(self, email: str) -> str:
        mails = mail_folder.read(self.stack.services["mail"].folder)
        codes = (CODE.search(mail.text) for mail in mails if mail.recipient == email)
        return next((code[1] for code in codes if code), "")


def wait_for(condition: Callable[[], Found], seconds: float = 30.0) -> Found:
    """Poll until something true comes, and return it. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.05)
    return found
