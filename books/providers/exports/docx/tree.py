"""Our blocks as pandoc's document tree (pandoc-types 1.23): no Markdown is read twice, no markup is guessed."""

from typing import Any

from books.providers.exports.blocks import Block, Inline

VERSION = [1, 23, 1]
Node = dict[str, Any]
_NO_ATTRIBUTES: list[Any] = ["", [], []]
_INLINE = {"em": "Emph", "strong": "Strong", "del": "Strikeout", "sup": "Superscript"}
_ALIGN = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}


def text(value: str) -> Node:
    """A run of text, spaces and all."""
    return {"t": "Str", "c": value}


def styled(style: str, blocks: list[Node]) -> Node:
    """Blocks in a paragraph style of the reference document."""
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], blocks]}


def heading(level: int, name: str, inlines: list[Node]) -> Node:
    """A heading with a bookmark."""
    return {"t": "Header", "c": [level, [name, [], []], inlines]}


def blocks(found: list[Block]) -> list[Node]:
    """Every block, in order."""
    return [_block(one) for one in found]


def _block(one: Block) -> Node:
    kind, content = one["t"], one.get("c", [])
    if kind == "h":
        return heading(one["level"], "", inlines(content))
    if kind == "quote":
        return {"t": "BlockQuote", "c": blocks(content)}
    if kind in {"ul", "ol"}:
        items = [_item(item, tight=one["tight"]) for item in content]
        numbering = [one["start"], {"t": "Decimal"}, {"t": "Period"}]
        return {"t": "BulletList", "c": items} if kind == "ul" else {"t": "OrderedList", "c": [numbering, items]}
    if kind == "code":
        return {"t": "CodeBlock", "c": [_NO_ATTRIBUTES, content]}
    if kind == "hr":
        return styled("Scene Break", [{"t": "Para", "c": [text("* * *")]}])
    return _table(one) if kind == "table" else {"t": "Para", "c": inlines(content)}


def _item(item: list[Block], *, tight: bool) -> list[Node]:
    found = blocks(item)
    return [{**node, "t": "Plain"} if tight and node["t"] == "Para" else node for node in found]


def _table(one: Block) -> Node:
    columns = [
        [{"t": _ALIGN[side]}, {"t": "ColWidth", "c": width}]
        for side, width in zip(one["align"], _widths([one["head"], *one["rows"]]), strict=True)
    ]
    head = [_NO_ATTRIBUTES, [_row(one["head"])]]
    body = [_NO_ATTRIBUTES, 0, [], [_row(row) for row in one["rows"]]]
    return {"t": "Table", "c": [_NO_ATTRIBUTES, [None, []], columns, head, [body], [_NO_ATTRIBUTES, []]]}


def _widths(rows: list[list[list[Inline]]]) -> list[float]:
    """Shares of the line by each column's longest cell, within bounds: no table grows past the page."""
    longest = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    weights = [min(60, max(10, length)) for length in longest]
    return [round(weight / sum(weights), 4) for weight in weights]


def _row(cells: list[list[Inline]]) -> list[Any]:
    plain = ([{"t": "Plain", "c": inlines(cell)}] for cell in cells)
    return [_NO_ATTRIBUTES, [[_NO_ATTRIBUTES, {"t": "AlignDefault"}, 1, 1, cell] for cell in plain]]


def inlines(found: list[Inline]) -> list[Node]:
    """Every inline, in order."""
    return [text(one) if isinstance(one, str) else _inline(one) for one in found]


def _inline(one: dict[str, Any]) -> Node:
    kind, content = one["t"], one.get("c", [])
    if kind == "code":
        return {"t": "Code", "c": [_NO_ATTRIBUTES, content]}
    if kind == "br":
        return {"t": "LineBreak"}
    if kind == "link":
        return {"t": "Link", "c": [_NO_ATTRIBUTES, inlines(content), [one["href"], ""]]}
    if kind == "note":
        return {"t": "Note", "c": blocks(content)}
    return {"t": _INLINE[kind], "c": inlines(content)}
