"""The inbox of what payment providers sent: what became of each event, its payload, a button that applies it again."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from billing.actions.replaying import replay
from billing.models import EventState, ProviderEvent, ProviderEventBody
from core.admin import ReadOnlyAdmin

COLOURS = {
    EventState.RECEIVED: "info",
    EventState.APPLIED: "success",
    EventState.IGNORED: "default",
    EventState.REFUSED: "danger",
    EventState.FAILED: "warning",
}
NEEDY = Q(state__in=[EventState.REFUSED, EventState.FAILED])


class NeedFilter(admin.SimpleListFilter):
    """What a person has to look at."""

    title = gettext_lazy("needs a person")
    parameter_name = "needs"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """That, or what does not."""
        return [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[ProviderEvent]) -> QuerySet[ProviderEvent]:
        """Refused or failing, or neither."""
        match self.value():
            case "yes":
                return queryset.filter(NEEDY)
            case "no":
                return queryset.exclude(NEEDY)
        return queryset


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    """Every event, the newest first."""

    list_display = ["created_at", "shown_state", "type", "code", "object_id", "customer_id", "attempts", "livemode"]
    list_filter = [
        NeedFilter, "state", "provider", "livemode", "object_type", ("created_at", RangeDateFilter),
    ]  # fmt: skip
    list_filter_submit = True
    ordering = ["-created_at"]
    search_fields = ["^event_id", "^object_id", "^customer_id", "^type", "=code", "=organization_id"]
    search_help_text = gettext_lazy("Id of the event, the object, the customer or the organization; type or code")
    actions = ["again"]
    actions_detail = ["to_again"]
    fieldsets = [
        (None, {"fields": ["shown_state", "code", "problem", "attempts", "created_at", "applied_at"]}),
        (gettext_lazy("What it is about"), {"fields": ["type", "object_type", "object_id", "customer_id",
                                                       "organization_id"]}),
        (gettext_lazy("Where it comes from"), {"fields": ["provider", "account", "livemode", "event_id",
                                                          "api_version", "happened_at"]}),
        (gettext_lazy("Payload"), {"fields": ["payload"]}),
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: ProviderEvent | None = None) -> list[str]:
        """All of them, and what is no column."""
        return ["shown_state", "payload"]

    @display(description=gettext_lazy("state"), ordering="state", label=COLOURS)  # type: ignore[untyped-decorator]
    def shown_state(self, event: ProviderEvent) -> tuple[str, str]:
        """In a word, with its colour."""
        return event.state, event.get_state_display()

    @admin.display(description=gettext_lazy("as it came"))
    def payload(self, event: ProviderEvent) -> str:
        """The body, laid out; what it is about is read anew at the provider all the same."""
        body = ProviderEventBody.objects.filter(pk=event.pk).first()
        if body is None:
            return _("Not kept: found by reconciliation, or erased with whom it names or after 90 days.")
        return format_html('<pre class="whitespace-pre-wrap break-all text-xs">{}</pre>', laid_out(bytes(body.body)))

    @admin.action(description=gettext_lazy("Apply again"), permissions=["replay"])
    def again(self, request: HttpRequest, queryset: QuerySet[ProviderEvent]) -> None:
        """Put the chosen ones on offer."""
        self._replay(request, list(queryset))

    @action(description=gettext_lazy("Apply again"), url_path="to-again", permissions=["replay"])  # type: ignore[untyped-decorator]
    def to_again(self, _request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The page that asks."""
        return redirect("admin:billing_replay", object_id)

    def has_replay_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Looking at events is not yet the right to apply them."""
        return bool(request.user.has_perm("billing.change_providerevent"))

    def get_urls(self) -> list[URLPattern]:
        """The list's own, and the page that asks."""
        view = self.admin_site.admin_view(self.replay_one)
        return [path("<uuid:event_id>/again/", view, name="billing_replay"), *super().get_urls()]

    def replay_one(self, request: HttpRequest, event_id: Any) -> HttpResponse:
        """What will happen; a POST does it."""
        event = get_object_or_404(ProviderEvent, pk=event_id)
        if not self.has_replay_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            self._replay(request, [event])
            return redirect("admin:billing_providerevent_change", event.pk)
        context = {"title": _("Apply this event again"), "event": event, "opts": self.opts}
        return render(request, "admin/billing/replay.html", self.admin_site.each_context(request) | context)

    def _replay(self, request: HttpRequest, events: list[ProviderEvent]) -> None:
        number = replay(events=events, by=request.user)  # type: ignore[arg-type]  # staff are signed in
        said = ngettext("%(number)d event is applied again.", "%(number)d events are applied again.", number)
        messages.success(request, said % {"number": number})


def laid_out(body: bytes) -> str:
    """JSON with its lines; what is none, as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body.decode(errors="replace")
