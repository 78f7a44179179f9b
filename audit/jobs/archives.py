"""What was sealed away of the trail: a partition as canonical JSON lines, gzip, and a signed manifest beside it.

A line is {"chain", "facts", "hash", "previous", "sequence"}; `facts` is the very text whose SHA-256 the chain holds
(audit_facts of the database), so whoever has the file can verify it without us. Nothing of it names a person: there is
only the digest of what did. The same partition gives the same bytes at every time.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, Any
from uuid import UUID

from django.core.files.storage import default_storage

from audit.jobs import heads, signing
from audit.models import Anchor, Seal
from core import tenancy

FOLDER = "audit/sealed"
PIECE = 1 << 20


@dataclass
class Run:
    """Entries of one chain whose places follow one another: what an anchor stands for."""

    chain: UUID
    first: int
    last: int
    previous: bytes
    hash: bytes

    def as_tuple(self) -> tuple[UUID, int, int, bytes, bytes]:
        """For comparing with what the database keeps."""
        return (self.chain, self.first, self.last, self.previous, self.hash)


@dataclass
class Content:
    """What an archive holds: its runs, in the order of chains and places, and a hash over all of its links."""

    entries: int = 0
    runs: list[Run] = field(default_factory=list)
    links: Any = field(default_factory=sha256)

    def add(self, chain: UUID, sequence: int, previous: bytes, hash_: bytes) -> None:
        """Count one more entry."""
        self.entries += 1
        self.links.update(hash_)
        run = self.runs[-1] if self.runs else None
        if run and run.chain == chain and run.last + 1 == sequence and run.hash == previous:
            run.last, run.hash = sequence, hash_
        else:
            self.runs.append(Run(chain, sequence, sequence, previous, hash_))


@dataclass(frozen=True)
class ArchiveVerdict:
    """One archive: its entries, and what is wrong with it ("" when nothing is)."""

    archive: str
    entries: int
    problem: str = ""


def archive_name(partition: str) -> str:
    """Where the archive of a partition is stored."""
    return f"{FOLDER}/{partition}.jsonl.gz"


def manifest_name(partition: str) -> str:
    """Where its manifest is."""
    return f"{FOLDER}/{partition}.json"


def write(rows: Iterable[Sequence[Any]], to: IO[bytes]) -> Content:
    """Write (chain, sequence, previous, hash, facts) as an archive, in the order they come."""
    content = Content()
    with gzip.GzipFile(filename="", mode="wb", fileobj=to, mtime=0) as packed:
        for chain, sequence, previous, hash_, facts in rows:
            content.add(chain, sequence, bytes(previous), bytes(hash_))
            line = {
                "chain": str(chain),
                "sequence": sequence,
                "previous": bytes(previous).hex(),
                "hash": bytes(hash_).hex(),
                "facts": facts,
            }
            packed.write(signing.canonical(line) + b"\n")
    return content


def manifest(partition: str, content: Content, digest: str) -> bytes:
    """What a partition's archive must be, signed: counts, its SHA-256, first and last of each run."""
    runs = [[str(run.chain), run.first, run.last, run.previous.hex(), run.hash.hex()] for run in content.runs]
    return signing.signed({"partition": partition, "entries": content.entries, "sha256": digest, "runs": runs})


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of a file, read piece by piece from its beginning."""
    digest = sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def verify() -> Iterator[ArchiveVerdict]:
    """Read every sealed archive again: its bytes, its manifest, each entry, its anchors and what was signed of it."""
    with tenancy.system("the trail's archives are verified"):
        signed = {(head.chain, head.sequence): head for head in heads.signed_heads()[0]}
        seals = list(Seal.objects.all())
        anchors: dict[str, list[tuple[Any, ...]]] = {seal.pk: [] for seal in seals}
        for one in Anchor.objects.order_by("chain", "first"):
            anchors[one.seal_id].append((one.chain, one.first, one.last, bytes(one.previous), bytes(one.hash)))
    for seal in seals:
        yield _verified(seal, anchors[seal.pk], signed)


def _verified(
    seal: Seal, anchors: list[tuple[Any, ...]], signed: dict[tuple[UUID, int], heads.SignedHead]
) -> ArchiveVerdict:
    try:
        with default_storage.open(manifest_name(seal.partition)) as file:
            said = signing.read(file.read())
        with default_storage.open(seal.archive) as file:
            digest = digest_of(file)
            if said is None:
                return ArchiveVerdict(seal.archive, 0, "its manifest does not bear our signature")
            if not said["sha256"] == seal.sha256 == digest:
                return ArchiveVerdict(seal.archive, 0, "its bytes are not those that were sealed")
            content, problem = _read(file, signed)
    except FileNotFoundError:
        return ArchiveVerdict(seal.archive, 0, "it is gone from storage")
    if not problem and sorted(run.as_tuple() for run in content.runs) != anchors:
        problem = "its entries are not what the chains hang on"
    return ArchiveVerdict(seal.archive, content.entries, problem)


def _read(file: IO[bytes], signed: dict[tuple[UUID, int], heads.SignedHead]) -> tuple[Content, str]:
    """The content of an archive as far as it is good, and what is wrong with its first bad entry."""
    content = Content()
    with gzip.GzipFile(fileobj=file, mode="rb") as lines:
        for text in lines:
            line = json.loads(text)
            chain, sequence = UUID(line["chain"]), line["sequence"]
            previous, hash_ = bytes.fromhex(line["previous"]), bytes.fromhex(line["hash"])
            digest = sha256(line["facts"].encode()).digest()
            made = sha256(previous + sequence.to_bytes(8, "big", signed=True) + digest).digest()
            head = signed.get((chain, sequence))
            if made != hash_ or (head and head.hash != hash_):
                return content, f"entry {json.loads(line['facts'])['id']}, place {sequence}, is not as written"
            content.add(chain, sequence, previous, hash_)
    return content, ""
