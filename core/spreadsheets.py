"""Tables that people open with a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """An attachment `name`.csv, in UTF-8: the heading, then the rows; no text in them is calculated with."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")  # by which Excel knows that it is UTF-8
    table = csv.writer(response)
    table.writerow(heading)
    table.writerows([_plain(cell) for cell in row] for row in rows)
    return response


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
