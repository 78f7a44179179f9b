"""The dashboard of money, and usage by day."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from billing.models import UsageDay
from billing.queries import revenue as queries
from core.admin import ReadOnlyAdmin
from core.spreadsheets import spreadsheet


@admin.register(UsageDay)
class UsageDayAdmin(ReadOnlyAdmin):
    """What each organization used, by day and act."""

    list_display = ["day", "organization", "act", "times", "units", "credits", "cost_micros"]
    list_filter = ["act", "day"]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "organization__slug"]
    actions_list = ["to_revenue"]

    @action(description=gettext_lazy("Revenue"), url_path="to-revenue")  # type: ignore[untyped-decorator]
    def to_revenue(self, _request: HttpRequest) -> HttpResponseBase:
        """The dashboard."""
        return redirect("admin:billing_revenue")

    def get_urls(self) -> list[URLPattern]:
        """The list's own, and the dashboard."""
        own = path("revenue/", self.admin_site.admin_view(self.revenue), name="billing_revenue")
        return [own, *super().get_urls()]

    def revenue(self, request: HttpRequest) -> HttpResponse:
        """Revenue, what recurs, who leaves, what fails, margins; `?as=csv` is the revenue as a table."""
        if not request.user.has_perm("billing.view_payment"):
            raise PermissionDenied
        page = queries.revenue_page()
        if request.GET.get("as") == "csv":
            heading = [_("Month"), _("Currency"), _("Received"), _("Paid back"), _("Kept")]
            return spreadsheet(f"revenue-{page.margins_since:%Y-%m}", heading, [one.cells for one in page.months])
        context = {"title": _("Revenue"), "page": page, "opts": self.opts}
        return render(request, "admin/billing/revenue.html", self.admin_site.each_context(request) | context)
