"""Filters of the trail, none of which asks PostgreSQL what there is to choose from."""

from datetime import date, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.utils import parse_date_str

from audit.models import Entry
from audit.queries import acts
from core.ids import first_id_of


class ActionFilter(SimpleListFilter):
    """One kind of act, of those that apps have named."""

    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in sorted(acts.acts)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class ActorFilter(SimpleListFilter):
    """Who acted: people, staff in the name of people, or the machine."""

    title = _("by whom")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("people", _("people")), ("acting", _("staff as somebody else")), ("system", _("the system itself"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        match self.value():
            case "people":
                return queryset.filter(actor_id__isnull=False, real_actor_id__isnull=True)
            case "acting":
                return queryset.filter(real_actor_id__isnull=False)
            case "system":
                return queryset.filter(actor_id__isnull=True)
        return queryset


class DaysFilter(RangeDateFilter):  # type: ignore[misc]  # unfold ships no types
    """From a day to a day, both included, found by the keys: ids begin with their time."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        since, until = (self._day(end) for end in ("from", "to"))
        if since:
            queryset = queryset.filter(id__gte=first_id_of(since))
        if until:
            queryset = queryset.filter(id__lt=first_id_of(until + timedelta(days=1)))
        return queryset

    def _day(self, end: str) -> date | None:
        said = self.used_parameters.get(f"{self.parameter_name}_{end}")
        day = parse_date_str(said) if isinstance(said, str) and said else None
        return day if day and date(1970, 1, 2) <= day < date(9000, 1, 1) else None
