"""The demo's payment provider: a sandbox of Stripe beside it, whose customers and cards outlive a restart."""

import sys
from collections.abc import Mapping
from pathlib import Path

from config.embedded.ports import free_port, is_free
from config.embedded.service import keep_secret
from config.supervisor import Supervisor, port_of


def sandbox(supervisor: Supervisor, state: Path, site: str) -> Mapping[str, str]:
    """Start it with the site's address as its only endpoint; the settings that point at it. Raises ChildFailed."""
    folder = state / "sandbox"
    folder.mkdir(mode=0o700, exist_ok=True)
    key, secret = (f"{kind}_{keep_secret(folder / f'{kind}.secret')}" for kind in ("sk_test", "whsec"))
    port_file = folder / "port"
    serve = [sys.executable, "-m", "tests.fakes.stripe", "--port", str(_port(port_file)), "--state"]
    serve += [str(folder / "state.json"), "--endpoint", f"{site}/webhooks/stripe/"]
    serve += ["--secret-key", key, "--endpoint-secret", secret, "--port-file", str(port_file)]
    url = f"http://127.0.0.1:{port_of(supervisor, 'sandbox', serve, port_file)}"
    return {"STRIPE_SECRET_KEY": key, "STRIPE_WEBHOOK_SECRETS": secret, "STRIPE_URL": url}


def _port(port_file: Path) -> int:
    """That of the last start, where the pages are that somebody has not paid on yet; or a free one."""
    last = int(port_file.read_text()) if port_file.exists() else 0
    return last if last and is_free(last) else free_port()
