"""People, for staff."""

from django.contrib import admin
from django.contrib.auth.models import Group
from unfold.admin import ModelAdmin

from accounts.models import User

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Search and look; rights are given here, credentials never."""

    list_display = ["email", "display_name", "language", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["email", "display_name", "id"]
    ordering = ["-id"]
    show_full_result_count = False
    fields = ["email", "display_name", "language", "time_zone", "theme", "is_active", "is_staff", "is_superuser",
              "groups", "last_login", "date_joined"]  # fmt: skip
    readonly_fields = ["email", "is_superuser", "last_login", "date_joined"]
    autocomplete_fields = ["groups"]

    def has_add_permission(self, request: object) -> bool:
        """People open their accounts themselves."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Accounts are closed, not deleted."""
        return False


@admin.register(Group)
class GroupAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Staff roles."""

    search_fields = ["name"]
    filter_horizontal = ["permissions"]
