"""Pictures in DrawingML (ECMA-376, part 1, chapters 20.2 and 20.4): inline, described, within the text block."""

from html import escape
from typing import Any

from books.providers.exports.docx.styles import LINE, LINES_HEIGHT

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_TWIP, _INCH = 635, 914_400  # English Metric Units
# As in the PDF: never fewer than so many pixels on an inch.
_PIXELS_AN_INCH = 120
# Word reads this mark since 2019; earlier ones see a picture without a description.
_DECORATES = (
    f'<a:extLst xmlns:a="{_DRAWING}/main"><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)


def drawing(picture: dict[str, Any], *, number: int, relation: str, whole: bool) -> str:
    """A run with the picture (a block of books.providers.exports.blocks): `whole` in a paragraph of its own."""
    width, height = _extent(picture["width"], picture["height"], whole=whole)
    name, alt = escape(picture["src"].rpartition("/")[2]), picture["alt"]
    described = f'descr="{escape(alt)}"/>' if alt else f'descr="">{_DECORATES}</wp:docPr>'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" '
        f'distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name="{name}" {described}'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_DRAWING}/main" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )


def _extent(width: int, height: int, *, whole: bool) -> tuple[int, int]:
    """Width and height on the page: a figure within the text block, one in a line within a third of it, four high."""
    room, tallest = (LINE, LINES_HEIGHT * 8 // 10) if whole else (LINE // 3, 4 * 290)
    wide = min(width * _INCH // _PIXELS_AN_INCH, room * _TWIP, tallest * _TWIP * width // height)
    return max(1, wide), max(1, wide * height // width)
