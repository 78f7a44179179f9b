"""A chapter's text as somebody typed it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from books.errors import BookRefused
from books.models import ACTIVE_RUN_STATES, Chapter, Run, RunKind, VersionOrigin
from books.models.provenance import Hand
from books.queries import saving as queries
from books.queries.saving import Meeting
from books.transitions import texts


@dataclass(frozen=True)
class Saved:
    """Under which number the text stands, and which one is the chapter's now: a later one once others wrote on."""

    version: int
    present: int


@transaction.atomic
def save_text(
    *, chapter: Chapter, by: User, version: int, markdown: str, base: str | None = None, merged: bool = False
) -> Saved | Meeting:
    """Store what was typed into the text of `version`; the Meeting, and nothing stored, once others changed that text.

    Sent twice it is stored once: whoever never heard the answer hears it now. `merged`: it is a Meeting's merge.
    """
    chapter = texts.lock(chapter)
    _refuse_unwritten(chapter)
    if markdown == chapter.markdown:
        return Saved(chapter.version, chapter.version)
    if version != chapter.version:
        if stored := queries.stored_as(chapter, markdown, since=version):
            return Saved(stored, chapter.version)
        met = queries.meeting(chapter, markdown, since=version, base=base, reader=by)
        if met.base != chapter.markdown:  # else nothing but its title has changed
            return met
    began = timezone.now()
    origin = VersionOrigin.MERGED if merged else VersionOrigin.EDITED
    stands = texts.replace(chapter, markdown, hand=Hand.of_person(by.pk), origin=origin, by=by)
    if stands and stands.created_at >= began:  # one entry a sitting, not one for every pause in typing
        details = {"chapter": chapter.position, "version": stands.number}
        audit.record(f"chapter.{origin}", actor=by, target=chapter, details=details)
    return Saved(chapter.version, chapter.version)


def _refuse_unwritten(chapter: Chapter) -> None:
    """A chapter that is still to be written gets its text from the run: what were typed before would be lost."""
    if chapter.is_written:
        return
    runs = Run.objects.of(chapter.organization).filter(book=chapter.book, kind=RunKind.BOOK)
    if runs.filter(state__in=ACTIVE_RUN_STATES).exists():
        said = _("This chapter is still being written. It can be changed as soon as its text is there.")
        raise BookRefused(said, code="active")
