"""The sandbox's state in a file, so that it goes on after a restart."""

import json
import threading
from pathlib import Path

from tests.fakes.stripe.world import World


class Keeper:
    """Writes the world down whenever it changed, whole or not at all. Without a file it keeps nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._written = -1

    def load(self, world: World) -> None:
        """Go on where the file ends, if there is one."""
        if self._path and self._path.exists():
            world.load(json.loads(self._path.read_text()))

    def keep(self, world: World) -> None:
        """Write it down if it changed."""
        if self._path is None:
            return
        with self._lock:
            with world.lock:
                if world.writes == self._written:
                    return
                self._written, text = world.writes, json.dumps(world.dump())
            draft = self._path.with_name(f"{self._path.name}.new")
            draft.write_text(text)
            draft.replace(self._path)
