"""Reports of faults to Sentry: off without SENTRY_DSN, and never more than where the code stood.

No request body, cookie, header with a secret, query string, address or local variable leaves: what the SDK would not
gather is refused at its door, and what it did gather goes through core.redaction.
"""

from typing import Any

import sentry_sdk

from core import logs, redaction, tenancy

KEPT_HEADERS = {"Accept", "Content-Length", "Content-Type", "Hx-Request", "User-Agent"}


def start(dsn: str, *, environment: str, release: str) -> None:
    """Report unhandled exceptions and ERROR lines to the project of `dsn`; nothing else, no performance traces."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=20,
        before_send=scrub,
        before_breadcrumb=_without_data,
    )


def scrub(event: Any, _hint: dict[str, Any]) -> Any:
    """The event as it may leave."""
    request = event.get("request", {})
    for name in ("data", "cookies", "query_string", "env"):
        request.pop(name, None)
    headers = request.get("headers", {})
    request["headers"] = {name: value for name, value in headers.items() if name in KEPT_HEADERS}
    event.pop("user", None)
    event.pop("server_name", None)
    event = redaction.cleaned(event)
    organization = tenancy.current()
    ids = {"request_id": logs.request_id(), "organization_id": str(organization) if organization else ""}
    event["tags"] = {**event.get("tags", {}), **{name: value for name, value in ids.items() if value}}
    return event


def _without_data(crumb: Any, _hint: dict[str, Any]) -> Any:
    """A breadcrumb's message and time; its data are queries, addresses, arguments."""
    return {name: value for name, value in crumb.items() if name != "data"}
