"""What exactly happened where a chain breaks: named once the pass over it has found the first place that is bad."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

if TYPE_CHECKING:
    from audit.jobs.heads import SignedHead


class Problem(StrEnum):
    """What can be wrong with an entry or a chain."""

    ALTERED = "altered"
    PERSONAL = "personal fields altered"
    MISSING = "entry missing before it"
    INSERTED = "inserted past the trail's own writer"
    SWAPPED = "order swapped"
    CUT_OFF = "head cut off"
    UNLINKED = "unlinked for more than ten minutes"
    REWRITTEN = "not what was signed"
    FORGED = "heads without our signature"


@dataclass(frozen=True)
class Finding:
    """The first bad entry of a chain (none when nothing of it is left), and what is wrong with it."""

    chain: UUID
    problem: Problem
    entry: UUID | None = None
    sequence: int | None = None
    at: datetime | None = None
    action: str = ""
    said: str = ""

    def __str__(self) -> str:
        named = f"entry {self.entry}" if self.entry else "no entry left"
        place = f", place {self.sequence}" if self.sequence is not None else ""
        when = f", {self.at.isoformat()} {self.action}" if self.at else ""
        return f"{self.problem}: {named}{place}{when}" + (f" ({self.said})" if self.said else "")


@dataclass(frozen=True)
class Link:
    """One entry of a chain, or an anchor (then without an entry's fields)."""

    first: int
    last: int
    previous: bytes
    hash: bytes
    digest: bytes
    facts: bool
    personal: bool
    entry: UUID | None
    at: datetime | None
    action: str

    @property
    def consistent(self) -> bool:
        """Whether its hash is that of what it says of itself."""
        return self.entry is None or _hash(self.previous, self.first, self.digest) == self.hash


LINKS = """
SELECT first, last, previous, hash, digest, facts, personal, id, at, action FROM (
    SELECT e.sequence AS first, e.sequence AS last, coalesce(e.previous, '') AS previous, coalesce(e.hash, '') AS hash,
        coalesce(e.digest, '') AS digest, coalesce(e.digest = audit_digest(e), false) AS facts,
        e.salt IS NULL AND e.actor_label || e.real_actor_label || e.user_agent = '' AND e.address IS NULL
            AND e.personal = '{}' OR coalesce(e.personal_digest = audit_personal_digest(e), false) AS personal,
        e.id, e.at, e.action
    FROM audit_entry e WHERE audit_chain_of(e.organization_id) = %(chain)s AND e.sequence IS NOT NULL
    UNION ALL
    SELECT first, last, previous, hash, '', true, true, NULL, NULL, '' FROM audit_anchor WHERE chain = %(chain)s
) link
"""
AROUND = LINKS + "WHERE first BETWEEN %(first)s AND %(last)s OR last BETWEEN %(first)s AND %(last)s ORDER BY first, id"
BEFORE = LINKS + "WHERE first < %(first)s ORDER BY first DESC LIMIT 1"
LATEST = LINKS + "ORDER BY first DESC, id DESC LIMIT 1"
# The place for which a hash was made, and the entry in whose place a digest would fit.
STOOD = "SELECT place FROM generate_series(1, %s) place WHERE audit_hash(%s, place, %s) = %s LIMIT 1"
FITS = """
SELECT sequence FROM audit_entry WHERE audit_chain_of(organization_id) = %s AND sequence <> %s
AND audit_hash(previous, sequence, %s) = hash LIMIT 1
"""


def of_place(chain: UUID, place: int) -> Finding:
    """What is wrong where the pass over a chain found the first place that is bad."""
    around = _links(AROUND, chain, place - 1, place + 1)
    here = [link for link in around if link.first == place]
    after = [link for link in around if link.first == place + 1]
    if len(here) > 1:
        return _finding(chain, _intruder(chain, here, after), Problem.INSERTED)
    [link] = here
    if not (link.facts and link.personal):
        return _finding(chain, link, Problem.PERSONAL if link.facts else Problem.ALTERED)
    before = next(iter(_links(BEFORE, chain, place)), None)
    if not link.consistent:
        return _of_inconsistent(chain, link, before)
    end = before.last if before else 0
    if place > end + 1:
        return _finding(chain, link, Problem.MISSING, f"{_places(end + 1, place - 1)} before it")
    # Both are consistent, and one does not hang on the other: whoever is hung on by what follows is the older truth.
    hung_on = {one.previous for one in after} or {_head(chain)[1]}
    touched = before if before and before.entry and link.hash in hung_on else link
    return _finding(chain, touched, Problem.ALTERED, "its hash was made anew")


def of_signature(chain: UUID, place: int, signed: Sequence["SignedHead"]) -> Finding:
    """The chain is whole, and at this place not what was signed: somebody wrote it anew, up to here at least."""
    link = next(one for one in _links(AROUND, chain, place, place) if one.first == place)
    day = min(head.day for head in signed if head.chain == chain and head.sequence == link.last)
    return _finding(chain, link, Problem.REWRITTEN, f"the head signed on {day}")


def of_end(chain: UUID, last: int, signed: int | None = None) -> Finding:
    """The chain is whole and does not end where its head, or a signed one, says."""
    latest = next(iter(_links(LATEST, chain)), None)
    end, end_hash = _head(chain)
    if last < (signed or end):
        said = f"{_places(last + 1, signed or end)} after it"
        return _finding(chain, latest, Problem.CUT_OFF, said) if latest else Finding(chain, Problem.CUT_OFF, said=said)
    if last > end:
        beyond = next(one for one in _links(AROUND, chain, end + 1, end + 1) if one.first == end + 1)
        return _finding(chain, beyond, Problem.INSERTED, "beyond the head")
    if latest is None or latest.hash == end_hash:
        raise ValueError(f"Nothing is wrong with the end of {chain}.")
    return _finding(chain, latest, Problem.ALTERED, "its hash was made anew")


def _of_inconsistent(chain: UUID, link: Link, before: Link | None) -> Finding:
    """An entry whose facts are its own and whose hash is not that of its place: it stood elsewhere, or was touched."""
    stood = _stood(chain, link)
    if stood is None:
        elsewhere = _one(FITS, chain, link.first, link.digest)
        if elsewhere is None:
            return _finding(chain, link, Problem.ALTERED, "its links")
        return _finding(chain, link, Problem.SWAPPED, f"its hash stands at place {elsewhere}")
    there = next((one for one in _links(AROUND, chain, stood, stood) if one.first == stood), None)
    if there and _stood(chain, there) == link.first:
        return _finding(chain, link, Problem.SWAPPED, f"it stood at place {stood}")
    if stood < link.first and before and before.entry:
        return _finding(chain, before, Problem.INSERTED, "what follows was renumbered")
    return _finding(chain, link, Problem.MISSING, f"it stood at place {stood}")


def _intruder(chain: UUID, here: Sequence[Link], after: Sequence[Link]) -> Link:
    """Which of several entries at one place was not there: the one that nothing hangs on."""
    end, end_hash = _head(chain)
    hung_on = {one.previous for one in after} | ({end_hash} if end == here[0].first else set())
    strangers = [link for link in here if link.hash not in hung_on]
    unsound = [link for link in strangers if not (link.facts and link.personal and link.consistent)]
    return (unsound or strangers or list(here))[-1]


def _stood(chain: UUID, link: Link) -> int | None:
    return _one(STOOD, _head(chain)[0] + 1, link.previous, link.digest, link.hash)


def _head(chain: UUID) -> tuple[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence, hash FROM audit_chain WHERE chain = %s", [chain])
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else (0, b"")


def _hash(previous: bytes, sequence: int, digest: bytes) -> bytes:
    """audit_hash() of the database."""
    return sha256(previous + sequence.to_bytes(8, "big", signed=True) + digest).digest()


def _one(query: str, *parameters: UUID | int | bytes) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _links(query: str, chain: UUID, first: int = 0, last: int = 0) -> list[Link]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"chain": chain, "first": first, "last": last})
        return [Link(*row[:2], *map(bytes, row[2:5]), *row[5:]) for row in cursor.fetchall()]


def _places(first: int, last: int) -> str:
    return f"place {first} is missing" if first == last else f"places {first} to {last} are missing"


def _finding(chain: UUID, link: Link, problem: Problem, said: str = "") -> Finding:
    named: dict[str, Any] = {"entry": link.entry, "sequence": link.first, "at": link.at, "action": link.action}
    return Finding(chain, problem, **named, said=said)
