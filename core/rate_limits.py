"""How often a door may be tried: named limits, counted in Valkey, exact across processes.

`settings.RATE_LIMITS` names the doors: door → what is counted → (times, seconds). Windows move: N in any stretch of
that length, and who is refused is not counted. What is counted is an address, or anything the caller names (an account,
an organization), which is stored as a keyed digest only.
"""

import math
import time
from collections.abc import Iterator
from functools import cache, partial
from ipaddress import IPv6Address, ip_address, ip_network

import redis
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from core import digests, events, origin
from core.errors import TooMany, Unavailable

IPV6_NETWORK = 64  # one household has as many addresses as it likes below it
OUTAGE_SECONDS = 10

Key = tuple[str, str, str]  # door, what is counted, whose


@cache
def _window() -> MovingWindowRateLimiter:
    storage = RedisStorage("redis://", connection_pool=events.client().connection_pool, key_prefix="limits")
    return MovingWindowRateLimiter(storage)


def network(address: str) -> str:
    """What stands for one caller: an IPv4 address, or the /64 of an IPv6 one."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)


def _counted(door: str, keys: dict[str, object]) -> Iterator[tuple[RateLimitItemPerSecond, Key]]:
    """(limit, what it is counted under) of each thing counted at the door that this attempt has."""
    rates = settings.RATE_LIMITS[door]
    if unknown := keys.keys() - rates.keys():
        raise ValueError(f"{door} counts no {', '.join(sorted(unknown))}")
    for named, (times, seconds) in rates.items():
        value = origin.current().address if named == "address" else str(keys.get(named) or "")
        if value:  # a form sent without an account guesses at none
            stored = network(value) if named == "address" else digests.of_email(value)
            yield RateLimitItemPerSecond(times * settings.RATE_LIMIT_FACTOR, seconds), (door, named, stored)


def hit(door: str, **keys: object) -> None:
    """Count one attempt at the door, by the caller's address and by each key that the door counts.

    Raises TooMany with the wait once any of them is used up; Unavailable while Valkey is away: what cannot be counted
    is not done.
    """
    try:
        for limit, key in _counted(door, keys):
            if not _window().hit(limit, *key):
                raise _too_many(_window().get_window_stats(limit, *key).reset_time)
    except redis.RedisError:
        message = _("This cannot be done for a moment, and nothing was changed. Try again in a few seconds.")
        raise Unavailable(message, retry_after=OUTAGE_SECONDS) from None


def clear(door: str, **keys: object) -> None:
    """Forget the attempts of these keys (never of the address): they ended well. Quiet while Valkey is away."""
    for limit, key in _counted(door, keys):
        if key[1] != "address":
            events.quietly(partial(_forget, limit, key))


def _forget(limit: RateLimitItemPerSecond, key: Key, _valkey: redis.Redis) -> None:
    _window().clear(limit, *key)


def _too_many(free_at: float) -> TooMany:
    """The refusal, with the wait until `free_at` (seconds since the epoch) in words."""
    seconds = max(1, math.ceil(free_at - time.time()))
    if seconds < 60:
        wait = ngettext("%(number)d second", "%(number)d seconds", seconds) % {"number": seconds}
    elif seconds < 3600:
        minutes = math.ceil(seconds / 60)
        wait = ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}
    else:
        hours = math.ceil(seconds / 3600)
        wait = ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}
    message = _("There were too many attempts in a short time. Try again in %(wait)s.") % {"wait": wait}
    return TooMany(message, retry_after=seconds)
