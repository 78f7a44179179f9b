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
# Every branch starts with a letter of its own, so that the search jumps from one of these letters to the next.
_URL = r"https?://\S+|www\.\S+|mailto:\S+"
_STRAIGHT = re.compile(rf"{_URL}|\.\.\.|---?|\"|'")
_PLAIN = {"...": "…", "--": "–", "---": "—"}
# Only English drops the start of words: these take the apostrophe, not an opening quote.
_CLIPPED = re.compile(r"'(?:tis|twas|twere|em|til|cause|n|round|bout|\d)", re.IGNORECASE)
_OPENERS = "([{-–—“‘«¿¡/\u00a0\u202f"
_FRENCH_SPACES = re.compile(
    rf"(?P<url>{_URL})"
    r"|(?P<open>«)[ \u00a0\u202f]*"
    r"|[ \u00a0\u202f]+(?P<spaced>[;!?:»][;!?]*)(?!//)"
    r"|(?<=[\w)\]»”’%…])(?P<tight>[;!?:»][;!?]*)(?=$|[\s)\]»”.,…])"
)


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
    if is_french(language):
        return _french_spaces(_STRAIGHT.sub(_replacement("«\u00a0", "\u00a0»", before, french=True), text), before)
    if language.lower().partition("-")[0] == "en":
        return _STRAIGHT.sub(_replacement("“", "”", before, french=False), text)
    return text


def polished_line(text: str, language: str) -> str:
    """A title as it is printed: one line, polished."""
    return polish(one_line(text), language)


def _replacement(opening: str, closing: str, before: str, *, french: bool) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        mark = match.group()
        if len(mark) > 1:
            return _PLAIN.get(mark, mark)
        left = match.string[match.start() - 1] if match.start() else before
        nested = left in ("'", '"') and match.string[match.end() : match.end() + 1].isalnum()
        opens = not left or left.isspace() or left in _OPENERS or nested
        if mark == '"':
            return opening if opens else closing
        return "‘" if opens and not french and not _CLIPPED.match(match.string, match.start()) else "’"

    return replace


def _french_spaces(text: str, before: str) -> str:
    """U+202F before ; ! ? and U+00A0 before : » and after «, where a space stands or was forgotten before a space."""

    def space(match: re.Match[str]) -> str:
        if match["url"]:
            return match["url"]
        if match["open"]:
            return "«" + NO_BREAK
        mark = match["spaced"] or match["tight"]
        return (NO_BREAK if mark[0] in ":»" else NARROW) + mark

    # The look-behind must see the character that stands in the element before.
    return _FRENCH_SPACES.sub(space, before + text)[len(before) :] if before else _FRENCH_SPACES.sub(space, text)
