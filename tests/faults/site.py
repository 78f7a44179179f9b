"""A whole site for fault tests: its own services, workers as processes, the scripted model, and a look at the rows."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import time_machine

from config.embedded import Stack
from config.embedded.ports import free_port
from config.supervisor import Child, Supervisor
from tests.fakes.llm import FakeLanguageModel
from tests.fakes.stripe import Sandbox

FOLDER = Path(__file__).resolve().parents[2]
WRITING_THREADS = 4


class Site:
    """Real services of its own in `state`; `start_writer`, `start_beat` and `start_web` are what tests kill."""

    def __init__(self, state: Path, model: FakeLanguageModel, stripe: Sandbox) -> None:
        self.model, self.stripe = model, stripe
        self.stack = Stack(state, ["database", "valkey"], durable=False)
        self.supervisor = Supervisor(FOLDER, state / "logs")
        self.children: dict[str, Child] = {}
        self.guard = threading.Lock()
        self.over = threading.Event()
        self.keeper = threading.Thread(target=self._keep_up, daemon=True)
        self.state = state
        self.port = free_port()

    def start(self) -> None:
        """Services, schema, workers."""
        self.stack.start()
        self.environment = {
            **os.environ,
            **self.stack.environment(),
            "ENVIRONMENT": "test",
            "STATE_DIR": str(self.state),
            "RATE_LIMIT_FACTOR": "1000",  # every visitor has this machine's address
            "LLM_URL": self.model.url,
            "LLM_API_KEY": "fake",
            "LLM_MODEL": "scripted",
            "LLM_CONTEXT_TOKENS": "16384",
            "LLM_SECTION_WORDS": "120",
            **self.stripe.environment(),
        }
        self.run("manage.py", "migrate", "--verbosity", "0")
        self.start_beat()
        self.start_writer()
        self.keeper.start()

    def stop(self) -> None:
        """Everything, hard: nothing of it is kept."""
        self.over.set()
        if self.keeper.is_alive():
            self.keeper.join()
        for name in list(self.children):
            self.kill(name)
        self.stack.stop()

    def run(self, *arguments: str) -> str:
        """Run a Python program of the project to its end and return what it printed."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=FOLDER, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def start_writer(self, name: str = "writer") -> None:
        """A worker that asks the language model, and does the sweep as well: killing it stops both."""
        queues = ["worker", "-Q", "writing,default", "-P", "threads", "-c", str(WRITING_THREADS)]
        self._celery(name, *queues, "-n", f"{name}@localhost", "--without-gossip", "--without-mingle")

    def start_beat(self) -> None:
        """The clock of the sweep."""
        self._celery("beat", "beat", "-s", str(self.state / "beat"))

    def start_web(self) -> None:
        """The pages, at `port`; whoever calls waits until they answer, or does not."""
        self._child("web", "uvicorn", "config.asgi:application", "--port", str(self.port), "--log-level", "warning")

    def _celery(self, name: str, *arguments: str) -> None:
        self._child(name, "celery", "-A", "config.celery", *arguments, "--loglevel", "WARNING", signs=True)

    def _child(self, name: str, *module: str, signs: bool = False) -> None:
        with self.guard:
            self.children[name] = self.supervisor.add(
                name, [sys.executable, "-m", *module], self.environment, signs=signs
            )

    def _keep_up(self) -> None:
        """What the supervisor of a real site does: a process that falls by itself is started again."""
        while not self.over.wait(0.3):
            if time_machine.escape_hatch.is_travelling():
                continue  # another test of this process has moved the clock by which a child's silence is measured
            with self.guard:
                self.supervisor.check()

    def kill(self, name: str) -> None:
        """SIGKILL for good: no handler, no clean-up, no supervisor to bring it back."""
        with self.guard:
            child = self.children.pop(name)
            self.supervisor.children.remove(child)
            if child.process is not None:
                child.process.kill()
                child.process.wait()

    def begin(self, title: str, chapters: int, words: int) -> str:
        """Start a run and return its id."""
        return self.run("-m", "tests.faults.begin", title, str(chapters), str(words))

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows as the superuser sees them."""
        with psycopg.connect(self.stack.environment()["DATABASE_SUPERUSER_URL"]) as connection:
            return connection.execute(query, parameters).fetchall()

    def state_of(self, run: str) -> str:
        """The run's state."""
        return str(self.rows("SELECT state FROM books_run WHERE id = %s", run)[0][0])

    def answered(self, run: str) -> int:
        """How many calls are committed to the run's journal."""
        query = "SELECT count(*) FROM books_languagemodelcall WHERE run_id = %s AND state = 'answered'"
        return int(self.rows(query, run)[0][0])

    def wait_completed(self, run: str, seconds: float = 90.0) -> None:
        """Wait until the run is completed; anything final but that fails."""
        wait_for(lambda: self.state_of(run) in {"completed", "failed", "cancelled"}, seconds)
        problems = self.rows("SELECT kind, position, state, problem FROM books_step WHERE run_id = %s", run)
        assert self.state_of(run) == "completed", problems

    def text(self, run: str) -> list[tuple[Any, ...]]:
        """Everything the run delivered."""
        return self.rows(
            "SELECT c.position, c.title, c.markdown, b.blurb FROM books_chapter c JOIN books_book b ON b.id = c.book_id"
            " JOIN books_run r ON r.book_id = b.id WHERE r.id = %s ORDER BY c.position",
            run,
        )


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Poll until true. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.05)
