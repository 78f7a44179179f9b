"""The trail, to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from audit.models import Entry


@admin.register(Entry)
class EntryAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Search and filter; nothing can be added, changed or deleted here, and the database would refuse it too."""

    list_display = ["at", "action", "actor_label", "target_type", "target_id", "organization_id"]
    list_filter = ["action", "at"]
    search_fields = ["action", "actor_label", "target_id", "organization_id"]
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The trail is written by actions alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Read only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
