"""Pages of the trail by cursor: nothing is counted, and the thousandth page costs what the first does."""

from typing import Any
from uuid import UUID

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode

from audit.models import Entry

OLDER, NEWER = "older", "newer"


class EntryList(ChangeList):
    """Newest first. `?older=ID` begins after an entry, `?newer=ID` ends before one."""

    filtered: QuerySet[Entry]  # all pages of it, newest first
    older_url: str | None = None
    newer_url: str | None = None

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """Without the cursor, which is no filter."""
        found: dict[str, Any] = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in {OLDER, NEWER}}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Entry]:
        """By id alone: it is the order of time, and each partition has it as its key."""
        self.filtered = super().get_queryset(request, exclude_parameters).order_by("-id")
        return self.filtered

    def get_results(self, request: HttpRequest) -> None:
        """One page, and one row more to know whether there is another."""
        older, newer = (_id(request.GET.get(name)) for name in (OLDER, NEWER))
        backwards = bool(newer and not older)
        if older:
            rows = list(self.filtered.filter(id__lt=older)[: self.list_per_page + 1])
        elif newer:
            rows = list(self.filtered.filter(id__gt=newer).order_by("id")[: self.list_per_page + 1])
        else:
            rows = list(self.filtered[: self.list_per_page + 1])
        more = len(rows) > self.list_per_page
        page = rows[: self.list_per_page]
        page = page[::-1] if backwards else page
        if page and (more or backwards):
            self.older_url = self._url(OLDER, page[-1].pk)
        if page and (more if backwards else older):
            self.newer_url = self._url(NEWER, page[0].pk)
        self.result_list = page
        self.result_count = self.full_result_count = len(page)  # the page says nothing of how many there are
        self.show_full_result_count = self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(page, self.list_per_page)

    def _url(self, cursor: str, entry: UUID) -> str:
        return "?" + urlencode([*self._kept(), (cursor, str(entry))])

    def _kept(self) -> list[tuple[str, str]]:
        given = {name: values for name, values in self.filter_params.items() if name not in {OLDER, NEWER}}
        return [(name, value) for name, values in given.items() for value in values]

    @property
    def asked(self) -> str:
        """Search and filters as a query string, without the cursor: what an export takes along."""
        return urlencode(self._kept())


def _id(said: str | None) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        return None
