"""A language model that says word for word what a test tells it to: for answers no scripted book would hold."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakes.llm import answering, wire

Say = Callable[[str], str]  # the purpose of a call to the answer's text


@contextmanager
def parrot(say: Say) -> Iterator[str]:
    """Serve OpenAI's chat completions on loopback, each answered by `say`; yields the address for LLM_URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = say(answering.purpose(body))
            answer = wire.Answer("chatcmpl-parrot", "parrot", wire.tokenize(text), tokens_in=10)
            data = b"".join(wire.events(answer, usage=True)) if body.get("stream") else self._whole(answer)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream" if body.get("stream") else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        @staticmethod
        def _whole(answer: wire.Answer) -> bytes:
            return json.dumps(wire.completion(answer)).encode()

        def log_message(self, *_args: object) -> None:
            """Say nothing of connections."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            server.shutdown()
            thread.join()
