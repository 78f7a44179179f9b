"""One local service: owned under a lock or joined, a child process that dies with its owner."""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import subprocess
import time
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.embedded.child import bound_to_parent, start_child
from config.embedded.ports import answers, free_port, is_free

__all__ = ["Service", "ServiceFailed", "answers", "bound_to_parent", "is_free", "keep_secret", "project_folder"]

LOG_BYTES = 5_000_000
LAUNCHES = 3


class ServiceFailed(RuntimeError):
    """A local service did not start or is not ours to touch; the message says why, with the end of its log."""


class Service(ABC):
    """Base of the local services. Subclasses say how to start the child and how to see that it is ready."""

    name: str
    stop_signal = signal.SIGTERM
    stop_seconds = 10.0
    start_seconds = 60.0

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        self.state = state.resolve()
        self.durable = durable
        self.folder = self.state / self.name
        self.process: subprocess.Popen[bytes] | None = None
        self.lock: IO[str] | None = None
        self.known: dict[str, str] = {}

    # What a subclass says ───────────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def launch(self) -> dict[str, str]:
        """Start the child through `spawn`, wait until it answers, and return its settings."""

    # Owning and joining ─────────────────────────────────────────────────────────────────────────────────────────────

    def environment(self) -> dict[str, str]:
        """Settings that point at the service."""
        return self.known

    def start_or_join(self) -> None:
        """Own the service if nobody does, else join it. Raises ServiceFailed when neither works in `start_seconds`."""
        if self.lock is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        deadline = time.monotonic() + self.start_seconds
        while time.monotonic() < deadline:
            # One process at a time gets past the door, and an owner only leaves it once the address is published:
            # who finds the lock taken reads the address of the living owner, never one left by a dead one.
            with self._door(deadline):
                if self._own():
                    self._launch_as_owner()
                    return
                if self._where.exists():
                    self.known = json.loads(self._where.read_text())
                    return
            time.sleep(0.05)  # the owner is stopping: its lock falls in a moment
        raise ServiceFailed(f"{self.name}: another process owns it and neither answers nor ends.")

    @property
    def _where(self) -> Path:
        return self.folder / "where.json"

    @contextmanager
    def _door(self, deadline: float) -> Iterator[None]:
        with open(self.folder / "door", "w") as door:
            while not take(door):
                if time.monotonic() > deadline:
                    raise ServiceFailed(f"{self.name}: another process is starting it and does not get done.")
                time.sleep(0.05)
            try:
                yield
            finally:
                fcntl.flock(door, fcntl.LOCK_UN)

    def _own(self) -> bool:
        lock = open(self.folder / "lock", "w")  # noqa: SIM115  # held as long as the service is owned
        if not take(lock):
            lock.close()
            return False
        self.lock = lock
        _owned.add(self)
        return True

    def _launch_as_owner(self) -> None:
        self._where.unlink(missing_ok=True)
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise

    def _launch(self) -> None:
        """Launch and publish. A port that another program took between our look and the child's bind is replaced."""
        for attempt in range(1, LAUNCHES + 1):
            try:
                self.known = self.launch()
                break
            except ServiceFailed:
                self._end(signal.SIGKILL)
                if attempt == LAUNCHES or is_free(self._last_port()):
                    raise
        draft = self._where.with_suffix(".new")
        with open(draft, "w", opener=private) as file:
            json.dump(self.known, file)
        draft.replace(self._where)

    def stop(self) -> None:
        """Stop the child if this process owns it."""
        if self.lock is None:
            return
        self._where.unlink(missing_ok=True)
        self._end(self.stop_signal)
        fcntl.flock(self.lock, fcntl.LOCK_UN)
        self.disown()

    def disown(self) -> None:
        """Forget that this process owns the service, without touching the child or the owner's lock."""
        _owned.discard(self)
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    def kill(self) -> None:
        """SIGKILL the child, as a crash would. Raises ServiceFailed when another process owns it."""
        self._must_own()
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop the child if it runs and start it again where it was. Raises ServiceFailed when another one owns it."""
        self._must_own()
        self._end(self.stop_signal)
        self._launch()

    def _must_own(self) -> None:
        if self.lock is None:
            raise ServiceFailed(f"{self.name} belongs to another process.")

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(self.stop_seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    # Tools ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def spawn(
        self, argv: Sequence[str | Path], *, user: tuple[int, int] | None = None, cwd: Path | None = None
    ) -> None:
        """Start the child: its own session, output to a log, `stop_signal` when we die, optionally another user."""
        log = self.folder / "log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(self.folder / "log.old")
        with open(log, "ab") as output:
            bound = bound_to_parent(self.stop_signal, user)
            self.process = start_child([str(part) for part in argv], bound=bound, output=output, cwd=cwd)

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Wait for the child to answer. Raises ServiceFailed with the end of its log when it does not."""
        deadline = time.monotonic() + self.start_seconds
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            if ready():
                return
            time.sleep(0.03)
        tail = (self.folder / "log").read_text(errors="replace")[-1500:]
        raise ServiceFailed(f"{self.name} did not start. Its log ends with:\n{tail}")

    @property
    def _port_file(self) -> Path:
        return self.folder / "port"

    def port(self) -> int:
        """The port used last time if it is free, else a free one."""
        port = self._last_port()
        if not (port and is_free(port)):
            port = free_port()
            self._port_file.write_text(str(port))
        return port

    def _last_port(self) -> int:
        try:
            return int(self._port_file.read_text())
        except (FileNotFoundError, ValueError):  # the first start, or one that was killed while it wrote
            return 0

    def secret(self, name: str) -> str:
        """A random secret of this service, made once, readable by its owner alone."""
        return keep_secret(self.folder / f"{name}.secret")


_owned: weakref.WeakSet[Service] = weakref.WeakSet()


def _disown_after_fork() -> None:
    # A forked child would keep the lock beyond its parent's death and stop the services at its own exit.
    for service in list(_owned):
        service.disown()


os.register_at_fork(after_in_child=_disown_after_fork)


def take(file: IO[str]) -> bool:
    """Lock an open file for this process if nobody holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keep_secret(path: Path) -> str:
    """The random secret in that file, made by whoever asks first; all processes that ask get the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with open(draft, "x", opener=private) as file:
            file.write(secrets.token_urlsafe(48))
        # Unlike a rename, a link refuses to replace one made meanwhile; and nobody reads half a secret.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def private(path: str, flags: int) -> int:
    """Opener for files that only their owner may read."""
    return os.open(path, flags, 0o600)


def project_folder() -> Path:
    """Where `python -m config.…` finds the project."""
    return Path(__file__).resolve().parents[2]
