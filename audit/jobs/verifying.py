"""Whether the trail is as it was written: every digest, every link, every end, in one pass of PostgreSQL's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from audit.jobs import diagnosis, heads, keeping
from audit.jobs.diagnosis import Finding, Problem
from audit.models import NOBODY
from core import tenancy

# An entry is sound when its digests fit what they are digests of, and its hash fits its place. One whose salt is gone
# must have nothing left that the salt was for.
SOUND = """coalesce(
    e.digest = audit_digest(e) AND CASE WHEN e.salt IS NOT NULL THEN e.personal_digest = audit_personal_digest(e)
        ELSE e.actor_label = '' AND e.real_actor_label = '' AND e.address IS NULL AND e.user_agent = ''
            AND e.personal = '{}' AND e.personal_digest IS NOT NULL END, false)"""
# Entries and anchors of each chain in the order of their places: each must begin where the one before ended and hang
# on its hash; the last must be the chain's end; and what was signed must have the hash that was signed.
WALK = f"""
WITH link AS (
    SELECT audit_chain_of(e.organization_id) AS chain, e.sequence AS first, e.sequence AS last, e.previous, e.hash,
        1 AS entries, (e.salt IS NULL)::integer AS forgotten, e.id,
        {SOUND} AND coalesce(e.hash = audit_hash(e.previous, e.sequence, e.digest), false) AS sound
    FROM audit_entry e
    WHERE e.sequence IS NOT NULL AND (%(only)s::uuid IS NULL OR audit_chain_of(e.organization_id) = %(only)s::uuid)
    UNION ALL
    SELECT chain, first, last, previous, hash, 0, 0, NULL, true FROM audit_anchor
    WHERE %(only)s::uuid IS NULL OR chain = %(only)s::uuid
), ordered AS (
    SELECT *, lag(last, 1, 0::bigint) OVER places AS end_before,
        lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER places AS hash_before
    FROM link WINDOW places AS (PARTITION BY chain ORDER BY first, id)
), signed AS (
    SELECT * FROM unnest(%(chains)s::uuid[], %(places)s::bigint[], %(hashes)s::bytea[]) AS signed (chain, last, hash)
), walked AS (
    SELECT chain, sum(entries) AS entries, sum(forgotten) AS forgotten, max(ordered.last) AS last,
        min(first) FILTER (WHERE NOT sound OR first <> end_before + 1 OR previous <> hash_before) AS bad,
        min(first) FILTER (WHERE signed.hash <> ordered.hash) AS resigned,
        max(ordered.last) = max(head.sequence)
            AND bool_or(ordered.last = head.sequence AND ordered.hash = head.hash) AS ends
    FROM ordered LEFT JOIN signed USING (chain, last) LEFT JOIN audit_chain head USING (chain) GROUP BY chain
)
SELECT coalesce(walked.chain, head.chain), coalesce(walked.entries, 0), coalesce(walked.forgotten, 0),
    coalesce(walked.last, 0), walked.bad, walked.resigned, coalesce(walked.ends, head.sequence = 0, false)
FROM walked FULL JOIN (
    SELECT * FROM audit_chain WHERE %(only)s::uuid IS NULL OR chain = %(only)s::uuid
) head ON head.chain = walked.chain
ORDER BY 1
"""  # noqa: S608  # put together from constants
# What is not linked: past the trigger when it is not sound, kept from the linking when it is old. An act's transaction
# may hold its chain's end for minutes, and what a longer one wrote is old when it appears: see _unlinked.
UNLINKED = f"""
SELECT id, at, action, organization_id, {SOUND} FROM audit_entry e
WHERE sequence IS NULL AND (%(only)s::uuid IS NULL OR audit_chain_of(organization_id) = %(only)s::uuid)
AND (NOT {SOUND} OR at < clock_timestamp() - interval '10 minutes') ORDER BY id LIMIT 100
"""  # noqa: S608  # the same


@dataclass(frozen=True)
class ChainVerdict:
    """One chain (an organization's, or NOBODY's): its linked entries, how many were erased of, the first bad one."""

    chain: UUID
    entries: int
    forgotten: int
    finding: Finding | None = None


def verify(organization: UUID | None = None) -> list[ChainVerdict]:
    """Verify every chain, or that of one organization, as the web role may; waiting entries are linked first."""
    keeping.link(patient=True)
    with tenancy.system("the trail is verified"):
        signatures, forged = heads.signed_heads()
        verdicts = {one.chain: one for one in _walked(organization, signatures)}
    for finding in _unlinked(organization):
        found = verdicts.get(finding.chain, ChainVerdict(finding.chain, 0, 0))
        if found.finding is None:
            verdicts[finding.chain] = ChainVerdict(found.chain, found.entries, found.forgotten, finding)
    if forged:
        found = verdicts.get(NOBODY, ChainVerdict(NOBODY, 0, 0))
        finding = found.finding or Finding(NOBODY, Problem.FORGED, said=", ".join(forged))
        verdicts[NOBODY] = ChainVerdict(NOBODY, found.entries, found.forgotten, finding)
    return [verdicts[chain] for chain in sorted(verdicts)]


def _walked(only: UUID | None, signed: Sequence[heads.SignedHead]) -> list[ChainVerdict]:
    parameters = {
        "only": only,
        "chains": [head.chain for head in signed],
        "places": [head.sequence for head in signed],
        "hashes": [head.hash for head in signed],
    }
    furthest: dict[UUID, heads.SignedHead] = {}
    for head in sorted(signed, key=lambda one: one.sequence):
        if only is None or head.chain == only:
            furthest[head.chain] = head
    with connection.cursor() as cursor:
        cursor.execute(WALK, parameters)
        rows = cursor.fetchall()
    verdicts = []
    for chain, entries, forgotten, last, bad, resigned, ends in rows:
        finding = None
        end = furthest.pop(chain, None)
        if bad is not None:
            finding = diagnosis.of_place(chain, bad)
        elif resigned is not None:
            finding = diagnosis.of_signature(chain, resigned, signed)
        elif end and end.sequence > last:
            finding = diagnosis.of_end(chain, last, end.sequence)
        elif not ends:
            finding = diagnosis.of_end(chain, last)
        verdicts.append(ChainVerdict(chain, int(entries), int(forgotten), finding))
    gone = [diagnosis.of_end(head.chain, 0, head.sequence) for head in furthest.values()]
    return verdicts + [ChainVerdict(finding.chain, 0, 0, finding) for finding in gone]


def _unlinked(only: UUID | None) -> list[Finding]:
    """What has no place though it was linked a moment ago: of what a long transaction brought meanwhile, nothing."""
    found = _waiting(only)
    if not found:
        return []
    keeping.link(patient=True)
    left = {finding.entry for finding in _waiting(only)}
    return [finding for finding in found if finding.entry in left]


def _waiting(only: UUID | None) -> list[Finding]:
    with tenancy.system("the trail is verified"), connection.cursor() as cursor:
        cursor.execute(UNLINKED, {"only": only})
        rows = cursor.fetchall()
    return [
        Finding(chain or NOBODY, Problem.UNLINKED if sound else Problem.INSERTED, entry=entry, at=at, action=action)
        for entry, at, action, chain, sound in rows
    ]
