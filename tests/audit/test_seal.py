"""Retention: old entries go to storage sealed and signed, without what names a person, and the chain still holds."""

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import actions as audit
from audit.jobs import heads, keeping, verifying
from audit.jobs.diagnosis import Problem
from audit.models import Anchor, Entry, Seal
from core import tenancy
from core.ids import first_id
from tests import builders
from tests.audit.superuser import superuser
from tests.conftest import ROOT, _use_web

pytestmark = pytest.mark.django_db(transaction=True)
ARCHIVE, MANIFEST = "audit/sealed/audit_entry_2020q1.jsonl.gz", "audit/sealed/audit_entry_2020q1.json"


@pytest.fixture
def sealable() -> Iterator[None]:
    """Two quarters of 2020 instead of the partition for everything before this one."""
    with superuser() as db:
        db.execute("SET ROLE scriptorium_owner")
        [bound] = db.execute("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'audit_entry_before'")
        db.execute("DROP TABLE audit_entry_before")
        db.execute("SELECT audit_open_quarter('2020-01-01'), audit_open_quarter('2020-04-01')")
    yield
    _use_web()
    with superuser() as db:
        db.execute("SET ROLE scriptorium_owner")
        db.execute("DROP TABLE IF EXISTS audit_entry_2020q1, audit_entry_2020q2")
        db.execute("CREATE TABLE audit_entry_before PARTITION OF audit_entry " + bound[0])
        db.execute("REVOKE ALL ON audit_entry_before FROM scriptorium_web, scriptorium_system")
        db.execute("ALTER TABLE audit_entry_before ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


@pytest.fixture
def chain(sealable: None) -> UUID:
    """An organization with entries of both quarters and of today; one of the first quarter was linked late."""
    organization = builders.make_organization()
    person = builders.make_person(display_name="Paula Person")
    with transaction.atomic(), tenancy.declared(organization.pk):
        audit.record("book.tested")
    keeping.link()
    months = [1, 1, 2, 3, 4, 3, 5, 6]
    with transaction.atomic(), tenancy.declared(organization.pk):
        for number, month in enumerate(months):
            moment = datetime(2020, month, 2, 12, number, tzinfo=UTC)
            Entry.objects.create(
                id=first_id(moment), action="book.tested", organization_id=organization.pk, actor_id=person.pk,
                actor_label="Paula Person", personal={"title": "Paula's Bees"}, details={"number": number},
            )  # fmt: skip
        audit.record("book.tested")
    keeping.link()
    return UUID(str(organization.pk))


def seal(*arguments: str) -> str:
    """Run the command; afterwards this process is the web role again."""
    out = StringIO()
    try:
        call_command("audit_seal", *arguments, stdout=out)
    finally:
        _use_web()
    return out.getvalue()


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("audit_verify", *arguments, stdout=out)
    return out.getvalue()


def stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def kept(chain: UUID) -> list[int]:
    """Numbers of the entries that are still in the database."""
    with transaction.atomic(), tenancy.declared(chain):
        entries = Entry.objects.filter(action="book.tested", details__has_key="number").order_by("id")
        return [entry.details["number"] for entry in entries]


def test_what_is_old_goes_to_storage_and_the_chain_still_holds(chain: UUID) -> None:
    assert seal("--before", "2020-04-15") == "audit_entry_2020q1: 5 entries sealed\n"
    assert kept(chain) == [4, 6, 7]
    with transaction.atomic(), tenancy.system("looking"):
        [one] = Seal.objects.all()
        runs = list(Anchor.objects.order_by("first").values_list("chain", "first", "last"))
        told = Entry.objects.get(action="trail.sealed")
    assert (one.partition, one.archive, one.entries) == ("audit_entry_2020q1", ARCHIVE, 5)
    assert [(last - first + 1) for _chain, first, last in runs] == [4, 1]  # the one that was linked late stands apart
    assert (told.severity, told.details["sha256"]) == ("high", one.sha256)
    assert "5 entries are good" in verified("--archives")
    assert seal("--before", "2020-04-15") == ""
    assert seal("--before", "2020-07-01") == "audit_entry_2020q2: 3 entries sealed\n"
    assert kept(chain) == []
    assert ARCHIVE + ": 5 entries are good" in verified("--archives")


def test_only_what_is_older_than_the_retention_is_sealed(chain: UUID, settings: Any) -> None:
    settings.AUDIT_RETENTION_MONTHS = 12 * 1000
    assert seal() == ""
    settings.AUDIT_RETENTION_MONTHS = 24
    assert seal().count("sealed") == 2


def test_the_archive_holds_the_facts_and_nobody_s_name(chain: UUID) -> None:
    seal("--before", "2020-04-01")
    lines = [json.loads(line) for line in gzip.decompress(stored(ARCHIVE)).splitlines()]
    facts = [json.loads(line["facts"]) for line in lines]
    assert [one["details"]["number"] for one in facts] == [0, 1, 2, 3, 5]
    assert {line["chain"] for line in lines} == {str(chain)}
    assert b"Paula" not in gzip.decompress(stored(ARCHIVE)) + stored(MANIFEST)
    manifest = json.loads(stored(MANIFEST))
    assert manifest["entries"] == 5
    assert len(manifest["signature"]) == 88


def test_what_is_still_to_come_cannot_be_sealed(sealable: None) -> None:
    with pytest.raises(CommandError, match="still to come"):
        seal("--before", "2999-01-01")


def test_a_trail_that_does_not_verify_is_not_sealed(chain: UUID) -> None:
    with superuser() as db:
        db.execute("UPDATE audit_entry SET details = '{}' WHERE details @> '{\"number\": 2}'")
    with pytest.raises(CommandError, match="does not verify"):
        seal("--before", "2020-07-01")
    assert not default_storage.exists(ARCHIVE)


def test_an_entry_missing_after_the_seal_is_still_found(chain: UUID) -> None:
    seal("--before", "2020-04-01")
    with superuser() as db:
        db.execute("DELETE FROM audit_entry WHERE details @> '{\"number\": 6}'")
    [finding] = [verdict.finding for verdict in verifying.verify() if verdict.finding]
    assert finding.problem == Problem.MISSING


def test_an_anchor_that_was_changed_or_removed_is_found(chain: UUID) -> None:
    seal("--before", "2020-04-01")
    with superuser() as db:
        db.execute("UPDATE audit_anchor SET hash = sha256('x') WHERE id = (SELECT min(id) FROM audit_anchor)")
    assert any(verdict.finding for verdict in verifying.verify())
    with superuser() as db:
        db.execute("DELETE FROM audit_anchor")
    assert any(verdict.finding for verdict in verifying.verify())


def broken_archive(change: str) -> None:
    if change == "gone":
        default_storage.delete(ARCHIVE)
    elif change == "manifest":
        default_storage.save(MANIFEST, ContentFile(stored(MANIFEST).replace(b'"entries":5', b'"entries":4')))
    else:
        lines = gzip.decompress(stored(ARCHIVE)).replace(b"book.tested", b"book.changed")
        default_storage.save(ARCHIVE, ContentFile(gzip.compress(lines, mtime=0)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("gone", "it is gone from storage"),
        ("manifest", "its manifest does not bear our signature"),
        ("bytes", "its bytes are not those that were sealed"),
    ],
)
def test_an_archive_that_is_not_what_was_sealed_is_found(change: str, said: str, chain: UUID) -> None:
    seal("--before", "2020-04-01")
    broken_archive(change)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("audit_verify", "--archives", stdout=out)
    assert f"{ARCHIVE}: {said}" in out.getvalue()


def test_an_archive_rewritten_with_its_seal_is_found_by_its_links(chain: UUID, settings: Any) -> None:
    seal("--before", "2020-04-01")
    before = json.loads(stored(MANIFEST))["sha256"]
    broken_archive("bytes")
    from hashlib import sha256

    from audit.jobs import signing

    digest = sha256(stored(ARCHIVE)).hexdigest()
    document = signing.read(stored(MANIFEST)) or {}
    default_storage.save(MANIFEST, ContentFile(signing.signed({**document, "sha256": digest})))
    with superuser() as db:
        db.execute("UPDATE audit_seal SET sha256 = %s WHERE sha256 = %s", [digest, before])
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("audit_verify", "--archives", stdout=out)
    assert "is not as written" in out.getvalue()


def test_heads_signed_before_the_seal_still_count(chain: UUID) -> None:
    heads.sign(datetime.now(UTC).date())
    seal("--before", "2020-07-01")
    assert "entries are good" in verified("--archives")


def test_killed_between_the_files_and_the_database_it_ends_the_same(chain: UUID, tmp_path: Path) -> None:
    owner = django_settings.DATABASE_OWNER_URL.rpartition("/")[0]
    name = connection.settings_dict["NAME"]
    files = default_storage.path("")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"{django_settings.DATABASE_URL.rpartition('/')[0]}/{name}",
        "DATABASE_OWNER_URL": f"{owner}/{name}",
        "STORAGE_DIR": str(files),
    }
    with superuser() as db:
        db.execute("LOCK TABLE audit_entry_2020q1 IN ROW EXCLUSIVE MODE")
        command = [sys.executable, "manage.py", "audit_seal", "--before", "2020-04-01"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
            try:
                waits_for(db, "LOCK TABLE")
            finally:
                process.kill()
    first = stored(ARCHIVE), stored(MANIFEST)
    assert len(kept(chain)) == 8
    assert seal("--before", "2020-04-01") == "audit_entry_2020q1: 5 entries sealed\n"
    assert (stored(ARCHIVE), stored(MANIFEST)) == first
    assert "5 entries are good" in verified("--archives")


def waits_for(db: psycopg.Connection[Any], statement: str) -> None:
    """Until some session waits for a lock with that statement."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s"
        db.execute("SELECT pg_stat_clear_snapshot()")
        if db.execute(waiting, [f"%{statement}%"]).rowcount:
            return
        time.sleep(0.02)
    raise AssertionError(f"nobody waits with {statement}")
