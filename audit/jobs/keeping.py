"""What PostgreSQL's own functions do for the trail, asked for by beat."""

from django.db import connection


def link(*, patient: bool = False) -> int:
    """Link the entries that wait for their place in a chain; how many. `patient`: even when another is at it."""
    return _asked("audit_link(%s)", patient)


def open_quarters() -> int:
    """Open the partitions of this quarter and the next; how many were missing."""
    return _asked("audit_open_quarters()")


def _asked(function: str, *arguments: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}", arguments)
        return int(cursor.fetchone()[0])
