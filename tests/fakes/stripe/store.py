"""The objects of the sandbox: plain dicts as they go over the wire, by id, in the order they were made.

A field whose name begins with "_" is the sandbox's own and never shown.
"""

import json
import random
import string
from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]
LETTERS = string.ascii_letters + string.digits


class Store:
    """All objects and their ids. Not safe by itself: whoever writes holds the world's lock."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)
        self._objects: dict[str, Object] = {}
        self._kinds: dict[str, dict[str, Object]] = {}

    def identifier(self, prefix: str, letters: int = 24) -> str:
        """A new id as Stripe makes them."""
        while True:
            found = prefix + "".join(self._random.choices(LETTERS, k=letters))
            if found not in self._objects:
                return found

    def add(self, made: Object) -> Object:
        """Keep a new object; its id and kind are its own."""
        self._objects[made["id"]] = made
        self._kinds.setdefault(made["object"], {})[made["id"]] = made
        return made

    def remove(self, gone: Object) -> None:
        """Forget an object."""
        del self._objects[gone["id"]], self._kinds[gone["object"]][gone["id"]]

    def find(self, identifier: object, kind: str = "") -> Object | None:
        """The object with that id, of that kind if one is given."""
        if not isinstance(identifier, str):
            return None
        return (self._kinds.get(kind, {}) if kind else self._objects).get(identifier)

    def all(self, kind: str) -> list[Object]:
        """The objects of a kind, oldest first."""
        return list(self._kinds.get(kind, {}).values())

    def newest(self, kind: str) -> Iterator[Object]:
        """The objects of a kind, newest first."""
        return reversed(self._kinds.get(kind, {}).values())

    def dump(self) -> list[Object]:
        """All objects, in the order they were made."""
        return list(self._objects.values())

    def load(self, objects: list[Object]) -> None:
        """Take the objects of an earlier run."""
        for one in objects:
            self.add(one)


def copied(value: Any) -> Any:
    """The same again, down to the last field."""
    return json.loads(json.dumps(value))


def difference(before: Object, now: Object) -> Object:
    """What `previous_attributes` says: old values of what changed; of a list the whole old list."""
    found: Object = {}
    for name in before.keys() | now.keys():
        old, new = before.get(name), now.get(name)
        if old == new or name.startswith("_"):
            continue
        if isinstance(old, dict) and old.get("object") == "list":
            found[name] = {"data": shown(old)["data"]}
        elif isinstance(old, dict) and isinstance(new, dict):
            found[name] = difference(old, new)
        else:
            found[name] = shown(old)
    return found


def shown(value: Any) -> Any:
    """The value without the sandbox's own fields, as a copy."""
    if isinstance(value, dict):
        return {name: shown(one) for name, one in value.items() if not name.startswith("_")}
    return [shown(one) for one in value] if isinstance(value, list) else value
