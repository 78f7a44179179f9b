"""Events to the browser, over Valkey: what changed, and words as they are written.

A channel is one subject (a run). Each event goes into a capped stream, which gives it an id to resume from, and is
published for the hub of each event process (core.hub). Nothing here may fail the work it tells of: when Valkey is away
the pages poll, and the database has the truth.
"""

import json
import logging
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

Call = Callable[[redis.Redis], object]

PREFIX = "events:"
STREAM_LENGTH = 4000
STREAM_SECONDS = 3600
# One round trip: append to the stream, keep it an hour, publish with the id it got.
PUBLISH = """
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'event', ARGV[2], 'data', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', KEYS[1], id .. '\\n' .. ARGV[2] .. '\\n' .. ARGV[3])
return id
"""


@cache
def client() -> redis.Redis:
    """The process's own connection pool to Valkey."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=5)


def publish(subject: UUID, event: str, data: dict[str, Any]) -> None:
    """Publish now; a Valkey that is away is logged and forgotten."""
    text = json.dumps(data, ensure_ascii=False)
    key = f"{PREFIX}{subject}"
    quietly(lambda valkey: valkey.eval(PUBLISH, 1, key, STREAM_LENGTH, event, text, STREAM_SECONDS))


def quietly(call: Call) -> None:
    """Do something in Valkey that may be lost: it is logged and forgotten when Valkey is away."""
    try:
        call(client())
    except redis.RedisError as error:
        log.warning("Valkey unavailable: %s", type(error).__name__)


def forget(*kept: tuple[UUID, str]) -> None:
    """Delete the events of each subject, and one more key of it, once the transaction commits."""
    keys = {name for subject, key in kept for name in (f"{PREFIX}{subject}", key)}
    if keys:
        transaction.on_commit(lambda: quietly(lambda client: client.delete(*keys)), robust=True)


def changed(subject: UUID) -> None:
    """Tell every open page of the subject, once the transaction commits, that its state is to be read again."""
    transaction.on_commit(lambda: publish(subject, "changed", {}), robust=True)
