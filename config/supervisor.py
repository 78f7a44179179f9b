"""Runs the demo's processes: each with a log of its own, restarted when it falls, all gone when the supervisor is."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from config.embedded.child import bound_to_parent, start_child

STEADY_SECONDS = 10.0  # a child that lived this long has started well
MOST_FALLS = 5
STARTING_SECONDS = 20.0


class ChildFailed(RuntimeError):
    """A child cannot stay up; the message names it and has the end of its log."""


@dataclass
class Child:
    """One supervised process."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    falls: int = 0
    started: float = field(default=0.0)
    again_at: float = field(default=0.0)
    alive: Path | None = None  # touched by the child as a sign of life (ALIVE_FILE, config.celery)


class Supervisor:
    """Named children, started in order and stopped in reverse.

    They run in `folder` and write to `logs`/NAME.log; `pause` (seconds) grows with each fall, `stop_seconds` is what
    they have to end by themselves, and after `silent_seconds` one that gives signs of life counts as fallen.
    """

    def __init__(
        self, folder: Path, logs: Path, *, pause: float = 0.5, stop_seconds: float = 10.0, silent_seconds: float = 30.0
    ) -> None:
        self.folder, self.logs, self.pause, self.stop_seconds = folder, logs, pause, stop_seconds
        self.silent_seconds = silent_seconds
        self.children: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, argv: Sequence[str], env: Mapping[str, str], *, signs: bool = False) -> Child:
        """Start a child with the environment of this process and `env` over it.

        `signs`: it touches its ALIVE_FILE every few seconds, and one that stops doing so counts as fallen. Celery's
        loop can hang for good when its broker comes back, with the process still there.
        """
        child = Child(name, argv, {**os.environ, **env}, self.logs / f"{name}.log")
        if signs:
            child.alive = self.logs / f"{name}.alive"
            child.env = {**child.env, "ALIVE_FILE": str(child.alive)}
        self.children.append(child)
        self._start(child)
        return child

    def _start(self, child: Child) -> None:
        child.started = time.monotonic()
        if child.alive:
            child.alive.touch()
        with open(child.log, "ab") as log:
            child.process = start_child(
                child.argv, output=log, bound=bound_to_parent(signal.SIGTERM), cwd=self.folder, env=child.env
            )

    def check(self) -> None:
        """Start again what has fallen, with a growing pause. Raises ChildFailed for one that keeps falling."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and is_silent(child, self.silent_seconds):
                end_group(child.process)
                child.process.wait()
            if child.process is not None and child.process.poll() is not None:
                end_group(child.process)
                child.falls = 1 if now - child.started > STEADY_SECONDS else child.falls + 1
                if child.falls >= MOST_FALLS:
                    raise ChildFailed(f"{child.name} keeps stopping. Its log ends with:\n{self.tail(child)}")
                child.process, child.again_at = None, now + self.pause * child.falls
            if child.process is None and now >= child.again_at:
                self._start(child)

    def tail(self, child: Child) -> str:
        """The end of a child's log."""
        return child.log.read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        """End every child and what it started, the last one first; what does not end in time is killed."""
        running = [child.process for child in reversed(self.children) if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.stop_seconds
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            end_group(process)
            process.wait()
        self.children.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def port_of(supervisor: Supervisor, name: str, argv: Sequence[str], port_file: Path) -> int:
    """Start a child that writes its port to that file once it listens; the port. Raises ChildFailed."""
    port_file.unlink(missing_ok=True)
    supervisor.add(name, argv, {})
    deadline = time.monotonic() + STARTING_SECONDS
    while not (port_file.exists() and port_file.read_text().strip()):
        supervisor.check()
        if time.monotonic() > deadline:
            raise ChildFailed(f"{name} did not start.")
        time.sleep(0.05)
    return int(port_file.read_text())


def is_silent(child: Child, seconds: float) -> bool:
    """Whether a child that gives signs of life has given none for that long."""
    if child.alive is None:
        return False
    return time.time() - child.alive.stat().st_mtime > seconds


def end_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL what is left of a child's session: itself, or the pool processes of one that fell."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def workers(supervisor: Supervisor, env: Mapping[str, str], *, writing_threads: int) -> None:
    """The queue's processes: default and writing in threads, documents in a process of its own, beat."""
    celery = [sys.executable, "-m", "celery", "-A", "config.celery"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    for name, pool in {
        "default": ["-P", "threads", "-c", "4"],
        "writing": ["-P", "threads", "-c", str(writing_threads)],
        "documents": ["-P", "prefork", "-c", "1", "--max-tasks-per-child", "50"],
    }.items():
        supervisor.add(f"worker-{name}", [*worker, "-Q", name, "-n", f"{name}@%h", *pool], env, signs=True)
    schedule = str(supervisor.logs / "beat-schedule")
    supervisor.add("beat", [*celery, "beat", "--loglevel", "WARNING", "-s", schedule], env, signs=True)
