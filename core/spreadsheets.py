"""Tables that people open with a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CONTENT_TYPE = "text/csv; charset=utf-8"
MARK = "\ufeff"  # by which Excel knows that it is UTF-8
AT_ONCE = 200  # rows sent together

Response = TypeVar("Response", bound=HttpResponseBase)


def spreadsheet(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """An attachment `name`.csv, in UTF-8: the heading, then the rows; no text in them is calculated with."""
    return _named(HttpResponse("".join(_written(heading, rows)), content_type=CONTENT_TYPE), name)


def streamed(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """The same for any number of rows: they are read while they are sent, after the view's transaction has ended."""
    return _named(StreamingHttpResponse(_written(heading, rows), content_type=CONTENT_TYPE), name)


def _named(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


class _Line:
    """A file for the csv writer that gives each line back to whoever writes it."""

    def write(self, text: str) -> str:
        return text


def _written(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    table = csv.writer(_Line())
    lines = [MARK + table.writerow(heading)]  # csv returns what `write` does
    for row in rows:
        lines.append(table.writerow([_plain(cell) for cell in row]))
        if len(lines) >= AT_ONCE:
            yield "".join(lines)
            lines = []
    yield "".join(lines)


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
