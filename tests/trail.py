"""What the audit trail says, for any test to read."""

from typing import Any

from audit.models import Entry
from core import tenancy


def trail(*actions: str, **which: Any) -> list[Entry]:
    """Entries of these actions (of all, where none is named) that are like `which`, oldest first, of everybody's."""
    with tenancy.system("tests: the trail"):
        entries = Entry.objects.filter(**which).order_by("id")
        return list(entries.filter(action__in=actions) if actions else entries)
