"""Text as it is stored: LF, Unicode NFC, nothing else touched (rulings 21); and one-line fields without surprises."""

import hashlib
import re
import unicodedata

# What no book holds: C0 and C1 controls but tab, line feed and carriage return, lone surrogates, U+FFFE and U+FFFF.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMAT_CONTROLS = {"\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"} | {
    chr(code) for code in range(0x2066, 0x206A)
}


def normalize(text: str) -> str:
    """Fold CRLF and CR to LF and compose to NFC; nothing is stripped."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def has_control_characters(text: str) -> bool:
    """Whether the text holds characters no book has."""
    return _CONTROL.search(text) is not None


def without_control_characters(text: str) -> str:
    """Drop what `has_control_characters` finds: for text a machine made, where refusing helps nobody."""
    return _CONTROL.sub("", text)


def clean_line(text: str) -> str:
    """One line for titles and names: NFC, white space folded, bidirectional overrides (which spoof) removed."""
    kept = "".join(one for one in normalize(text) if one not in _FORMAT_CONTROLS)
    return " ".join(kept.split())


def count_words(text: str) -> int:
    """Words as every count here means them: runs of non-space that hold a letter or a digit."""
    return sum(word[0].isalnum() or any(map(str.isalnum, word)) for word in text.split())


def digest(text: str) -> str:
    """SHA-256 (hex) of a text: by which two are found to be the same."""
    return hashlib.sha256(text.encode()).hexdigest()
