"""The provider itself: a page that asks who it is, codes that work once, tokens signed with RS256.

Shapes as of Google's OpenID Connect guide (developers.google.com/identity/openid-connect/openid-connect): the discovery
document, the parameters of the authorization request, the token answer with its `id_token`, the key set.
"""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "1234-fake.apps.googleusercontent.com"
CLIENT_SECRET = "GOCSPX-fake"
KEY_ID = "fake-key-1"
Parameters = dict[str, str]


@dataclass(frozen=True)
class Account:
    """Somebody with a Google account."""

    subject: str
    email: str
    name: str
    email_verified: bool = True


@dataclass
class FakeGoogle:
    """`with FakeGoogle() as google:` serves it; `accounts` are offered on its page, `fault` is what goes wrong next.

    Faults: `away` (every answer 503), `nonce`, `audience`, `issuer`, `expired` (a token that is wrong so), `no_token`
    (an answer without `id_token`), `used` (the code was used already). `requests`: what the token endpoint was sent.
    """

    accounts: list[Account] = field(default_factory=list)
    fault: str = ""
    requests: list[Parameters] = field(default_factory=list)
    _codes: dict[str, tuple[Parameters, Account]] = field(default_factory=dict)

    def __enter__(self) -> "FakeGoogle":
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._server = _Server(self)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def app(self) -> dict[str, Any]:
        """The client, as settings.SOCIALACCOUNT_PROVIDERS has it."""
        server = {"server_url": self.issuer, "fetch_userinfo": False}
        return {
            "provider_id": "google",
            "name": "Google",
            "client_id": CLIENT_ID,
            "secret": CLIENT_SECRET,
            "settings": server,
        }

    def environment(self) -> dict[str, str]:
        """The same for a process of its own."""
        return {"GOOGLE_CLIENT_ID": CLIENT_ID, "GOOGLE_CLIENT_SECRET": CLIENT_SECRET, "GOOGLE_ISSUER": self.issuer}

    def configuration(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/o/oauth2/v2/auth",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/v1/userinfo",
            "jwks_uri": f"{self.issuer}/oauth2/v3/certs",
            "response_types_supported": ["code", "token", "id_token", "code token", "code id_token", "none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["plain", "S256"],
        }

    def keys(self) -> dict[str, Any]:
        """The key set tokens are checked with."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**key, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    def refusal(self, asked: Parameters) -> str:
        """Why Google would show an error page instead of asking who it is; "" when all is well."""
        if asked.get("client_id") != CLIENT_ID:
            return "invalid_client"
        if asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            return "invalid_request"
        wanted = {"redirect_uri", "state", "nonce", "code_challenge"} - asked.keys()
        return "invalid_request" if wanted or asked.get("code_challenge_method") != "S256" else ""

    def choose(self, asked: Parameters, account: Account) -> str:
        """The address a browser is sent back to once that account was chosen."""
        code = f"4/{secrets.token_urlsafe(24)}"
        self._codes[code] = asked, account
        sent = {"state": asked["state"], "code": code, "scope": asked["scope"], "authuser": "0", "prompt": "consent"}
        return f"{asked['redirect_uri']}?{urlencode(sent)}"

    def token(self, sent: Parameters) -> tuple[int, dict[str, Any]]:
        """The answer to a code: status and body."""
        self.requests.append(sent)
        if (sent.get("client_id"), sent.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client", "error_description": "The OAuth client was not found."}
        asked, account = self._codes.pop(sent.get("code", ""), ({}, None))
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = account and asked["redirect_uri"] == sent.get("redirect_uri") and asked["code_challenge"] == challenge
        if not known or account is None or self.fault == "used":
            return 400, {"error": "invalid_grant", "error_description": "Bad Request"}
        answer = {"access_token": f"ya29.{secrets.token_urlsafe(32)}", "expires_in": 3599, "scope": asked["scope"],
                  "token_type": "Bearer"}  # fmt: skip
        return 200, answer if self.fault == "no_token" else {**answer, "id_token": self._identity(asked, account)}

    def _identity(self, asked: Parameters, account: Account) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://somebody.example" if self.fault == "issuer" else self.issuer,
            "azp": CLIENT_ID,
            "aud": "another-client" if self.fault == "audience" else CLIENT_ID,
            "sub": account.subject,
            "email": account.email,
            "email_verified": account.email_verified,
            "at_hash": secrets.token_urlsafe(16),
            "nonce": "of-another-visit" if self.fault == "nonce" else asked["nonce"],
            "name": account.name,
            "given_name": account.name.partition(" ")[0],
            "family_name": account.name.rpartition(" ")[2],
            "picture": "https://lh3.googleusercontent.com/a/fake",
            "iat": now - 7200 if self.fault == "expired" else now,
            "exp": now - 3600 if self.fault == "expired" else now + 3600,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})


def _link(path: str, parameters: Parameters, text: str) -> str:
    return f'<p><a href="/{path}?{html.escape(urlencode(parameters))}">{html.escape(text)}</a></p>'


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, google: FakeGoogle) -> None:
        self.google = google
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: _Server

    def do_GET(self) -> None:
        """Discovery, keys, the page that asks who it is, and the choice made there."""
        google, url = self.server.google, urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if google.fault == "away":
            self._say(503, "text/plain", b"")
        elif url.path == "/.well-known/openid-configuration":
            self._say_json(200, google.configuration())
        elif url.path == "/oauth2/v3/certs":
            self._say_json(200, google.keys())
        elif url.path == "/o/oauth2/v2/auth":
            refused = google.refusal(asked)
            self._say(400 if refused else 200, "text/html; charset=utf-8", (refused or self._page(asked)).encode())
        elif url.path == "/choose":
            account = next(one for one in google.accounts if one.subject == asked.pop("subject"))
            self._lead(google.choose(asked, account))
        elif url.path == "/cancel":
            self._lead(f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}")
        else:
            self._say(404, "text/plain", b"")

    def do_POST(self) -> None:
        """The token endpoint."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        if self.server.google.fault == "away":
            self._say(503, "text/plain", b"")
        else:
            self._say_json(*self.server.google.token(sent))

    def _page(self, asked: Parameters) -> str:
        google = self.server.google
        choices = "".join(_link("choose", {**asked, "subject": one.subject}, one.email) for one in google.accounts)
        title = "Choose an account"
        return (
            f'<!doctype html><html lang="en"><head><title>{title}</title><link rel="icon" href="data:,"></head>'
            f"<body><h1>{title}</h1>{choices}{_link('cancel', asked, 'Cancel')}</body></html>"
        )

    def _lead(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _say_json(self, status: int, body: dict[str, Any]) -> None:
        self._say(status, "application/json; charset=utf-8", json.dumps(body).encode())

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the library's name
        """Quiet."""
