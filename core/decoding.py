"""The bytes of a text file as text, whichever of the usual encodings they are in."""

import codecs

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.text import normalize, without_control_characters

BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Other kinds of file begin like this: PDF, ZIP (DOCX, ODT, EPUB), RTF, old Word.
SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0")
MOST_CONTROLS = 0.01  # of all characters: a page break here and there is text, more is not


class NoText(DomainError):
    """The bytes are no text."""


def decode(data: bytes) -> str:
    """Normalized text (LF, NFC) of a file in UTF-8, in UTF-16 with its mark, or else in Windows-1252. Raises NoText.

    Page breaks and other control characters are dropped; a NUL is no text in any of these.
    """
    encoding = next((name for mark, name in BOMS.items() if data.startswith(mark)), "")
    text = _read(data, encoding) if encoding else _read(data, "utf-8", "cp1252")
    kept = without_control_characters(text)
    if data.startswith(SIGNATURES) or "\x00" in text or len(text) - len(kept) > len(text) * MOST_CONTROLS:
        raise _refused()
    return normalize(kept)


def _read(data: bytes, *encodings: str) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused()


def _refused() -> NoText:
    return NoText(_("This is not a text file. Save it as plain text (TXT) or Markdown first."), code="no_text")
