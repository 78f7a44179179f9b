"""The gate of a private bucket: refuses what is unsigned, altered or too old, as Amazon and Google do.

moto and gcp-storage-emulator serve whatever they are asked. Version 4 signatures of both makers differ in the prefix of
their query and in how the last line is signed: that is what a `Maker` knows.
"""

import hashlib
import hmac
import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server"}


@dataclass(frozen=True)
class Maker:
    """How one maker signs: `X-Amz-…` or `X-Goog-…`, and what a valid `Authorization` begins with."""

    prefix: str
    algorithm: str
    verify: Callable[[str, bytes, str], bool]  # scope, what was signed, signature in hex
    bearer: str


def amazon(secret_key: str) -> Maker:
    """Keyed hashes with a key derived from the secret and the scope."""

    def verify(scope: str, signed: bytes, signature: str) -> bool:
        key = f"AWS4{secret_key}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(hmac.digest(key, signed, "sha256").hex(), signature)

    return Maker("X-Amz-", "AWS4-HMAC-SHA256", verify, "AWS4-HMAC-SHA256 Credential=")


def google(public_key: Any, token: str) -> Maker:
    """RSA signatures of a service account; its other requests carry a token that was fetched with the same key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    def verify(_scope: str, signed: bytes, signature: str) -> bool:
        try:
            public_key.verify(bytes.fromhex(signature), signed, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    return Maker("X-Goog-", "GOOG4-RSA-SHA256", verify, f"Bearer {token}")


def admitted(maker: Maker, method: str, target: str, headers: Any) -> bool:
    """Whether a presigned request is whole and younger than its links may become."""
    path, _, raw = target.partition("?")
    query = dict(parse_qsl(raw, keep_blank_values=True))
    try:
        date, age = query[f"{maker.prefix}Date"], int(query[f"{maker.prefix}Expires"])
        credential, signed_headers = query[f"{maker.prefix}Credential"], query[f"{maker.prefix}SignedHeaders"]
        signature = query[f"{maker.prefix}Signature"]
        made = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return False
    scope = credential.partition("/")[2]
    pairs = sorted(pair for pair in raw.split("&") if not pair.startswith(f"{maker.prefix}Signature="))
    lines = [f"{name}:{headers.get(name, '').strip()}\n" for name in signed_headers.split(";")]
    request = "\n".join([method, path, "&".join(pairs), "".join(lines), signed_headers, "UNSIGNED-PAYLOAD"])
    signed = "\n".join([maker.algorithm, date, scope, hashlib.sha256(request.encode()).hexdigest()])
    fresh = 0 <= (datetime.now(UTC) - made).total_seconds() <= age
    return fresh and maker.verify(scope, signed.encode(), signature)


class Gate:
    """A server on loopback in front of an emulator; `token` is given at /token, where a maker has such a place."""

    def __init__(self, maker: Maker, behind: str, token: str | None = None) -> None:
        """`behind` is the emulator's address, with its scheme."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(maker, urlsplit(behind).netloc, token))
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Gate":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=5)


def _handler(maker: Maker, behind: str, token: str | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if token is not None and self.path == "/token":
                self._answer(
                    200,
                    {"Content-Type": "application/json"},
                    json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": 3600}).encode(),
                )
            elif self.headers.get("Authorization", "").startswith(maker.bearer) or admitted(
                maker, self.command, self.path, self.headers
            ):
                self._answer(*self._forward(body))
            else:
                self._answer(403, {}, b"" if self.command == "HEAD" else b"refused at the gate")

        def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            upstream = http.client.HTTPConnection(behind, timeout=10)
            try:
                upstream.request(self.command, self.path, body or None, dict(self.headers))
                answer = upstream.getresponse()
                return answer.status, dict(answer.getheaders()), answer.read()
            finally:
                upstream.close()

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            if self.command != "HEAD" and "content-length" not in {name.lower() for name in headers}:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = _serve  # noqa: N815  # the base class's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
            """Nothing on the console."""

    return Handler
