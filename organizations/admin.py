"""Organizations, for staff."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from audit import actions as audit
from core.admin import ReadOnlyAdmin
from organizations.models import CUSTOM, Limits, Membership, Organization


class MembershipInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Who belongs to it."""

    model = Membership
    extra = 0
    can_delete = False
    readonly_fields = ["person", "role", "created_at"]
    fields = readonly_fields

    def has_add_permission(self, request: HttpRequest, obj: Organization | None = None) -> bool:
        """Members are invited by their organization."""
        return False


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    """Search and look."""

    list_display = ["name", "slug", "personal_of", "created_at"]
    list_select_related = ["personal_of"]
    search_fields = ["name", "slug", "id"]
    inlines = [MembershipInline]


@admin.register(Limits)
class LimitsAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Limits staff may edit, as ruling 6 says; every change is in the trail."""

    list_display = ["organization", "plan", "members", "books", "books_a_month", "storage_bytes"]
    list_filter = ["plan"]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "organization__slug"]
    readonly_fields = ["organization"]
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Limits, form: object, change: bool) -> None:
        """Save and write down who set what; limits that no plan gives are nobody's but staff's from then on."""
        fields = list(form.changed_data)  # type: ignore[attr-defined]
        if fields and "plan" not in fields:
            obj.plan = CUSTOM
            fields.append("plan")
        super().save_model(request, obj, form, change)
        changed = {field: str(getattr(obj, field)) for field in fields}
        audit.record("limits.set", actor=request.user, target=obj, organization=obj.organization_id, details=changed)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Every organization has its row from the start."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Limits | None = None) -> bool:
        """An organization without limits cannot be."""
        return False
