"""The trail, to read, to take along, and what is critical of it."""

from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.admin import exporting
from audit.admin.filters import ActionFilter, ActorFilter, DaysFilter
from audit.admin.pages import EntryList
from audit.models import Entry
from audit.queries import acts, critical
from core.admin import ReadOnlyAdmin

FACTS = ["id", "at", "action", "severity", "organization_id", "target_type", "target_id", "details", "changes"]
PEOPLE = ["actor_id", "actor_label", "real_actor_id", "real_actor_label", "personal", "address", "user_agent"]
PROOF = ["request_id", "sequence", "linked"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Nothing can be added, changed or deleted here, and the database would refuse it too. No page counts all rows."""

    list_display = ["at", "severity_shown", "action", "who", "target", "organization_id"]
    list_filter = ["severity", ActionFilter, ActorFilter, ("at", DaysFilter)]
    list_filter_submit = True
    list_before_template = "admin/audit/tools.html"
    change_list_template = "admin/audit/entries.html"
    search_fields = ["actor_label"]
    search_help_text = gettext_lazy("Name, action, kind of target, or any id")
    sortable_by = ()
    fieldsets = [
        (None, {"fields": FACTS}),
        (gettext_lazy("Who"), {"fields": PEOPLE}),
        (gettext_lazy("Proof"), {"fields": PROOF}),
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EntryList]:
        """Pages by cursor."""
        return EntryList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Entry], search_term: str
    ) -> tuple[QuerySet[Entry], bool]:
        """Every word in a name, an action or a target's kind; an id wherever an id can stand."""
        for word in search_term.replace("\x00", "").split():
            queryset = queryset.filter(_about(word))
        return queryset, False

    def get_urls(self) -> list[URLPattern]:
        """The list's own, the two exports and the page of what is critical."""
        own = [
            path("critical/", self.admin_site.admin_view(self.critical), name="audit_critical"),
            path("export/<str:form>/", self.admin_site.admin_view(self.export), name="audit_export"),
        ]
        return [*own, *super().get_urls()]

    def critical(self, request: HttpRequest) -> HttpResponseBase:
        """How grave the last days were, and the latest critical entries."""
        if not self.has_view_permission(request):
            return self.admin_site.login(request)  # type: ignore[no-any-return]  # unfold ships no types
        days = critical.days()
        context = {"title": _("Critical acts"), "opts": self.opts, "days": days, "bars": list(critical.bars(days))}
        context |= {"entries": critical.latest(), "width": critical.WIDTH, "height": critical.HEIGHT}
        return render(request, "admin/audit/critical.html", self.admin_site.each_context(request) | context)

    def export(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """What the list shows with the same search and filters, all of it, as CSV or JSON."""
        if not self.has_view_permission(request):
            return self.admin_site.login(request)  # type: ignore[no-any-return]  # unfold ships no types
        entries = self.get_changelist_instance(request).filtered
        return exporting.export(entries, form, by=request.user, asked=request.GET.urlencode())

    @admin.display(description=gettext_lazy("severity"))
    def severity_shown(self, entry: Entry) -> str:
        """In words."""
        return entry.get_severity_display()

    @admin.display(description=gettext_lazy("who"))
    def who(self, entry: Entry) -> str:
        """Who acted, and for whom; the id of somebody who was erased."""
        name = entry.actor_label or str(entry.actor_id or _("the system itself"))
        if not entry.real_actor_id:
            return name
        return _("%(staff)s as %(name)s") % {"staff": entry.real_actor_label or entry.real_actor_id, "name": name}

    @admin.display(description=gettext_lazy("target"))
    def target(self, entry: Entry) -> str:
        """Its kind and id."""
        return f"{entry.target_type} {entry.target_id}" if entry.target_id else entry.target_type

    @admin.display(description=gettext_lazy("hash"))
    def linked(self, entry: Entry) -> str:
        """The entry's hash in its chain."""
        return bytes(entry.hash).hex() if entry.hash else _("not linked yet")


def _about(word: str) -> Q:
    try:
        wanted = UUID(word)
    except ValueError:
        found = Q(actor_label__icontains=word) | Q(real_actor_label__icontains=word)
        found |= Q(action__icontains=word) | Q(target_type__icontains=word) | Q(action__in=acts.names_like(word))
        # An address is in no label of whoever has a name: people stand a floor above, and are asked for by it.
        people = get_user_model()._default_manager.filter(email=word.lower()) if "@" in word else []
        return reduce(or_, (_of_id(person.pk) for person in people), found)
    return _of_id(wanted) | Q(id=wanted) | Q(organization_id=wanted)


def _of_id(wanted: UUID) -> Q:
    return Q(actor_id=wanted) | Q(real_actor_id=wanted) | Q(target_id=wanted)
