"""The site that is measured: its own services, and workers and pages as processes while they are needed."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg

from config.embedded import Stack
from config.embedded.ports import free_port
from config.supervisor import Child, Supervisor, workers
from tests.browser.site import wait_for
from tests.fakes.llm import FakeLanguageModel

FOLDER = Path(__file__).resolve().parents[2]
WRITING_THREADS = 10
SECTION_WORDS = 170  # about 200 tokens as the scripted model counts them


class Site:
    """Services and schema in `state`; this process is one of the site's, with its settings loaded."""

    def __init__(self, state: Path, model: FakeLanguageModel) -> None:
        self.state, self.model = state, model
        self.stack = Stack(state, ["database", "valkey"], durable=False)
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"

    def start(self) -> None:
        """Services, settings, schema."""
        self.stack.start()
        (self.state / "static").mkdir(exist_ok=True)  # WhiteNoise warns where nothing was collected
        os.environ |= {
            **self.stack.environment(),
            "ENVIRONMENT": "test",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "STATE_DIR": str(self.state),
            "LOG_LEVEL": "WARNING",  # a line for each request would bury the rows
            "SITE_URL": self.url,
            "LLM_URL": self.model.url,
            "LLM_API_KEY": "fake",
            "LLM_MODEL": "scripted",
            "LLM_CONTEXT_TOKENS": "16384",
            "LLM_SECTION_WORDS": str(SECTION_WORDS),
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=FOLDER, check=True)
        django.setup()

    @contextmanager
    def at_work(self) -> Iterator[Supervisor]:
        """Pages, events, workers and beat, as processes of their own, until the block ends."""
        with Supervisor(FOLDER, self.state / "logs") as supervisor:
            web = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1"]
            web += ["--port", str(self.port), "--log-level", "warning", "--timeout-graceful-shutdown", "1"]
            supervisor.add("web", web, {})
            workers(supervisor, {}, writing_threads=WRITING_THREADS)
            wait_for(self.answers)
            wait_for(self.has_workers)
            yield supervisor

    @contextmanager
    def serving(self, command: Sequence[str]) -> Iterator[Child]:
        """One server alone, which listens to the site's port."""
        with Supervisor(FOLDER, self.state / "logs") as supervisor:
            child = supervisor.add("server", command, {})
            wait_for(self.answers)
            yield child

    def answers(self) -> bool:
        """Whether pages are served now."""
        try:
            with urllib.request.urlopen(f"{self.url}/livez", timeout=2):  # noqa: S310  # our own loopback address
                return True
        except OSError:
            return False

    def has_workers(self) -> bool:
        """Whether a worker of each queue takes tasks: start-up is no part of what is measured."""
        from config.celery import app

        found = app.control.ping(timeout=0.5)
        return {name.partition("@")[0] for one in found for name in one} >= {"default", "writing", "documents"}

    def analyze(self) -> None:
        """What PostgreSQL's own housekeeping does some time after many rows came: plans follow its statistics."""
        with psycopg.connect(self.stack.environment()["DATABASE_SUPERUSER_URL"], autocommit=True) as connection:
            connection.execute("ANALYZE")

    def stop(self) -> None:
        """The services; the state folder is the caller's."""
        self.stack.stop()
