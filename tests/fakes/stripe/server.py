"""The loopback server: the API under `/v1`, pages for people, `/_sandbox/…` to script it."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.stripe import actions, api
from tests.fakes.stripe.errors import Refused
from tests.fakes.stripe.keeping import Keeper
from tests.fakes.stripe.pages import Visit, answer
from tests.fakes.stripe.world import World


class Server(ThreadingHTTPServer):
    """One thread per connection and one that sends events."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, world: World, keeper: Keeper, public_url: str = "") -> None:
        self.world, self.keeper = world, keeper
        super().__init__(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        world.url = public_url or self.url
        self._courier = threading.Thread(target=world.delivery.run, name="sandbox-delivery", daemon=True)

    def start(self) -> None:
        """Begin to send events."""
        self._courier.start()

    def server_close(self) -> None:
        """Stop sending, write the state down, close."""
        self.world.delivery.stop()
        if self._courier.is_alive():
            self._courier.join()
        self.keeper.keep(self.world)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave are part of the play; anything else is a fault of this server and shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Read an object or a page."""
        self._answer("")

    def do_POST(self) -> None:
        """Make or change something."""
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

    def do_DELETE(self) -> None:
        """End something."""
        self.do_POST()

    def log_message(self, *_args: object) -> None:
        """Say nothing: the list of calls is the log."""

    def _answer(self, body: str) -> None:
        address = urlsplit(self.path)
        if address.path.startswith("/v1/"):
            self._call(address.path, body or address.query)
        elif address.path.startswith("/_sandbox/"):
            self._order(address.path.removeprefix("/_sandbox/"), body)
        else:
            self._page(Visit(self.command, address.path, address.query, body, dict(self.headers.items())))
        self.server.keeper.keep(self.server.world)

    def _call(self, path: str, sent: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = api.reply(self.server.world, self.command, path, headers, sent)
        if answer.body is None:
            self.close_connection = True
            return
        self._json(answer.status, answer.body, answer.headers)

    def _order(self, name: str, body: str) -> None:
        try:
            self._json(200, actions.act(self.server.world, name, json.loads(body or "{}")))
        except Refused as refused:
            self._json(422, refused.body)
        except (KeyError, TypeError, ValueError, TimeoutError) as error:
            self._json(422, {"error": {"message": f"{type(error).__name__}: {error}"}})

    def _page(self, visit: Visit) -> None:
        page = answer(self.server.world, visit)
        self._send(page.status, page.body.encode(), page.kind, page.headers)

    def _json(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json", headers)

    def _send(self, status: int, data: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
