"""Real local services for a machine with nothing prepared: PostgreSQL, Valkey, a small language model, a mail sink.

Each service lives in its own folder of a state folder and is owned by the process that started it: a file lock says
who, a JSON file says where. Other processes of the same state join it. A child dies with its owner (parent-death
signal), so nothing is left running after a clean stop or a kill, and the next start recovers by itself.
"""

import atexit
import base64
import hashlib
import importlib
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from config.embedded.service import Service, ServiceFailed, keep_secret

# By name and imported on use: settings import this package in production too, where none of them runs.
SERVICES = {
    "database": ("config.embedded.postgres", "Postgres"),
    "valkey": ("config.embedded.valkey", "Valkey"),
    "model": ("config.embedded.model", "Model"),
    "mail": ("config.embedded.mail", "MailSink"),
}

__all__ = ["SERVICES", "ServiceFailed", "Stack", "field_key", "secret_key", "signing_key", "urls"]


def make(name: str, state: Path, *, durable: bool) -> Service:
    """The service of that name, not started yet."""
    module, kind = SERVICES[name]
    service: Service = getattr(importlib.import_module(module), kind)(state, durable=durable)
    return service


class Stack:
    """Services owned (or joined) by this process, with what fault tests need: restart and kill.

    `wanted` names services of SERVICES. `durable=False` is for tests: no append-only file, no fsync (a killed server
    still loses nothing, a crashed machine may), and PostgreSQL's data may go when the state folder is gone.
    """

    def __init__(self, state: Path, wanted: Iterable[str], *, durable: bool = True) -> None:
        self.services = {name: make(name, state, durable=durable) for name in wanted}

    def start(self) -> Self:
        """Start or join every service, side by side. Raises ServiceFailed, with nothing of this stack left running."""
        try:
            with ThreadPoolExecutor(max(1, len(self.services))) as starters:
                for started in [starters.submit(service.start_or_join) for service in self.services.values()]:
                    started.result()
        except BaseException:
            self.stop()
            raise
        return self

    def environment(self) -> dict[str, str]:
        """Settings that point at the services."""
        return {key: value for service in self.services.values() for key, value in service.environment().items()}

    def stop(self) -> None:
        """Stop what this process owns, last started first."""
        for service in reversed(self.services.values()):
            service.stop()

    def kill(self, name: str) -> None:
        """SIGKILL one owned service, as a crash would."""
        self.services[name].kill()

    def restart(self, name: str) -> None:
        """Stop one owned service if it runs and start it again: same port, same data."""
        self.services[name].restart()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


_stacks: dict[tuple[Path, str], Stack] = {}
_starting = threading.Lock()


def urls(state: Path, wanted: Iterable[str], *, durable: bool = True) -> Mapping[str, str]:
    """Settings for the wanted services, started for the life of this process or joined where another one owns them."""
    found: dict[str, str] = {}
    with _starting:
        for name in sorted(wanted):
            if (state, name) not in _stacks:
                stack = _stacks[state, name] = Stack(state, [name], durable=durable).start()
                atexit.register(stack.stop)
            found |= _stacks[state, name].environment()
    return found


def secret_key(state: Path) -> str:
    """A random key for development, made once per state folder."""
    return keep_secret(state / "secrets" / "secret_key")


def field_key(state: Path) -> str:
    """A Fernet key for development, made once per state folder."""
    made = keep_secret(state / "secrets" / "field_key")
    return base64.urlsafe_b64encode(hashlib.sha256(made.encode()).digest()).decode()


def signing_key(state: Path) -> str:
    """An Ed25519 seed for development, made once per state folder."""
    made = keep_secret(state / "secrets" / "signing_key")
    return base64.b64encode(hashlib.sha256(made.encode()).digest()).decode()
