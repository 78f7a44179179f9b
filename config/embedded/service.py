"""One local service: owned under a lock or joined, a child that dies with its owner."""

import ctypes
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class ServiceFailed(RuntimeError):
    """A local service did not start; the message has the end of its log."""


class Service:
    """Base of the local services. Subclasses say how to start the child and how to see that it is ready."""

    name: str
    stop_signal = signal.SIGTERM
    stop_seconds = 10.0
    start_seconds = 60.0

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        self.state = state
        self.durable = durable
        self.folder = state / self.name
        self.process: subprocess.Popen[bytes] | None = None
        self.lock: IO[str] | None = None
        self.known: dict[str, str] = {}

    # What a subclass says ───────────────────────────────────────────────────────────────────────────────────────────

    def launch(self) -> dict[str, str]:
        """Start the child through `spawn`, wait until it answers, and return its settings."""
        raise NotImplementedError  # every concrete service below defines it

    # Owning and joining ─────────────────────────────────────────────────────────────────────────────────────────────

    def environment(self) -> dict[str, str]:
        """Settings that point at the service."""
        return self.known

    def start_or_join(self) -> None:
        """Own the service if nobody does, else wait for the owner to publish where it is."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        deadline = time.monotonic() + self.start_seconds
        while time.monotonic() < deadline:
            if self._own():
                self._where.unlink(missing_ok=True)
                try:
                    self.known = self.launch()
                except BaseException:
                    self.stop()
                    raise
                self._publish()
                return
            if self._where.exists():
                self.known = json.loads(self._where.read_text())
                return
            time.sleep(0.05)
        raise ServiceFailed(f"{self.name}: another process owns it but never said where it is.")

    @property
    def _where(self) -> Path:
        return self.folder / "where.json"

    def _own(self) -> bool:
        self.lock = open(self.folder / "lock", "w")  # noqa: SIM115  # held as long as the service is owned
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.lock.close()
            self.lock = None
            return False
        return True

    def _publish(self) -> None:
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
        self.lock.close()
        self.lock = None

    def kill(self) -> None:
        """SIGKILL the child, as a crash would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop the child if it runs and start it again where it was."""
        self._end(self.stop_signal)
        self.known = self.launch()
        self._publish()

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

    def spawn(self, argv: Sequence[str | Path], *, user: tuple[int, int] | None = None, cwd: Path | None = None) -> None:
        """Start the child: its own process group, output to a log, a parent-death signal, optionally another user."""
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=bound_to_parent(self.death_signal, user),
            )

    @property
    def death_signal(self) -> signal.Signals:
        """What the child gets when its owner dies."""
        return self.stop_signal

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Wait for the child to answer. Raises ServiceFailed with the end of its log when it does not."""
        deadline = time.monotonic() + self.start_seconds
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            if ready():
                return
            time.sleep(0.03)
        tail = (self.folder / "log").read_text(errors="replace")[-1500:]
        raise ServiceFailed(f"{self.name} did not start. Its log ends with:\n{tail}")

    def port(self) -> int:
        """The port used last time if it is free, else a free one."""
        remembered = self.folder / "port"
        if remembered.exists() and is_free(int(remembered.read_text())):
            return int(remembered.read_text())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        remembered.write_text(str(port))
        return port

    def secret(self, name: str) -> str:
        """A random secret of this service, made once, readable by its owner alone."""
        path = self.folder / f"{name}.secret"
        if not path.exists():
            with open(path, "w", opener=private) as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()


def private(path: str, flags: int) -> int:
    """Opener for files that only their owner may read."""
    return os.open(path, flags, 0o600)


def is_free(port: int) -> bool:
    """Whether a port of the loopback address can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether somebody accepts connections on a port of the loopback address."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def bound_to_parent(death: signal.Signals, user: tuple[int, int] | None = None) -> Callable[[], None]:
    """A preexec function: become `user` (uid, gid), then ask the kernel for `death` when the parent dies.

    In that order, because changing the user clears the request; and the parent may have died before it was made.
    """
    parent = os.getpid()

    def prepare() -> None:
        if user:
            os.setgroups([])
            os.setgid(user[1])
            os.setuid(user[0])
        LIBC.prctl(PR_SET_PDEATHSIG, death)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
