"""What happened in an organization, and who did it."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.models import Severity
from audit.queries.lines import Fact, Line
from core.spreadsheets import streamed
from organizations.access import TenantRequest, tenant_view
from organizations.actions.activity import log_export
from organizations.forms.activity import ActivityForm, areas
from organizations.queries import activity as queries


@require_safe
@tenant_view(needs="audit.read")
def activity(request: TenantRequest) -> HttpResponse:
    """The organization's part of the trail, newest first, with filters, search and a cursor in the address."""
    form = ActivityForm(request.GET)
    organization, asked = request.member.organization, form.asked()
    context = {
        "page": queries.activity_page(organization, asked, before=form.cursor()),
        "people": queries.people(organization, asked.person),
        "areas": areas(),
        "severities": Severity.choices,
    }
    return render(request, "tenant/activity.html", context)


@require_safe
@tenant_view(needs="audit.read")
def table(request: TenantRequest) -> HttpResponseBase:
    """The same, all of it, as a file of comma-separated values; that it was taken away is in the trail too."""
    organization, asked = request.member.organization, ActivityForm(request.GET).asked()
    log_export(organization=organization, by=request.member.person, filters=asked.query)
    heading = [
        _("Time (UTC)"), _("Who"), _("Really"), _("Act"), _("On what"), _("Severity"), _("Address"), _("Browser"),
        _("Details"), _("Changes"), _("Request"), _("Id"),
    ]  # fmt: skip
    return streamed(f"{organization.slug}-activity", heading, cells(queries.every_line(organization, asked)))


def cells(lines: Iterator[Line]) -> Iterator[list[str]]:
    """A row of the table for each line."""
    for one in lines:
        yield [
            f"{one.at:%Y-%m-%d %H:%M:%S}", one.who, one.really, one.label, one.target, one.severity_label, one.address,
            one.user_agent, told(one.facts), told(one.changes), one.request_id, str(one.id),
        ]  # fmt: skip


def told(facts: tuple[Fact, ...]) -> str:
    """Facts in one cell."""
    return "; ".join(
        f"{fact.label}: {fact.value}" if fact.before is None else f"{fact.label}: {fact.before} → {fact.value}"
        for fact in facts
    )
