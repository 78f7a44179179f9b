"""Run the sandbox by itself: prints its address, writes its port where told, ends with SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
from pathlib import Path

from tests.fakes.stripe import ENDPOINT_SECRET, SECRET_KEY, actions
from tests.fakes.stripe.calendar import moment_of
from tests.fakes.stripe.keeping import Keeper
from tests.fakes.stripe.server import Server
from tests.fakes.stripe.world import World

PATIENT = (2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)  # seconds between attempts of a delivery


def main() -> None:
    """Serve until told to stop."""
    options = _options()
    world = World(
        secret_key=options.secret_key,
        endpoint_secret=options.endpoint_secret,
        start=moment_of(options.start) if options.start else None,
    )
    world.delivery.backoff = PATIENT
    keeper = Keeper(options.state)
    keeper.load(world)
    with Server(options.port, world, keeper, options.public_url) as server:
        _aim(world, options.endpoint)
        server.start()
        if options.port_file:
            _write_whole(options.port_file, str(server.server_address[1]))
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            world.faults.clear()


def _aim(world: World, urls: list[str]) -> None:
    """Events go to these addresses, those from before too: the site that was named last time may have another port."""
    kept = world.store.all("webhook_endpoint")
    for endpoint, url in zip(kept, urls, strict=False):
        endpoint["url"] = url
    for url in urls[len(kept) :]:
        actions.act(world, "endpoint", {"url": url})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.stripe", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="where to write the port once it listens")
    parser.add_argument("--state", type=Path, help="where to keep everything between two runs")
    parser.add_argument("--secret-key", default=SECRET_KEY)
    parser.add_argument("--endpoint", action="append", default=[], help="an address that events are sent to")
    parser.add_argument("--endpoint-secret", default=ENDPOINT_SECRET, help="what their signatures are made with")
    parser.add_argument("--public-url", default="", help="the address that a browser uses, if it is another")
    parser.add_argument("--start", default="", help="a date at which the clock stands; it runs without")
    return parser.parse_args()


def _write_whole(path: Path, text: str) -> None:
    """Whoever waits for the file never reads half of it."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text)
    draft.replace(path)


if __name__ == "__main__":
    main()
