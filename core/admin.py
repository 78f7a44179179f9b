"""Base classes of the admin, and the kernel's own tables."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from core.models import Lease, Mail


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Rows to search and read: their changes are made by actions and jobs, which keep the trail."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by actions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Changed by actions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deleted by actions."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may view the table; Django ties this to the right to change by default."""
        return bool(request.user.has_perm(f"{self.opts.app_label}.view_{self.opts.model_name}"))


class ReadOnlyInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Rows below their parent, to read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Made by actions and jobs."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Changed by actions and jobs."""
        return False


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    """Durable work on offer or in hand."""

    list_display = ["id", "task", "available_at", "held_until", "sendings"]
    list_filter = ["task"]
    search_fields = ["id", "organization_id"]


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """Outgoing mail: what waits, what failed. The content is never shown."""

    list_display = ["subject", "state", "tries", "error", "created_at"]
    list_filter = ["state"]
    search_fields = ["subject"]
    exclude = ["content", "recipients"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the content."""
        return super().get_queryset(request).defer("content")
