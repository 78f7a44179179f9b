"""Books, runs and files, for staff: to search and read; the buttons call actions."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from books.actions import RunAction, cancel_run, pause_run, resume_run, retry_failed_steps
from books.models import Book, Chapter, Export, Run, Step
from core import tenancy
from core.admin import ReadOnlyAdmin, ReadOnlyInline
from core.errors import DomainError


class ChapterInline(ReadOnlyInline):
    """The contents."""

    model = Chapter
    show_change_link = True
    fields = ["position", "title", "planned_words", "word_count"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Chapter]:
        """Without the text."""
        chapters: QuerySet[Chapter] = super().get_queryset(request)
        return chapters.defer("markdown", "summary", "points")


class StepInline(ReadOnlyInline):
    """The parts of a run."""

    model = Step
    show_change_link = True
    fields = ["kind", "position", "state", "attempt", "tries", "problem", "finished_at"]


@admin.register(Book)
class BookAdmin(ReadOnlyAdmin):
    """All books."""

    list_display = ["title", "organization", "author", "language", "status", "visibility", "created_at"]
    list_filter = ["status", "visibility", "language", "genre", "created_at"]
    list_select_related = ["organization", "author"]
    search_fields = ["title", "topic", "byline", "organization__slug", "author__email", "id"]
    exclude = ["request_key"]
    inlines = [ChapterInline]


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """All runs, with the moves staff may make."""

    list_display = ["book", "organization", "state", "model_label", "credits_quoted", "planned_words", "created_at"]
    list_filter = ["state", "model_name", "created_at"]
    list_select_related = ["book", "organization"]
    search_fields = ["book__title", "organization__slug", "id"]
    inlines = [StepInline]
    actions = ["pause", "resume", "retry", "cancel"]

    @admin.action(description=_("Pause"), permissions=["operate"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        """Pause the chosen runs."""
        self._each(request, queryset, pause_run)

    @admin.action(description=_("Resume"), permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        """Resume the chosen runs."""
        self._each(request, queryset, resume_run)

    @admin.action(description=_("Try failed steps again"), permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        """Retry the failed steps of the chosen runs."""
        self._each(request, queryset, retry_failed_steps)

    @admin.action(description=_("Cancel"), permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        """Cancel the chosen runs."""
        self._each(request, queryset, cancel_run)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Looking at runs is not yet the right to move them."""
        return bool(request.user.has_perm("books.change_run"))

    def _each(self, request: HttpRequest, queryset: QuerySet[Run], act: RunAction) -> None:
        for run in queryset.select_related("organization"):
            try:
                with tenancy.declared(run.organization_id):
                    act(run=run, by=request.user)  # type: ignore[arg-type]  # staff are signed in
            except DomainError as refusal:
                messages.error(request, f"{run}: {refusal.message}")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    """All files."""

    list_display = ["book", "format", "state", "size", "problem", "created_at"]
    list_filter = ["state", "format", "created_at"]
    list_select_related = ["book"]
    search_fields = ["book__title", "organization__slug", "id"]
