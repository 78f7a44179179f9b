"""Real local services for a machine with nothing prepared: PostgreSQL, Valkey, a small language model, a mail sink.

Each service lives in its own folder of a state folder and is owned by the process that started it: a file lock says
who, a JSON file says where. Other processes of the same state join it. A child dies with its owner (parent-death
signal), so nothing is left running after a clean stop or a kill, and the next start recovers by itself.
"""

import atexit
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.embedded.mail import MailSink
from config.embedded.model import Model
from config.embedded.postgres import Postgres
from config.embedded.service import Service
from config.embedded.valkey import Valkey

SERVICES: dict[str, type[Service]] = {"database": Postgres, "valkey": Valkey, "model": Model, "mail": MailSink}

__all__ = ["SERVICES", "Stack", "secret_key", "urls"]


class Stack:
    """Services owned (or joined) by this process, with what fault tests need: restart and kill."""

    def __init__(self, state: Path, wanted: Iterable[str], *, durable: bool = True) -> None:
        self.services = {name: SERVICES[name](state, durable=durable) for name in wanted}

    def start(self) -> "Stack":
        """Start or join every service."""
        for service in self.services.values():
            service.start_or_join()
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

    def __enter__(self) -> "Stack":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


_stacks: dict[tuple[Path, str], Stack] = {}


def urls(state: Path, wanted: Iterable[str], *, durable: bool = True) -> Mapping[str, str]:
    """Settings for the wanted services, started for the life of this process or joined where another one owns them."""
    found: dict[str, str] = {}
    for name in sorted(wanted):
        if (state, name) not in _stacks:
            stack = _stacks[state, name] = Stack(state, [name], durable=durable).start()
            atexit.register(stack.stop)
        found |= _stacks[state, name].environment()
    return found


def secret_key(state: Path) -> str:
    """A random key for development, made once per state folder."""
    return secret(state, "secret_key")


def secret(state: Path, name: str) -> str:
    """A random secret kept in the state folder, readable by its owner alone."""
    path = state / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with open(path, "x", opener=_private) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def _private(path: str, flags: int) -> int:
    import os

    return os.open(path, flags, 0o600)
