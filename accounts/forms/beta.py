"""Shapes of what staff send: one invitation, or a table of many, read row by row."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from accounts.models import EMAIL_LENGTH, Language
from accounts.queries import beta

MAX_ROWS, MAX_BYTES = 5_000, 1_000_000


@dataclass(frozen=True)
class Line:
    """A row of the table: its number in the file, what it says, and why it is not invited ("" when it is)."""

    number: int
    email: str
    language: str
    problem: str | Promise = ""


class InviteForm(forms.Form):
    """One invitation."""

    email = forms.EmailField(label=_("E-mail address"), max_length=EMAIL_LENGTH, widget=UnfoldAdminEmailInputWidget)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=UnfoldAdminSelectWidget)


class TableForm(forms.Form):
    """A CSV file: the address, then `en` or `fr` (English when it is missing); a heading is skipped."""

    table = forms.FileField(
        label=_("CSV file"),
        help_text=_("One address a row, in the second column en or fr. At most 5,000 rows."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv,text/plain"}),
    )

    def clean_table(self) -> list[Line]:
        """Every row with its verdict. Raises ValidationError for what is no table, or too long a one."""
        rows = list(self._rows(self.cleaned_data["table"]))
        if not rows:
            raise ValidationError(gettext("There is no address in this file."), code="empty")
        if len(rows) > MAX_ROWS:
            raise ValidationError(gettext("These are more than 5,000 rows: divide the file."), code="too_many")
        known, seen, lines = beta.known(email for _number, email, _language in rows), set[str](), list[Line]()
        for number, email, language in rows:
            lines.append(Line(number, email, language, _problem(email, language, known, seen)))
            seen.add(email)
        return lines

    def _rows(self, file: Any) -> Iterator[tuple[int, str, str]]:
        """(number, address, language) of each row that says something."""
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(gettext("This file is larger than 1 MB."), code="too_large")
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(gettext("Save the table as CSV in UTF-8."), code="encoding") from None
        delimiter = ";" if text.partition("\n")[0].count(";") else ","
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            raise ValidationError(gettext("This file cannot be read as a table."), code="unreadable") from None
        for number, row in enumerate(rows, 1):
            cells = [cell.strip().lower() for cell in row[:2]]
            is_heading = number == 1 and cells and "@" not in cells[0]
            if any(cells) and not is_heading:
                yield number, cells[0], (cells[1] if len(cells) > 1 else "") or Language.ENGLISH.value


def _problem(email: str, language: str, known: set[str], seen: set[str]) -> str | Promise:
    """Why this row is not invited, or ""."""
    try:
        validate_email(email)
    except ValidationError:
        return _("not an address")
    if len(email) > EMAIL_LENGTH:
        return _("not an address")
    if language not in Language.values:
        return _("neither en nor fr")
    if email in seen:
        return _("twice in this file")
    return _("invited already, or has an account") if email in known else ""
