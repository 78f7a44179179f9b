"""The ends of all chains, signed once a day and kept in storage, where whoever rewrites the database does not reach.

A file `audit/heads/<date>.json`: {"date", "heads": {chain: [sequence, hash in hex]}, "signature"}.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from audit.jobs import signing
from audit.models import Chain
from core import tenancy
from core.storage import names_in

FOLDER = "audit/heads"


@dataclass(frozen=True)
class SignedHead:
    """On `day` the entry at this place of the chain had this hash."""

    day: str
    chain: UUID
    sequence: int
    hash: bytes


def taken(day: date) -> bool:
    """Whether the heads of that day are signed already."""
    return bool(default_storage.exists(_name(day)))


def sign(day: date) -> None:
    """Store the heads as they are now, signed, as those of that day.

    Only once the transaction that read them has ended: it saw entries of its own, and a signed head that was rolled
    back would say for ever that the trail was rewritten.
    """
    with transaction.atomic(durable=True), tenancy.system("the trail is signed"):
        ends = list(Chain.objects.order_by("chain").values_list("chain", "sequence", "hash"))
    heads = {str(chain): [sequence, bytes(end).hex()] for chain, sequence, end in ends}
    content = signing.signed({"date": day.isoformat(), "heads": heads})
    default_storage.save(_name(day), ContentFile(content))


def signed_heads() -> tuple[list[SignedHead], list[str]]:
    """Every head that was ever signed, oldest first and each once; and the files that do not bear our signature."""
    found: dict[tuple[UUID, int, bytes], SignedHead] = {}
    forged: list[str] = []
    for name in names_in(FOLDER):
        with default_storage.open(name) as file:
            document = signing.read(file.read())
        if document is None or f"{FOLDER}/{document.get('date')}.json" != name:
            forged.append(name)
            continue
        for chain, (sequence, end) in document["heads"].items():
            head = SignedHead(document["date"], UUID(chain), sequence, bytes.fromhex(end))
            found.setdefault((head.chain, head.sequence, head.hash), head)
    return list(found.values()), forged


def _name(day: date) -> str:
    return f"{FOLDER}/{day.isoformat()}.json"
