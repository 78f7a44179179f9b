"""Our blocks as WordprocessingML, with the notes, addresses and numberings they need in other parts of the file."""

from html import escape
from typing import Any

from books.providers.exports.blocks import Block, Inline
from books.providers.exports.docx.drawings import drawing
from books.providers.exports.docx.styles import INDENT, LINE

BULLETS = 1
DEEPEST = 9  # levels a numbering has
_STEP = 360
_RUN = {"strong": "<w:b/>", "em": "<w:i/>", "del": "<w:strike/>", "sup": '<w:vertAlign w:val="superscript"/>'}
_ORDER = ("code", "link", "strong", "em", "del", "sup")
_STYLED = {"code": '<w:rStyle w:val="VerbatimChar"/>', "link": '<w:rStyle w:val="Hyperlink"/>', **_RUN}
_REFERENCE = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'


def text_run(text: str, properties: str = "") -> str:
    """A run of text, spaces and all."""
    properties = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph of a style; `properties` are its own, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


class Body:
    """Writes blocks one after the other; afterwards its attributes are what they refer to.

    `notes` are the paragraphs of each footnote from number 1 on, `links` the addresses and `pictures` the paths with
    their relation ids, `numberings` (level, start) of each numbered list, the first of which is numbering 2.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.links: dict[str, str] = {}
        self.pictures: dict[str, str] = {}
        self._drawings = 0
        self.numberings: list[tuple[int, int]] = []

    def chapter(self, blocks: list[Block]) -> str:
        """The text of a chapter: a paragraph is indented after another one, and only then."""
        found, after = [], ""
        for block in blocks:
            if block["t"] == "p":
                found.append(paragraph("BodyText" if after == "p" else "FirstParagraph", self._inlines(block["c"])))
            else:
                found.append(self._block(block, 0))
            after = block["t"]
        return "".join(found)

    def _blocks(self, blocks: list[Block], indent: int) -> str:
        return "".join(self._block(block, indent) for block in blocks)

    def _block(self, block: Block, indent: int) -> str:
        """One block, `indent` twentieths of a point further in than it stands by itself."""
        kind = block["t"]
        moved = f'<w:ind w:left="{indent}"/>' if indent else ""
        if kind == "p":
            return paragraph("ListParagraph" if indent else "FirstParagraph", self._inlines(block["c"]), moved)
        if kind == "h":
            return paragraph(f"Heading{block['level']}", self._inlines(block["c"]), moved)
        if kind == "quote":
            return self._quote(block, indent)
        if kind in {"ul", "ol"}:
            return self._list(block, indent)
        if kind == "code":
            lines = "<w:r><w:br/></w:r>".join(text_run(line) for line in block["c"].split("\n"))
            return paragraph("SourceCode", lines, moved)
        writers = {"table": self._table, "figure": self._figure}
        return writers[kind](block) if kind in writers else paragraph("SceneBreak", text_run("* * *"))

    def _figure(self, block: Block) -> str:
        """A picture in its middle of the line, kept on one page with its caption."""
        caption = paragraph("Caption", self._inlines(block["c"])) if block["c"] else ""
        return paragraph("Figure", self._drawing(block, whole=True), "<w:keepNext/>" if caption else "") + caption

    def _drawing(self, one: dict[str, Any], *, whole: bool = False) -> str:
        self._drawings += 1
        relation = self.pictures.setdefault(one["src"], f"rIdPicture{len(self.pictures) + 1}")
        return drawing(one, number=self._drawings, relation=relation, whole=whole)

    def _quote(self, block: Block, indent: int) -> str:
        further = indent + 425
        inset = f'<w:ind w:left="{further}" w:right="425"/>'
        return "".join(
            paragraph("BlockText", self._inlines(one["c"]), inset) if one["t"] == "p" else self._block(one, further)
            for one in block["c"]
        )

    def _list(self, block: Block, indent: int, level: int = 0) -> str:
        numbering, left = BULLETS, indent + _STEP
        if block["t"] == "ol":
            self.numberings.append((level, block["start"]))
            numbering = BULLETS + len(self.numberings)
        mark = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
        mark += f'<w:ind w:left="{left}" w:hanging="{_STEP}"/>'
        found = []
        for item in block["c"]:
            # A mark stands before a paragraph: an item that begins with something else gets an empty one.
            first, rest = (item[0]["c"], item[1:]) if item and item[0]["t"] == "p" else ([], item)
            found.append(paragraph("ListParagraph", self._inlines(first), mark))
            for one in rest:
                inner = one["t"] in {"ul", "ol"}
                found.append(self._list(one, left, min(level + 1, DEEPEST - 1)) if inner else self._block(one, left))
        return "".join(found)

    def _table(self, block: Block) -> str:
        widths = _widths([block["head"], *block["rows"]])
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = [self._row(block["head"], block["align"], widths, head=True)]
        rows += [self._row(row, block["align"], widths, head=False) for row in block["rows"]]
        line = 'w:val="single" w:sz="{}" w:space="0" w:color="auto"'.format
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f"<w:tblBorders><w:top {line(8)}/><w:bottom {line(8)}/></w:tblBorders>"
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>{paragraph('TableText', '')}"
        )

    def _row(self, cells: list[list[Inline]], align: list[str], widths: list[int], *, head: bool) -> str:
        found = []
        for cell, side, width in zip(cells, align, widths, strict=True):
            rule = '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tcBorders>'
            content = paragraph(
                "TableText",
                self._inlines(cell, frozenset({"strong"}) if head else frozenset()),
                ("<w:keepNext/>" if head else "") + f'<w:jc w:val="{side}"/>',
            )
            found.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{rule if head else ""}</w:tcPr>{content}</w:tc>'
            )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(found)}</w:tr>"

    def _inlines(self, found: list[Inline], marks: frozenset[str] = frozenset()) -> str:
        return "".join(
            text_run(one, _properties(marks)) if isinstance(one, str) else self._inline(one, marks) for one in found
        )

    def _inline(self, one: dict[str, Any], marks: frozenset[str]) -> str:
        kind = one["t"]
        if kind == "code":
            return text_run(one["c"], _properties(marks | {"code"}))
        if kind == "br":
            return "<w:r><w:br/></w:r>"
        if kind == "picture":
            return self._drawing(one)
        if kind == "note":
            return self._note(one)
        if kind == "link":
            relation = self.links.setdefault(one["href"], f"rIdLink{len(self.links) + 1}")
            return (
                f'<w:hyperlink r:id="{relation}" w:history="1">{self._inlines(one["c"], marks | {kind})}</w:hyperlink>'
            )
        return self._inlines(one["c"], marks | {kind})

    def _note(self, one: dict[str, Any]) -> str:
        """A footnote; Word has no second call of one, so a note called again stands there again."""
        first, rest = (one["c"][0]["c"], one["c"][1:]) if one["c"] and one["c"][0]["t"] == "p" else ([], one["c"])
        number = f"{_REFERENCE}<w:footnoteRef/></w:r>{text_run(' ')}"
        inner = "".join(
            paragraph("FootnoteText", self._inlines(block["c"])) if block["t"] == "p" else self._block(block, INDENT)
            for block in rest
        )
        self.notes.append(paragraph("FootnoteText", number + self._inlines(first)) + inner)
        return f'{_REFERENCE}<w:footnoteReference w:id="{len(self.notes)}"/></w:r>'


def _properties(marks: frozenset[str]) -> str:
    # One character style a run: code in a link looks like code.
    return "".join(_STYLED[mark] for mark in _ORDER if mark in marks and not (mark == "link" and "code" in marks))


def _widths(rows: list[list[list[Inline]]]) -> list[int]:
    """Columns of a line's width shared by each one's longest cell, within bounds: no table grows past the page."""
    longest = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    weights = [min(60, max(14, length)) for length in longest]
    return [LINE * weight // sum(weights) for weight in weights]
