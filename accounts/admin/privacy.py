"""What people ask about their data and how they leave, for staff to read: it is done by actions and jobs."""

from django.contrib import admin

from accounts.models import Closing, DataRequest, ErasureCertificate
from core.admin import ReadOnlyAdmin


@admin.register(DataRequest)
class DataRequestAdmin(ReadOnlyAdmin):
    """Wishes and how far they are; the address and the link's digest are not shown."""

    list_display = ["created_at", "kind", "state", "person", "finished_at", "expires_at", "file_size"]
    list_filter = ["kind", "state"]
    list_select_related = ["person"]
    search_fields = ["id", "person__id"]
    exclude = ["email", "email_digest", "token_digest", "file"]


@admin.register(Closing)
class ClosingAdmin(ReadOnlyAdmin):
    """Accounts that are closed, came back, or are erased."""

    list_display = ["created_at", "person", "erase_at", "undone_at", "erased_at"]
    list_select_related = ["person"]
    search_fields = ["person__id"]
    exclude = ["email", "token_digest"]


@admin.register(ErasureCertificate)
class ErasureCertificateAdmin(ReadOnlyAdmin):
    """What was erased and what was kept, of the id that is left."""

    list_display = ["created_at", "subject_id"]
    search_fields = ["subject_id"]
    fields = ["created_at", "subject_id", "erased_lines", "kept_lines"]
    readonly_fields = ["created_at", "erased_lines", "kept_lines"]
