"""Processes as the kernel sees them, and owners of services run as processes of their own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

PROJECT = Path(__file__).resolve().parents[2]
OWNER = Path(__file__).with_name("owner.py")


class Owner:
    """A running owner.py: its process, the settings it printed, and everything below it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the owner ended without a word: see its standard error above"
        self.settings: dict[str, str] = json.loads(line)
        self.children = descendants(process.pid)

    def kill(self) -> None:
        """SIGKILL: no handler, no clean-up."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Let it stop its services and wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(20) == 0


@contextmanager
def owner(state: Path, *arguments: str, first_on_path: Path | None = None) -> Iterator[Owner]:
    """Run owner.py for a state; `first_on_path` is searched for packages before the environment's own."""
    path = [str(folder) for folder in [first_on_path, PROJECT] if folder]
    process = subprocess.Popen(
        [sys.executable, str(OWNER), str(state), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        cwd=first_on_path or PROJECT,
    )
    with process:
        try:
            yield Owner(process)
        finally:
            process.kill()


@contextmanager
def taken(port_file: Path) -> Iterator[None]:
    """Another program listens on the port that a service remembers."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(port_file.read_text())))
        other.listen()
        yield


def descendants(pid: int) -> set[int]:
    """Every process below that one."""
    below: dict[int, list[int]] = {}
    for one, (_, parent) in processes().items():
        below.setdefault(parent, []).append(one)
    found, waiting = set[int](), [pid]
    while waiting:
        children = below.get(waiting.pop(), [])
        found.update(children)
        waiting += children
    return found


def processes() -> Mapping[int, tuple[str, int]]:
    """State letter and parent of every process."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in brackets, may hold anything; the fields that matter follow it.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        found[int(folder.name)] = (state, int(parent))
    return found


def alive(pids: Sequence[int] | set[int]) -> set[int]:
    """Those that still run; a zombie does not."""
    return {pid for pid, (state, _) in processes().items() if pid in pids and state != "Z"}


def wait_for(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Poll until true; whether it became so."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def remember(settings: Mapping[str, str], words: str) -> None:
    """Write a row that a later start must still have."""
    with psycopg.connect(settings["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (words text)")
        connection.execute("INSERT INTO note VALUES (%s)", [words])


def remembered(settings: Mapping[str, str]) -> list[str]:
    """What was written."""
    with psycopg.connect(settings["DATABASE_OWNER_URL"]) as connection:
        return [row[0] for row in connection.execute("SELECT words FROM note").fetchall()]
