"""Where the act at hand came from: set by the first middleware, read by the trail, so that no action takes a request.

A task has none: its `current()` is NOWHERE.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

USER_AGENT_LENGTH = 300


@dataclass(frozen=True)
class Origin:
    """Address, browser and id of a request, and who is really at the keyboard when staff act as somebody else."""

    address: str | None = None
    user_agent: str = ""
    request_id: str = ""
    real_actor_id: UUID | None = None
    real_actor_label: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current() -> Origin:
    """Of the request being served; NOWHERE outside of one."""
    return _origin.get()


@contextmanager
def of_request(request: HttpRequest, request_id: str) -> Iterator[None]:
    """Inside the block acts come from this request."""
    browser = request.headers.get("User-Agent", "").replace("\x00", "")[:USER_AGENT_LENGTH]
    token = _origin.set(Origin(client_address(request), browser, request_id))
    try:
        yield
    finally:
        _origin.reset(token)


@contextmanager
def acting(real_actor_id: UUID, real_actor_label: str) -> Iterator[None]:
    """Inside the block the signed-in person is played by a member of the staff."""
    token = _origin.set(replace(_origin.get(), real_actor_id=real_actor_id, real_actor_label=real_actor_label))
    try:
        yield
    finally:
        _origin.reset(token)


def client_address(request: HttpRequest) -> str | None:
    """The caller's address: the connection's own, or what the last of PROXY_COUNT trusted proxies wrote down.

    A caller may send any X-Forwarded-For it likes: each proxy appends whom it saw, so entries count from the right.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        said = hops[-settings.PROXY_COUNT] if len(hops) >= settings.PROXY_COUNT else said
    try:
        return str(ip_address(said))
    except ValueError:  # a socket of the machine itself, or garbage
        return None
