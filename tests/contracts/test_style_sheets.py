"""CSS names tokens: raw colours stand in tokens.css alone."""

import re

from tests.contracts.source import ROOT

NAMED = (
    "aqua|black|blue|brown|coral|crimson|cyan|fuchsia|gold|gray|green|grey|indigo|ivory|lime|magenta|maroon|navy|olive"
    "|orange|pink|plum|purple|red|salmon|silver|tan|teal|tomato|violet|white|yellow"
)
FUNCTIONS = "rgba?|hsla?|hwb|oklch|oklab|lab|lch|light-dark"
RAW = re.compile(rf"#[0-9a-f]{{3,8}}\b|\b(?:{FUNCTIONS})\(|(?<![-\w])(?:{NAMED})(?![-\w])", re.IGNORECASE)
COLOURED = re.compile(
    r"^\s*[\w-]*(?:color|background|border|outline|shadow|fill|stroke|accent|decoration|caret)[\w-]*\s*:(.*)$"
)
REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)


def violations(path: str, text: str) -> list[str]:
    """Declarations that name a colour themselves."""
    plain = REMARK.sub(lambda match: "\n" * match.group().count("\n"), text)
    found = []
    for number, line in enumerate(plain.splitlines(), 1):
        for declaration in re.split(r"[{};]", line):
            match = COLOURED.match(declaration)
            if match and RAW.search(re.sub(r"var\([^()]*\)", "", match.group(1))):
                found.append(f"{path}:{number} {declaration.strip()}")
    return found


def test_colours_come_from_tokens() -> None:
    sheets = {path for path in (ROOT / "static").rglob("*.css") if path.name != "tokens.css"}
    assert [one for path in sorted(sheets) for one in violations(path.name, path.read_text())] == []


def test_a_raw_colour_is_caught() -> None:
    for planted in [
        "p { color: #fff }",
        "p { background: rgb(0 0 0 / .5); }",
        "p { border: 1px solid red; }",
        "p{color:white}",
    ]:
        assert violations("planted.css", planted), planted
    for right in [
        "p { color: var(--ink); }",
        "#fff { margin: 0 }",
        ".red { color: inherit }",
        "p { border-color: transparent }",
    ]:
        assert violations("planted.css", right) == [], right
