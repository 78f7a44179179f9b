"""A Stripe that moves no money: the API of stripe 16.1 on loopback, with pages to pay on, a clock, events, faults.

`python -m tests.fakes.stripe --port 0 --port-file FILE` runs it by itself, `with sandbox() as stripe:` in a test.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.stripe.control import Control
from tests.fakes.stripe.delivery import Send
from tests.fakes.stripe.keeping import Keeper
from tests.fakes.stripe.server import Server
from tests.fakes.stripe.world import API_VERSION, World

__all__ = ["API_VERSION", "ENDPOINT_SECRET", "SECRET_KEY", "Control", "Sandbox", "sandbox"]

SECRET_KEY = "sk_test_sandbox_no_money_moves"
ENDPOINT_SECRET = "whsec_sandbox_no_money_moves"


class Sandbox(Control):
    """A sandbox in this process; every order of `Control` is one of its methods."""

    def __init__(self, server: Server) -> None:
        super().__init__(server.url)
        self.world = server.world
        self.secret_key, self.endpoint_secret = server.world.secret_key, server.world.endpoint_secret

    @property
    def control(self) -> Control:
        """Itself, for whoever takes a `Control`."""
        return self

    def environment(self) -> dict[str, str]:
        """Settings that connect a site to it."""
        secrets = {"STRIPE_SECRET_KEY": self.secret_key, "STRIPE_WEBHOOK_SECRETS": self.endpoint_secret}
        return {**secrets, "STRIPE_URL": self.url}

    def drain(self, transport: Send) -> int:
        """Send what waits through `transport(url, body, headers) → (status, answer)`, in this thread; how many.

        Needs delivery paused: otherwise its own thread takes the events first.
        """
        return self.world.delivery.drain(transport)


@contextmanager
def sandbox(
    *,
    webhook_url: str = "",
    start: int | None = None,
    seed: int | None = None,
    state: Path | None = None,
    secret_key: str = SECRET_KEY,
    endpoint_secret: str = ENDPOINT_SECRET,
) -> Iterator[Sandbox]:
    """A sandbox on a free port. `start`: its clock stands at that second; otherwise it runs with the machine's."""
    world = World(secret_key=secret_key, endpoint_secret=endpoint_secret, seed=seed, start=start)
    keeper = Keeper(state)
    keeper.load(world)
    server = Server(0, world, keeper)
    server.start()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
    thread.start()
    found = Sandbox(server)
    if webhook_url:
        found.endpoint(webhook_url)
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
