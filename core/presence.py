"""Who is at a place now: kept in Valkey alone, for as long as they say so every few seconds.

A place is a subject of events (core.events): whoever follows it is told "people" when somebody came or went. While
Valkey is away nobody is anywhere, and nothing else suffers.
"""

import time
from uuid import UUID

import redis

from core import events

STAY_SECONDS = 40  # after somebody said so for the last time: two of their three tries may be lost
PREFIX = "here:"


def stay(place: UUID, who: str) -> None:
    """Somebody is there now, or still."""
    events.quietly(lambda valkey: _stay(valkey, place, who))


def leave(place: UUID, who: str) -> None:
    """Somebody has gone."""
    events.quietly(lambda valkey: _leave(valkey, place, who))


def present(place: UUID) -> list[str]:
    """Who is there; who has not said so for a while is not."""
    found: list[str] = []
    events.quietly(lambda valkey: found.extend(_present(valkey, place)))
    return found


def _stay(valkey: redis.Redis, place: UUID, who: str) -> None:
    key = _key(place)
    line = valkey.pipeline()
    line.zadd(key, {who: time.time() + STAY_SECONDS})
    line.expire(key, STAY_SECONDS)
    if line.execute()[0]:
        _tell(place)


def _leave(valkey: redis.Redis, place: UUID, who: str) -> None:
    if valkey.zrem(_key(place), who):
        _tell(place)


def _present(valkey: redis.Redis, place: UUID) -> list[str]:
    line = valkey.pipeline()
    line.zremrangebyscore(_key(place), "-inf", time.time())
    line.zrange(_key(place), 0, -1)
    gone, here = line.execute()
    if gone:
        _tell(place)
    return [who.decode() for who in here]


def _tell(place: UUID) -> None:
    events.publish(place, "people", {})


def _key(place: UUID) -> str:
    return f"{PREFIX}{place}"
