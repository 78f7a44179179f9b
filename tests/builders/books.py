"""Books, their chapters, and what belongs to them."""

import io
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from accounts.models import User
from books.models import (
    Book,
    Bundle,
    Chapter,
    ChapterVersion,
    Download,
    Export,
    Picture,
    Revision,
    RevisionKind,
    VersionOrigin,
)
from books.models.provenance import Hand
from books.models.sources import Source, SourcePassage
from books.queries.sources import search_vector
from books.queries.versions import Document
from books.transitions import provenance, revisions, shelf
from core import deltas, tenancy
from core.ids import new_id
from core.text import count_words, digest
from organizations.models import Organization
from tests.builders.people import numbers


@transaction.atomic
def make_book(organization: Organization, author: User, **overrides: Any) -> Book:
    """A private draft of two short chapters, none of them there yet."""
    fields: dict[str, Any] = {
        "title": "Bees on City Roofs",
        "topic": "Keeping bees above the streets",
        "byline": author.name,
        "chapter_count": 2,
        "words_per_chapter": 200,
    }
    with tenancy.declared(organization.pk):
        return Book.objects.create(**({"organization": organization, "author": author} | fields | overrides))


@transaction.atomic
def make_chapter(book: Book, **overrides: Any) -> Chapter:
    """A written chapter, first of the book unless `position` says otherwise."""
    fields: dict[str, Any] = {
        "position": 1,
        "title": "The First Hive",
        "planned_words": 200,
        "markdown": "A roof is a meadow that nobody mows.\n\nThe bees know it.",
        "word_count": 12,
    }
    with tenancy.declared(book.organization_id):
        return Chapter.objects.create(**({"organization_id": book.organization_id, "book": book} | fields | overrides))


@transaction.atomic
def make_version(chapter: Chapter, **overrides: Any) -> ChapterVersion:
    """A whole version of a chapter, of its present text unless `markdown` says otherwise."""
    markdown = overrides.pop("markdown", chapter.markdown)
    labels = provenance.fresh(markdown, Hand.of_model("scripted"))
    fields: dict[str, Any] = {
        "number": 1,
        "title": chapter.title,
        "origin": VersionOrigin.WRITTEN,
        "payload": deltas.whole(Document(markdown, labels).packed()),
        "is_whole": True,
        "text_digest": digest(markdown),
        "word_count": count_words(markdown),
    }
    with tenancy.declared(chapter.organization_id):
        organization = {"organization_id": chapter.organization_id}
        return ChapterVersion.objects.create(**(organization | {"chapter": chapter} | fields | overrides))


@transaction.atomic
def make_revision(book: Book, **overrides: Any) -> Revision:
    """The book as it stands, kept by its author."""
    fields: dict[str, Any] = {"kind": RevisionKind.KEPT, "by": book.author, "message": "First readers"}
    with tenancy.declared(book.organization_id):
        return revisions.take(shelf.lock(book), **(fields | overrides))


@transaction.atomic
def make_source(book: Book, **overrides: Any) -> Source:
    """A text the book follows, of one passage."""
    text = overrides.pop("text", "A hive on a roof needs shade at noon and a basin of water near by.")
    fields: dict[str, Any] = {
        "title": "Notes from the roof",
        "text": text,
        "size": len(text.encode()),
        "word_count": len(text.split()),
        "sha256": sha256(text.encode()).hexdigest(),
        "added_by": book.author,
    }
    with tenancy.declared(book.organization_id):
        source = Source.objects.create(**({"organization_id": book.organization_id, "book": book} | fields | overrides))
        SourcePassage.objects.create(
            organization_id=book.organization_id,
            source=source,
            position=1,
            text=text,
            word_count=source.word_count,
            search=search_vector(text, book.language),
        )
    return source


@transaction.atomic
def make_picture(book: Book, **overrides: Any) -> Picture:
    """A picture of the book, a small teal square, that is really stored."""
    target = io.BytesIO()
    Image.new("RGB", (120, 90), "teal").save(target, "JPEG")
    picture_id = overrides.pop("id", None) or new_id()
    stored = default_storage.save(
        f"pictures/{book.organization_id}/{book.pk}/{picture_id}.jpg", ContentFile(target.getvalue())
    )
    fields: dict[str, Any] = {
        "id": picture_id,
        "name": "roof.jpg",
        "alt": "A hive between two chimneys",
        "media_type": "image/jpeg",
        "width": 120,
        "height": 90,
        "size": len(target.getvalue()),
        "digest": f"{next(numbers):064d}",
        "file": stored,
        "small_file": stored,
        "uploaded_by": book.author,
    }
    with tenancy.declared(book.organization_id):
        return Picture.objects.create(**({"organization_id": book.organization_id, "book": book} | fields | overrides))


@transaction.atomic
def make_export(book: Book, **overrides: Any) -> Export:
    """A file of the book that is being made."""
    fields: dict[str, Any] = {"requested_by": book.author, "format": "epub", "content_hash": "0" * 64}
    with tenancy.declared(book.organization_id):
        return Export.objects.create(**({"organization_id": book.organization_id, "book": book} | fields | overrides))


@transaction.atomic
def make_bundle(organization: Organization, person: User, *exports: Export, **overrides: Any) -> Bundle:
    """A bundle of these files that waits for them."""
    with tenancy.declared(organization.pk):
        bundle = Bundle.objects.create(**({"organization": organization, "requested_by": person} | overrides))
        bundle.exports.set(exports, through_defaults={"organization": organization})
    return bundle


@transaction.atomic
def make_download(export: Export, person: User) -> Download:
    """That the person fetched the file."""
    with tenancy.declared(export.organization_id):
        return Download.objects.create(organization_id=export.organization_id, export=export, person=person)
