"""The texts people agree to, for staff: a new version is a new row, and none that was written is changed."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Consent, LegalText
from audit import actions as audit
from audit.models import Severity
from core.admin import ReadOnlyAdmin


@admin.register(LegalText)
class LegalTextAdmin(ReadOnlyAdmin):
    """All versions. Each needs one row in English and one in French; people are asked at their next sign-in."""

    list_display = ["title", "kind", "version", "language", "in_force_from"]
    list_filter = ["kind", "language"]
    search_fields = ["title", "markdown"]
    fields = ["kind", "version", "language", "title", "in_force_from", "markdown"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may add one; nobody changes or deletes one."""
        return bool(request.user.has_perm("accounts.add_legaltext"))

    def save_model(self, request: HttpRequest, obj: LegalText, form: object, change: bool) -> None:
        """Save and write down who published it."""
        super().save_model(request, obj, form, change)
        details = {"kind": obj.kind, "version": obj.version, "language": obj.language}
        audit.record("legal.published", actor=request.user, target=obj, details=details, severity=Severity.HIGH)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to what, and when."""

    list_display = ["person", "kind", "version", "language", "created_at", "withdrawn_at"]
    list_filter = ["kind", "version", "language"]
    list_select_related = ["person"]
    search_fields = ["person__email", "person__id"]
