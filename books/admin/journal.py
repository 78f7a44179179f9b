"""The journal of calls, and what staff read off it: how the models do, and what each organization costs."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from audit import actions as audit
from books.jobs import checking, route
from books.models import LanguageModelCall
from books.providers.language_models import ModelError
from books.queries import health as health_queries
from books.queries import margins as margin_queries
from books.queries.money import dollars
from core import queue
from core.admin import ReadOnlyAdmin
from core.spreadsheets import spreadsheet

CHECK_TASK = "books.tasks.check_models"


@admin.register(LanguageModelCall)
class LanguageModelCallAdmin(ReadOnlyAdmin):
    """The journal. The answers are books' text: they are not shown here."""

    list_display = [
        "purpose", "state", "tier", "asked", "model", "tokens_in", "tokens_out", "cost", "total_ms",
        "problem_code", "created_at",
    ]  # fmt: skip
    list_filter = ["state", "purpose", "tier", "asked", "created_at"]
    search_fields = ["run__id", "input_hash", "organization__slug"]
    exclude = ["text"]
    raw_id_fields = ["run", "step"]
    actions_list = ["to_health", "to_margins"]

    @admin.display(description=gettext_lazy("Cost"), ordering="cost_micros")
    def cost(self, call: LanguageModelCall) -> str:
        """In dollars."""
        return dollars(call.cost_micros)

    @action(description=gettext_lazy("Health of the models"), url_path="to-health")  # type: ignore[untyped-decorator]
    def to_health(self, _request: HttpRequest) -> HttpResponseBase:
        """The page of health."""
        return redirect("admin:books_health")

    @action(description=gettext_lazy("Cost and margin"), url_path="to-margins")  # type: ignore[untyped-decorator]
    def to_margins(self, _request: HttpRequest) -> HttpResponseBase:
        """The page of margins."""
        return redirect("admin:books_margins")

    def get_urls(self) -> list[URLPattern]:
        """The journal's own, and the two pages."""
        own = [
            path("health/", self.admin_site.admin_view(self.health), name="books_health"),
            path("margins/", self.admin_site.admin_view(self.margins), name="books_margins"),
        ]
        return [*own, *super().get_urls()]

    def health(self, request: HttpRequest) -> HttpResponseBase:
        """How each model does; a POST lets a worker ask every one of them now."""
        if not self.has_view_permission(request):
            return self.admin_site.login(request)  # type: ignore[no-any-return]  # unfold ships no types
        if request.method == "POST":
            queue.enqueue(CHECK_TASK)
            audit.record("models.checked", actor=request.user)
            messages.success(request, _("A worker asks every model now: look again in a few seconds."))
            return redirect("admin:books_health")
        rows = [(one, checking.last_check(one.name)) for one in health_queries.health(configured())]
        return self._page(request, "admin/books/health.html", {"title": _("Health of the models"), "rows": rows})

    def margins(self, request: HttpRequest) -> HttpResponseBase:
        """What each organization or book cost and brought in, by month; `?as=csv` is the whole as a table."""
        if not self.has_view_permission(request):
            return self.admin_site.login(request)  # type: ignore[no-any-return]  # unfold ships no types
        months = margin_queries.months(timezone.now().date())
        month = next((one for one in months if one.isoformat() == request.GET.get("month")), months[0])
        sort, by_book = request.GET.get("sort", "-cost"), request.GET.get("by") == "book"
        lines = margin_queries.margins(month, sort, by_book=by_book)
        if request.GET.get("as") == "csv":
            return as_csv(month, lines)
        page = Paginator(lines, 100).get_page(request.GET.get("page"))
        context = {"title": _("Cost and margin"), "months": months, "month": month, "page": page, "sort": sort}
        context |= {"by": "book" if by_book else "", "headings": headings(month, sort, "book" if by_book else "")}
        return self._page(request, "admin/books/margins.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return render(request, template, self.admin_site.each_context(request) | context | {"opts": self.opts})


def configured() -> list[tuple[str, str]]:
    """Name and label of every model in the configuration; none while the server that has to be asked is away."""
    try:
        return [(choice.name, choice.label) for choice in route.choices()]
    except ModelError:
        return []


def headings(month: date, sort: str, by: str) -> list[tuple[str, str, str]]:
    """Label, address and `aria-sort` of each column: a second click turns the order round."""
    labels = {
        "name": _("Organization"), "calls": _("Calls"), "cost": _("Cost"), "quoted": _("Credits quoted"),
        "delivered": _("Credits delivered"), "revenue": _("Revenue"), "margin": _("Margin"),
    }  # fmt: skip
    found = []
    for key, label in labels.items():
        turned = key if sort == f"-{key}" else f"-{key}"
        order = {key: "ascending", f"-{key}": "descending"}.get(sort, "none")
        found.append(
            (label, f"{reverse('admin:books_margins')}?month={month.isoformat()}&by={by}&sort={turned}", order)
        )
    return found


def as_csv(month: date, lines: list[margin_queries.Margin]) -> HttpResponse:
    """The table as a file: sums in US dollars, millionths kept."""
    heading = ["organization", "book", "calls", "unpriced", "cost", "quoted", "delivered", "revenue", "margin"]
    rows = (
        (line.slug, line.title, line.calls, line.unpriced, exact(line.cost), line.quoted, line.delivered,
         exact(line.revenue), exact(line.margin))
        for line in lines
    )  # fmt: skip
    return spreadsheet(f"margins-{month:%Y-%m}", heading, rows)


def exact(micros: int) -> Decimal:
    """Millionths of a dollar as dollars, to the last of their six digits."""
    return Decimal(micros).scaleb(-6)
