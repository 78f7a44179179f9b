"""What books' acts are called on screen, and what their targets are."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from books.models import (
    Book,
    BookStatus,
    CapScope,
    Chapter,
    Chat,
    Collaborator,
    CollaboratorRole,
    Export,
    Picture,
    Run,
    RunKind,
    RunState,
    ShareLink,
    Source,
    Step,
    StepKind,
    Visibility,
)
from books.models.chapters import Rewrite
from organizations.models import Organization

BOOKS = {
    "book.created": _("began a book"),
    "book.details_saved": _("changed the details of a book"),
    "book.duplicated": _("copied a book"),
    "book.archived": _("put a book in the archive"),
    "book.unarchived": _("took a book out of the archive"),
    "book.trashed": _("moved a book to the trash"),
    "book.restored": _("took a book out of the trash"),
    "book.erased": _("erased a book for good"),
    "source.added": _("gave a book a source"),
    "source.removed": _("took a source from a book"),
    "chapter.edited": _("edited a chapter"),
    "chapter.merged": _("merged two people’s changes to a chapter"),
    "picture.added": _("gave a book a picture"),
    "picture.described": _("described a picture of a book"),
    "picture.removed": _("took a picture from a book"),
    "chapter.rewritten": _("put a rewritten chapter in place"),
    "chapter.restored": _("restored an earlier version of a chapter"),
    "chapter.added": _("added a chapter"),
    "chapter.renamed": _("renamed a chapter"),
    "chapter.aimed": _("set a chapter's target"),
    "chapter.moved": _("moved a chapter"),
    "chapter.split": _("split a chapter"),
    "chapter.split_undone": _("undid the split of a chapter"),
    "chapter.joined": _("merged two chapters"),
    "chapter.merge_undone": _("undid the merging of two chapters"),
    "chapter.trashed": _("moved a chapter to the trash"),
    "chapter.returned": _("took a chapter out of the trash"),
    "chapter.erased": _("erased a chapter for good"),
    "chapter.reviewed": _("reviewed paragraphs"),
    "book.replaced": _("found and replaced in a book"),
    "book.replacing_undone": _("undid find and replace in a book"),
    "chat.deleted": _("deleted a chat"),
}
SHARING = {
    "collaborator.invited": _("invited somebody to a book"),
    "collaborator.given": _("gave a member a part in a book"),
    "collaborator.resent": _("sent an invitation to a book again"),
    "collaborator.changed": _("changed what somebody may do with a book"),
    "collaborator.ended": _("ended somebody’s part in a book"),
    "collaborator.left": _("left a book"),
    "collaborator.joined": _("took a part in a book"),
    "collaborator.declined": _("declined an invitation to a book"),
    "share.made": _("made a link to a book"),
    "share.revoked": _("revoked a link to a book"),
    "book.shown_to": _("changed who sees a book"),
    "book.published": _("published a book"),
    "book.taken_back": _("took a published book back"),
}
WRITING = {
    "run.started": _("started writing"),
    "run.outlining": _("is writing an outline"),
    "run.awaiting_approval": _("finished an outline that waits for approval"),
    "run.writing": _("is writing"),
    "run.finalizing": _("is finishing a book"),
    "run.completed": _("finished writing"),
    "run.failed": _("could not go on writing"),
    "run.cancelled": _("cancelled the writing"),
    "run.paused": _("paused the writing"),
    "run.retried": _("tried failed steps again"),
    "outline.saved": _("changed an outline"),
    "outline.approved": _("approved an outline"),
    "revision.generated": _("kept a book as it was written"),
    "revision.imported": _("kept a book as it was imported"),
    "revision.published": _("kept a book as it was published"),
    "revision.kept": _("kept a revision of a book"),
    "revision.before": _("kept a book as it was before a large change"),
    "revision.daily": _("kept the day’s state of a book"),
    "revision.restored": _("kept a book as it was restored"),
    "rewrite.accepted": _("took a text written anew"),
    "rewrite.discarded": _("discarded a text written anew"),
    "step.open": _("put a step of the writing on offer again"),
    "step.done": _("finished a step of the writing"),
    "step.failed": _("could not finish a step of the writing"),
    "step.cancelled": _("cancelled a step of the writing"),
    "models.checked": _("checked the language models"),
}
FILES = {
    "export.requested": _("asked for a file"),
    "export.ready": _("made a file"),
    "export.failed": _("could not make a file"),
    "export.downloaded": _("downloaded a file"),
    "bundle.requested": _("asked for a bundle of files"),
    "bundle.ready": _("made a bundle of files"),
    "bundle.failed": _("could not make a bundle of files"),
    "bundle.downloaded": _("downloaded a bundle of files"),
    "bundle.erased": _("erased an old bundle of files"),
}
SPENDING = {
    "spending.caps_set": _("set the spending caps"),
    "spending.warned": _("warned of a spending cap"),
    "run.cap_set": _("set the cap of one run"),
    "run.capped": _("paused the writing at a spending cap"),
}
FACTS = {
    "words": _("words"),
    "credits": _("credits"),
    "chapters": _("chapters"),
    "places": _("places"),
    "chapter": _("chapter"),
    "version": _("version"),
    "scope": _("what it counts"),
    "percent": _("per cent"),
    "facts": _("facts"),
    "files": _("files"),
    "fields": _("changed"),
    "format": _("format"),
    "page_size": _("page size"),
    "bytes": _("bytes"),
    "kind": _("kind"),
    "from": _("from"),
    "to": _("to"),
    "position": _("number"),
    "steps": _("steps"),
    "with_text": _("with its text"),
    "cap": _("cap"),
    "spent": _("spent"),
    "needed": _("needed"),
    "title": _("title"),
    "subtitle": _("subtitle"),
    "byline": _("author's name on the cover"),
    "blurb": _("back-cover text"),
    "palette": _("cover colour"),
    "visibility": _("visibility"),
    "part": _("part in the book"),
    "days": _("days"),
    "with_password": _("with a password"),
    "status": _("status"),
}
VALUES: dict[str, Any] = {
    "scope": dict(CapScope.choices),
    "kind": dict(RunKind.choices) | dict(StepKind.choices),
    "from": dict(BookStatus.choices) | dict(RunState.choices),
    "to": dict(BookStatus.choices),
    "part": dict(CollaboratorRole.choices),
    "visibility": dict(Visibility.choices),
    "status": dict(BookStatus.choices),
}
# Kinds of targets and the path from each to its book's title.
TITLES: dict[Any, str] = {
    Book: "title",
    Run: "book__title",
    Step: "run__book__title",
    Chapter: "book__title",
    Source: "book__title",
    Chat: "book__title",
    Export: "book__title",
    Picture: "book__title",
    Rewrite: "chapter__book__title",
    Collaborator: "book__title",
    ShareLink: "book__title",
}


def titles(organization: Organization, targets: dict[str, set[UUID]]) -> dict[UUID, str]:
    """Titles of the books that targets (ids by `app.model`) are, or are parts of: a query for each kind of target."""
    found: dict[UUID, str] = {}
    for model, path in TITLES.items():
        if ids := targets.get(model._meta.label_lower):
            rows: Iterable[tuple[UUID, str]] = model.objects.of(organization).filter(pk__in=ids).values_list("pk", path)
            found |= dict(rows)
    return found
