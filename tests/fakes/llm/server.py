"""The loopback server: OpenAI's, Azure's and Anthropic's paths in front, `/_fake/…` behind to script and to count."""

import json
import select
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.llm import answering, shapes, wire
from tests.fakes.llm.calls import Call, Calls
from tests.fakes.llm.faults import Fault, Script
from tests.fakes.llm.shapes import Shape

LOOK_SECONDS = 0.02  # how often a hanging call looks whether its client has left
CONTEXT_TOKENS = 8192


@dataclass
class Stage:
    """What all connections share."""

    first_byte_ms: float = 0.0
    token_ms: float = 0.0
    model: str = "scripted-author"
    calls: Calls = field(default_factory=Calls)
    script: Script = field(default_factory=Script)


@dataclass(frozen=True)
class Turn:
    """One call: the shape it came in, its request in OpenAI's words, and what is to go wrong."""

    shape: Shape
    chat: Mapping[str, Any]
    call: Call
    fault: Fault | None
    refusal: shapes.Refusal | None


class ClientLeft(Exception):
    """Nobody is at the other end any more."""


class CutNow(Exception):
    """The script says to close the connection in the middle."""


class Server(ThreadingHTTPServer):
    """One thread per connection: holds as many streams as there are clients, each on its own clock."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, stage: Stage) -> None:
        self.stage = stage
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        """The server's root; the models are below its `/v1`."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave are part of the play; anything else is a fault of this server and shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    @property
    def stage(self) -> Stage:
        return self.server.stage

    def do_GET(self) -> None:
        """Models, health and what the script and the counter know."""
        stage = self.stage
        answers: dict[str, Callable[[], object]] = {
            "/v1/models": lambda: wire.models(stage.model, CONTEXT_TOKENS),
            "/health": lambda: {"status": "ok"},
            "/_fake/calls": lambda: {"calls": stage.calls.listed()},
            "/_fake/waiting": lambda: {"waiting": stage.script.waiting()},
            "/_fake/faults": lambda: {"faults": stage.script.pending()},
            "/_fake/latency": lambda: {"first_byte_ms": stage.first_byte_ms, "token_ms": stage.token_ms},
        }
        self._route(answers)

    def do_POST(self) -> None:
        """A call to the model in one of its shapes, or an order for the script."""
        body = self._body()
        if body is None:
            self._json(*wire.error("400"))
            return
        answers: dict[str, Callable[[], object]] = {
            "/_fake/reset": self._reset,
            "/_fake/faults": lambda: self._add_faults(body),
            "/_fake/latency": lambda: self._set_latency(body),
            "/_fake/release": lambda: {"released": self.stage.script.release(body.get("sequence"))},
        }
        shape = shapes.of(self.path)
        if shape:
            self._complete(shape, body)
        else:
            self._route(answers)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the counter is the log."""

    def _route(self, answers: Mapping[str, Callable[[], object]]) -> None:
        answer = answers.get(urlsplit(self.path).path)
        if answer is None:
            self._json(*wire.error("404"))
            return
        try:
            self._json(200, answer())
        except (TypeError, ValueError) as error:
            self._json(422, {"error": {"message": str(error)}})

    def _reset(self) -> object:
        self.stage.script.reset()
        self.stage.calls.reset()
        return {"reset": True}

    def _add_faults(self, body: Mapping[str, Any]) -> object:
        for fault in [Fault(**one) for one in body.get("faults", [body])]:
            self.stage.script.add(fault)
        return {"faults": self.stage.script.pending()}

    def _set_latency(self, body: Mapping[str, Any]) -> object:
        self.stage.first_byte_ms = float(body.get("first_byte_ms", self.stage.first_byte_ms))
        self.stage.token_ms = float(body.get("token_ms", self.stage.token_ms))
        return {"first_byte_ms": self.stage.first_byte_ms, "token_ms": self.stage.token_ms}

    def _complete(self, shape: Shape, body: Mapping[str, Any]) -> None:
        started, chat = time.monotonic(), shape.chat(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        prompt, purpose = answering.prompt(chat), answering.purpose(chat)
        sequence = self.stage.script.number()
        call = self.stage.calls.open(sequence, self.path, headers, body, purpose, prompt)
        fault = self.stage.script.take(sequence, prompt, purpose)
        call.fault = fault.kind if fault else ""
        refusal = shape.refused(self.path, headers, body)
        if fault and fault.kind in wire.ERRORS:
            refusal = shape.error(fault.kind, key=shapes.key(headers))
        try:
            self._play(Turn(shape, chat, call, fault, refusal), started)
        except (ClientLeft, CutNow, ConnectionError):
            call.state = "cut"
            self.close_connection = True
        finally:
            self.stage.script.release(sequence)
            call.ended_at = time.time()

    def _play(self, turn: Turn, started: float) -> None:
        call, fault, kind = turn.call, turn.fault, turn.call.fault
        if kind == "timeout" or (kind == "hold" and fault and fault.after is None):
            self._hang(call, kind)
        self._wait_until(started + self.stage.first_byte_ms / 1000)
        if kind == "reset":
            self._abort()
        if turn.refusal:
            said = {"Retry-After": str(fault.retry_after)} if fault and fault.retry_after is not None else {}
            self._json(*turn.refusal, said)
            call.state, call.status = "refused", turn.refusal[0]
            return
        if kind == "html":
            self._send(200, b"<!doctype html><title>Maintenance</title>", "text/html; charset=utf-8")
            call.state, call.status = "refused", 200
            return
        answer = answering.spoiled(answering.answer(turn.chat, self.stage.model), kind, turn.chat)
        call.status, call.first_byte_at = 200, time.time()
        if turn.chat.get("stream"):
            self._stream(turn, answer)
        else:
            self._wait_until(time.monotonic() + len(answer.tokens) * self.stage.token_ms / 1000)
            self._json(200, turn.shape.completion(answer))
            call.tokens = len(answer.tokens)
        call.state = "completed"

    def _stream(self, turn: Turn, answer: wire.Answer) -> None:
        call, fault = turn.call, turn.fault
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("x-request-id", f"req_{call.sequence:08d}")
        self.end_headers()
        usage = bool((turn.chat.get("stream_options") or {}).get("include_usage"))
        breaks_at = _break_point(fault, len(answer.tokens))
        # Without latency, events leave in larger writes: an instant book is not slowed down by its envelope.
        began, sent = time.monotonic(), -1  # what comes before the first token is one event
        for batch in _batched(turn.shape.events(answer, usage=usage), 1 if self._paced(fault) else 64):
            if breaks_at is not None and fault and sent >= breaks_at:
                breaks_at = None
                self._break(turn, fault)
            if sent < len(answer.tokens):
                self._wait_until(began + (sent + 1) * self.stage.token_ms / 1000)
            self._chunk(b"".join(batch))
            sent += len(batch)
            call.tokens = min(sent, len(answer.tokens))
        if fault and fault.kind == "linger":
            self._hang(call, fault.kind)
        self._chunk(b"")

    def _paced(self, fault: Fault | None) -> bool:
        return self.stage.token_ms > 0 or fault is not None

    def _break(self, turn: Turn, fault: Fault) -> None:
        match fault.kind:
            case "cut":
                raise CutNow
            case "malformed":
                self._chunk(turn.shape.malformed)
            case "error_event":
                self._chunk(turn.shape.error_event)
            case "stall" | "hold":
                self._hang(turn.call, fault.kind)

    def _hang(self, call: Call, kind: str) -> None:
        """Answer nothing until released or until the client leaves."""
        self.stage.script.hold(call.sequence, kind)
        while self.stage.script.held(call.sequence, LOOK_SECONDS):
            if self._client_left(0):
                raise ClientLeft

    def _wait_until(self, moment: float) -> None:
        while (left := moment - time.monotonic()) > 0:
            if self._client_left(left):
                raise ClientLeft

    def _client_left(self, seconds: float) -> bool:
        """Wait up to `seconds` for the client to close its end."""
        readable, _writable, _failed = select.select([self.connection], [], [], seconds)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def _abort(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise CutNow

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _body(self) -> dict[str, Any] | None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            return None
        return body if isinstance(body, dict) else None

    def _json(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        data = json.dumps(body, ensure_ascii=False).encode()
        self._send(status, data, "application/json", headers)

    def _send(self, status: int, data: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _break_point(fault: Fault | None, tokens: int) -> int | None:
    if fault is None or fault.kind not in {"cut", "malformed", "error_event", "stall", "hold"}:
        return None
    if fault.after is None:
        return None if fault.kind == "hold" else tokens // 2
    return min(fault.after, tokens)


def _batched(events: Iterator[bytes], size: int) -> Iterator[list[bytes]]:
    while batch := list(islice(events, size)):
        yield batch
