"""Retention: a partition that is old enough goes to storage, sealed and signed, and its anchors stay.

Run by the owner role. Files first: they are the same bytes however often they are written. Then, in one transaction,
the partition is compared with them, its anchors are written, and it is detached and dropped: killed anywhere and run
again, it ends the same.
"""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from audit.jobs import archives
from audit.models import Anchor, Seal, Severity
from audit.transitions import record

# A partition's upper bound is the first id of the moment it ends.
OLD = r"""
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid CROSS JOIN LATERAL (
    SELECT substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([0-9a-f-]{36})''\)')::uuid AS until
) bound
WHERE i.inhparent = 'audit_entry'::regclass AND until <= audit_first_id(%s) ORDER BY until
"""
ROWS = """
SELECT audit_chain_of(organization_id) AS chain, sequence, previous, hash, audit_facts(part) FROM {} AS part
ORDER BY chain, sequence
"""
LINKS = """
SELECT count(*), count(*) FILTER (WHERE sequence IS NULL),
    sha256(coalesce(string_agg(hash, '' ORDER BY audit_chain_of(organization_id), sequence), ''))
FROM {}
"""


class CannotSeal(Exception):
    """A partition is not as it must be to be sealed; the message says why."""


def old_partitions(before: datetime) -> list[str]:
    """Partitions whose entries are all older than that moment, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(OLD, [before])
        return [name for (name,) in cursor.fetchall()]


def seal(partition: str) -> int:
    """Move one partition to storage; how many entries it had. Raises CannotSeal."""
    _, unlinked, _ = _links(partition)
    if unlinked:
        raise CannotSeal(f"{partition}: {unlinked} entries have no place in a chain")
    with tempfile.TemporaryFile() as file:
        with transaction.atomic():
            content = archives.write(_rows(partition), file)
        digest = archives.digest_of(file)
        default_storage.save(archives.archive_name(partition), File(file))
    default_storage.save(archives.manifest_name(partition), ContentFile(archives.manifest(partition, content, digest)))
    with default_storage.open(archives.archive_name(partition)) as stored:
        if archives.digest_of(stored) != digest:
            raise CannotSeal(f"{partition}: the storage gives back other bytes than it was given")
    _replace(partition, content, digest)
    return content.entries


@transaction.atomic
def _replace(partition: str, content: archives.Content, digest: str) -> None:
    """Anchors instead of the partition, if it still is what the archive holds."""
    archive = archives.archive_name(partition)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(f"LOCK TABLE {_quoted(partition)} IN ACCESS EXCLUSIVE MODE")
    if _links(partition) != (content.entries, 0, content.links.digest()):
        raise CannotSeal(f"{partition}: it was written to meanwhile; run again")
    kept = Seal.objects.create(partition=partition, archive=archive, sha256=digest, entries=content.entries)
    Anchor.objects.bulk_create(
        Anchor(seal=kept, chain=run.chain, first=run.first, last=run.last, previous=run.previous, hash=run.hash)
        for run in content.runs
    )
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_entry DETACH PARTITION {_quoted(partition)}")
        cursor.execute(f"DROP TABLE {_quoted(partition)}")
    details = {"partition": partition, "archive": archive, "sha256": digest, "entries": content.entries}
    record("trail.sealed", details=details, severity=Severity.HIGH)


def _rows(partition: str) -> Iterator[Any]:
    """Its entries, in the order of chains and places, without holding them all."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(ROWS.format(_quoted(partition)))
        while rows := cursor.fetchmany(2000):
            yield from rows


def _links(partition: str) -> tuple[int, int, bytes]:
    """Entries, those of them that are not linked, and a hash over all links, as archives.Content makes it."""
    with connection.cursor() as cursor:
        cursor.execute(LINKS.format(_quoted(partition)))
        entries, unlinked, links = cursor.fetchone()
    return entries, unlinked, bytes(links)


def _quoted(partition: str) -> str:
    return connection.ops.quote_name(partition)
