"""Texts kept as what changed since the one before: small when the change is small, whatever the text's length.

A payload is zlib-compressed JSON: `["whole text"]`, or for a delta a list of `[start, length]` (copied from the text
before) and strings (new).
"""

import json
import zlib
from itertools import pairwise

from core.diffs import edits


def whole(text: str) -> bytes:
    """A text by itself."""
    return _packed([text])


def delta(old: str, new: str) -> bytes:
    """The new text as what it takes from the old one and what it adds."""
    changes = edits(old, new)
    bounds = [(0, 0), *((one.start, one.end) for one in changes), (len(old), len(old))]
    added = [new[one.new_start : one.new_end] for one in changes]
    parts: list[str | tuple[int, int]] = []
    for ((_start, reached), (upto, _end)), text in zip(pairwise(bounds), [*added, ""], strict=True):
        parts += [(reached, upto - reached)] if upto > reached else []
        parts += [text] if text else []
    return _packed(parts)


def restored(old: str, payload: bytes) -> str:
    """The text that a payload was made of, from the text it was made against ("" for a whole one)."""
    parts = json.loads(zlib.decompress(payload))
    return "".join(part if isinstance(part, str) else old[part[0] : part[0] + part[1]] for part in parts)


def _packed(parts: object) -> bytes:
    return zlib.compress(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode(), 9)
