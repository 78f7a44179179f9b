"""Typographer's marks and spaces, put in while rendering and never stored (stored text stays what was typed)."""

import re
import unicodedata
from collections.abc import Callable

from books.providers.exports.labels import is_french

NARROW, NO_BREAK = "\u202f", "\u00a0"
# Not printable anywhere and illegal or dangerous somewhere: controls, surrogates, bidi overrides, and non-characters,
# two of which end every plane (XML tolerates them, EPUBCheck does not). Two patterns, because one of characters up to
# U+FFFF is a table to look up, and one with more is a list to walk, ten times as slow.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_PLANE_ENDS = re.compile("[" + "".join(chr(p << 16 | 0xFFFE) + chr(p << 16 | 0xFFFF) for p in range(1, 17)) + "]")
_URL = re.compile(r"((?:https?://|www\.|mailto:)\S+)")
_INNER_APOSTROPHE = re.compile(r"'(?<=\w')(?=\w)")
_QUOTE = re.compile("[\"']")
# Only English drops the start of words: these take the apostrophe, not an opening quote.
_CLIPPED = re.compile(r"'(?:(?:tis|twas|twere|em|til|cause|n|round|bout)\b|\d)", re.IGNORECASE)
_OPENERS = "([{-–—“‘«¿¡/\u00a0\u202f"
# As it was typed → as it is printed; plain replacements, because they run over every line of every French book.
_FRENCH_SPACES = (
    *((space + mark, NARROW + mark) for mark in ";!?" for space in (" ", NO_BREAK)),
    *((space + mark, NO_BREAK + mark) for mark in ":»" for space in (" ", NARROW)),
    *((f"«{space}", f"«{NO_BREAK}") for space in (" ", NARROW)),
)
_OPENED = re.compile(f"«(?!{NO_BREAK})")
_FORGOTTEN = re.compile(r"[;!?:»](?<=[\w)\]»”’%…][;!?:»])(?=[;!?]*(?:$|[\s)\]»”.,…]))")
_DIALOGUE = re.compile(rf"\A([–—])[ {NO_BREAK}{NARROW}]+")


def printable(text: str) -> str:
    """NFC text without control characters (tab and newline stay) and without bidirectional overrides."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text.encode("utf-16-le")) > 2 * len(text):  # some character needs two units: it is beyond U+FFFF
        text = _PLANE_ENDS.sub("", text)
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """A title or a name: printable, white space folded."""
    return " ".join(printable(text).split())


def polish(text: str, language: str, before: str = "") -> str:
    """Quotes, dashes, ellipses and French spaces of running text; `before` is the character left of it, if any.

    Languages other than English and French keep what was typed. Addresses are left alone.
    """
    french = is_french(language)
    if not french and language.lower().partition("-")[0] != "en":
        return text
    if "://" not in text and "www." not in text and "mailto:" not in text:
        return _polished(text, before, french=french)
    pieces = []
    for index, piece in enumerate(_URL.split(text)):
        pieces.append(piece if index % 2 else _polished(piece, before, french=french))
        before = pieces[-1][-1:] or before
    return "".join(pieces)


def polished_line(text: str, language: str) -> str:
    """A title as it is printed: one line, polished."""
    return polish(one_line(text), language)


def _polished(text: str, before: str, *, french: bool) -> str:
    text = _INNER_APOSTROPHE.sub("’", text).replace("...", "…").replace("---", "—").replace("--", "–")
    if '"' in text or "'" in text:
        text = _QUOTE.sub(_quotes(before, french=french), text)
    return _french_spaces(text, before) if french else text


def _quotes(before: str, *, french: bool) -> Callable[[re.Match[str]], str]:
    opening, closing = ("«\u00a0", "\u00a0»") if french else ("“", "”")

    def replace(match: re.Match[str]) -> str:
        mark = match.group()
        left = match.string[match.start() - 1] if match.start() else before
        nested = left in ("'", '"') and match.string[match.end() : match.end() + 1].isalnum()
        opens = not left or left.isspace() or left in _OPENERS or nested
        if mark == '"':
            return opening if opens else closing
        return "‘" if opens and not french and not _CLIPPED.match(match.string, match.start()) else "’"

    return replace


def _french_spaces(text: str, before: str) -> str:
    """U+202F before ; ! ? and U+00A0 before : » after « and a dialogue's dash: where a space is or was forgotten."""
    text = before + text  # a mark's space depends on the character that stands in the element before
    while "  " in text:
        text = text.replace("  ", " ")
    for typed, printed in _FRENCH_SPACES:
        text = text.replace(typed, printed)
    text = _FORGOTTEN.sub(lambda mark: (NO_BREAK if mark[0] in ":»" else NARROW) + mark[0], text)
    text = _OPENED.sub("«" + NO_BREAK, text)
    return text[len(before) :] if before else _DIALOGUE.sub(rf"\1{NO_BREAK}", text)
