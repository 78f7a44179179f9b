"""The trail as a file: streamed, so that no number of entries is too many."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, StreamingHttpResponse

from audit import actions as audit
from audit.models import Entry, Severity
from core import spreadsheets, tenancy

AT_ONCE = 1000
COLUMNS = [
    "id", "at", "action", "severity", "actor_id", "actor_label", "real_actor_id", "real_actor_label",
    "organization_id", "target_type", "target_id", "details", "changes", "personal", "address", "user_agent",
    "request_id", "sequence",
]  # fmt: skip


def export(entries: QuerySet[Entry], form: str, *, by: Any, asked: str) -> HttpResponseBase:
    """A file `trail` with these entries, which the trail itself tells of. Raises Http404 for another form."""
    if form not in {"csv", "json"}:
        raise Http404
    audit.record(
        "trail.exported", actor=by, details={"format": form}, personal={"asked": asked}, severity=Severity.HIGH
    )
    rows = _rows(entries, by)
    if form == "csv":
        return spreadsheets.streamed("trail", COLUMNS, (tuple(map(_cell, row.values())) for row in rows))
    response = StreamingHttpResponse(_json(rows), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="trail.json"'
    return response


def _rows(entries: QuerySet[Entry], by: Any) -> Iterator[dict[str, Any]]:
    """Newest first, read while they are sent: the view's transaction has ended by then."""
    with tenancy.system("the trail is exported", actor=by):
        last = None
        while page := list((entries.filter(id__lt=last) if last else entries).values(*COLUMNS)[:AT_ONCE]):
            yield from page
            last = page[-1]["id"]


def _json(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A list, an entry a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _cell(value: object) -> object:
    """As a table shows it: JSON as text, times with their zone."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value.isoformat() if hasattr(value, "isoformat") else value
