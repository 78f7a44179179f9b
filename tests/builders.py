"""Plain builders of rows: sensible by default, every field can be named. They write as tests' own hand, not as actions.

Each is a transaction, since a tenant row outside of one is refused.
"""

import io
from datetime import timedelta
from hashlib import sha256
from itertools import count
from time import time
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import Consent, LegalKind, User
from books.models import (
    Book,
    Bundle,
    Chapter,
    ChapterVersion,
    Chat,
    ChatTurn,
    Collaborator,
    Comment,
    Download,
    Export,
    LanguageModelCall,
    Mention,
    OutlineEntry,
    Picture,
    Review,
    Revision,
    RevisionKind,
    Rewrite,
    Run,
    RunKind,
    RunState,
    Step,
    StepKind,
    StepState,
    Suggestion,
    SuggestionKind,
    SuggestionSource,
    VersionOrigin,
)
from books.models.provenance import Hand
from books.models.sources import PassageUse, Source, SourcePassage
from books.queries.sources import search_vector
from books.queries.versions import Document
from books.transitions import provenance, revisions, shelf
from core import deltas, digests, tenancy
from core.ids import new_id
from core.text import count_words, digest
from organizations.models import Invitation, InvitationKey, Limits, Membership, Organization

_numbers = count(1)
UNLIMITED = {"members": None, "books": None, "books_a_month": None}


@transaction.atomic
def make_person(*, password: str | None = None, **overrides: Any) -> User:
    """A person with a verified address; without `password` nobody can sign in as them but `client_of`."""
    from allauth.account.models import EmailAddress

    fields = {"email": f"person-{next(_numbers)}@example.org", "display_name": "Some Person"} | overrides
    person = User.objects.create_user(password=password, **fields)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    Consent.objects.bulk_create(Consent(person=person, kind=kind, version=1, language="en") for kind in LegalKind)
    return person


def show_factor(client: Client, person: User) -> None:
    """Give the person an app of one-time codes, if they have none, and let their session have seen it just now."""
    from allauth.mfa.models import Authenticator

    factor, _made = Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "unused"}}
    )
    prove(client, person, method="mfa", id=factor.pk, type=factor.type)


def prove(client: Client, person: User, **how: Any) -> None:
    """Let the person's session have proved just now who they are."""
    session = client.session
    session["account_authentication_methods"] = [{"at": time(), "reauthenticated": True, **how}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


@transaction.atomic
def make_organization(*, limits: dict[str, Any] | None = None, **overrides: Any) -> Organization:
    """An organization without members; nothing but storage is limited unless `limits` says so."""
    number = next(_numbers)
    organization = Organization.objects.create(
        **({"name": f"Organization {number}", "slug": f"organization-{number}"} | overrides)
    )
    with tenancy.declared(organization.pk):
        Limits.objects.create(**({"organization": organization} | UNLIMITED | (limits or {})))
    return organization


@transaction.atomic
def lift_limits(organization: Organization) -> None:
    """Nothing but storage is limited from now on."""
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(**UNLIMITED)


@transaction.atomic
def make_member(organization: Organization, role: str, **overrides: Any) -> User:
    """A person with that role in the organization."""
    person = make_person(**overrides)
    Membership.objects.create(organization=organization, person=person, role=role)
    return person


@transaction.atomic
def make_invitation(organization: Organization, invited_by: User, *, token: str = "", **overrides: Any) -> Invitation:
    """An open invitation as a member, found by the link's token."""
    number = next(_numbers)
    now = timezone.now()
    fields: dict[str, Any] = {
        "email": f"invited-{number}@example.org",
        "invited_by": invited_by,
        "sent_at": now - timedelta(hours=1),
        "expires_at": now + timedelta(days=6),
    }
    with tenancy.declared(organization.pk):
        invitation = Invitation.objects.create(organization=organization, **(fields | overrides))
    if not (invitation.accepted_at or invitation.declined_at or invitation.revoked_at):
        InvitationKey.objects.create(
            organization=organization,
            invitation_id=invitation.pk,
            token_digest=digests.of_token(token or digests.new_token()),
            email_digest=digests.of_email(invitation.email),
        )
    return invitation


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
def make_grant(book: Book, person: User, role: str, **overrides: Any) -> Collaborator:
    """A grant on the book that the person, a member of its organization, has accepted."""
    fields = {"email": person.email, "person": person, "role": role, "state": "active", "accepted_at": timezone.now()}
    rows: dict[str, Any] = {"organization_id": book.organization_id, "book": book, "invited_by_id": book.author_id}
    with tenancy.declared(book.organization_id):
        return Collaborator.objects.create(**(rows | fields | overrides))


@transaction.atomic
def make_comment(chapter: Chapter, author: User, **overrides: Any) -> Comment:
    """An open comment on the chapter; `quote` names a passage that stands in it, `thread` what it answers."""
    quote = overrides.get("quote", "")
    start = chapter.markdown.find(quote) if quote else 0
    place: dict[str, Any] = {"start": start, "end": start + len(quote)}
    rows: dict[str, Any] = {"organization_id": chapter.organization_id, "book_id": chapter.book_id, "chapter": chapter}
    with tenancy.declared(chapter.organization_id):
        return Comment.objects.create(**(rows | {"author": author, "text": "Is this so?"} | place | overrides))


@transaction.atomic
def make_mention(comment: Comment, person: User) -> Mention:
    """Somebody named in the comment."""
    with tenancy.declared(comment.organization_id):
        return Mention.objects.create(organization_id=comment.organization_id, comment=comment, person=person)


@transaction.atomic
def make_suggestion(chapter: Chapter, quote: str, proposal: str, **overrides: Any) -> Suggestion:
    """An open suggestion of a model to change the passage, which stands in the chapter."""
    start = chapter.markdown.find(quote)
    rows: dict[str, Any] = {"organization_id": chapter.organization_id, "book_id": chapter.book_id, "chapter": chapter}
    what = {"kind": SuggestionKind.STYLE, "source": SuggestionSource.MODEL, "source_name": "scripted"}
    place = {"start": start, "end": start + len(quote), "quote": quote, "proposal": proposal}
    with tenancy.declared(chapter.organization_id):
        return Suggestion.objects.create(**(rows | what | place | overrides))


@transaction.atomic
def make_run(book: Book, **overrides: Any) -> Run:
    """A run of the book that waits to start, by its author."""
    fields: dict[str, Any] = {
        "started_by": book.author,
        "brief": {"title": book.title},
        "tariff_version": 1,
        "credits_quoted": 2,
        "planned_words": book.planned_words,
        "section_words": 400,
    }
    with tenancy.declared(book.organization_id):
        return Run.objects.create(**({"organization_id": book.organization_id, "book": book} | fields | overrides))


@transaction.atomic
def make_step(run: Run, **overrides: Any) -> Step:
    """The run's outline step, unless `kind` says otherwise."""
    fields = {"organization_id": run.organization_id, "run": run, "kind": StepKind.OUTLINE} | overrides
    with tenancy.declared(run.organization_id):
        return Step.objects.create(**fields)


@transaction.atomic
def make_call(step: Step, **overrides: Any) -> LanguageModelCall:
    """An entry of the journal: a section answered by a model without a price."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "organization_id": step.organization_id,
        "run_id": step.run_id,
        "step": step,
        "attempt": step.attempt,
        "input_hash": f"{number:064d}",
        "purpose": "section",
        "holder": uuid4(),
        "state": "answered",
        "asked": "scripted",
        "model": "scripted",
    }
    with tenancy.declared(step.organization_id):
        return LanguageModelCall.objects.create(**(fields | overrides))


@transaction.atomic
def make_outline_entry(run: Run, **overrides: Any) -> OutlineEntry:
    """A planned chapter."""
    fields = {"organization_id": run.organization_id, "run": run, "position": 1, "title": "Rooftops", "words": 200}
    with tenancy.declared(run.organization_id):
        return OutlineEntry.objects.create(**(fields | overrides))


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
        "digest": f"{next(_numbers):064d}",
        "file": stored,
        "small_file": stored,
        "uploaded_by": book.author,
    }
    with tenancy.declared(book.organization_id):
        return Picture.objects.create(**({"organization_id": book.organization_id, "book": book} | fields | overrides))


@transaction.atomic
def make_chat(book: Book, person: User, **overrides: Any) -> Chat:
    """A person's chat about a book, without any turn."""
    fields = {"organization_id": book.organization_id, "book": book, "person": person, "title": "How does it end?"}
    with tenancy.declared(book.organization_id):
        return Chat.objects.create(**(fields | overrides))


@transaction.atomic
def make_turn(chat: Chat, *, position: int = 1, run_fields: dict[str, Any] | None = None, **overrides: Any) -> ChatTurn:
    """An answered question of a chat, unless `run_fields` say how its run stands."""
    brief = {
        "title": "…",
        "kind": "question",
        "speaks": "en",
        "question": "How does it end?",
        "about": "",
        "chapter": "",
    }
    run = make_run(
        chat.book, kind="chat", started_by=chat.person, **({"state": "completed", "brief": brief} | (run_fields or {}))
    )
    make_step(run, kind=StepKind.CHAT, state="done")
    fields: dict[str, Any] = {"question": "How does it end?", "answer": "With *honey*.", "position": position}
    with tenancy.declared(chat.organization_id):
        return ChatTurn.objects.create(
            **({"organization_id": chat.organization_id, "chat": chat, "run": run} | fields | overrides)
        )


@transaction.atomic
def make_rewrite(chapter: Chapter, **overrides: Any) -> Rewrite:
    """A proposal that waits for a decision; `run` overrides the completed run it came from."""
    run = overrides.pop("run", None) or make_run(
        chapter.book, kind=RunKind.REWRITE, state=RunState.COMPLETED, planned_words=chapter.planned_words
    )
    make_step(run, kind=StepKind.REWRITE, chapter=chapter, state=StepState.DONE)
    fields: dict[str, Any] = {
        "instruction": "Shorter",
        "base_markdown": chapter.markdown,
        "markdown": "A roof is a meadow.\n\nThe bees know it well.",
        "word_count": 10,
    }
    with tenancy.declared(chapter.organization_id):
        organization = {"organization_id": chapter.organization_id}
        return Rewrite.objects.create(**(organization | {"chapter": chapter, "run": run} | fields | overrides))


@transaction.atomic
def make_review(chapter: Chapter, **overrides: Any) -> Review:
    """An order of suggestions that made two; `run` overrides the completed run it came from."""
    run = overrides.pop("run", None) or make_run(
        chapter.book, kind=RunKind.SUGGEST, state=RunState.COMPLETED, planned_words=chapter.planned_words
    )
    make_step(run, kind=StepKind.SUGGEST, chapter=chapter, state=StepState.DONE)
    fields: dict[str, Any] = {
        "kinds": ["style", "fact_check"], "base_markdown": chapter.markdown, "made": 2, "dropped": 1,
    }  # fmt: skip
    with tenancy.declared(chapter.organization_id):
        organization = {"organization_id": chapter.organization_id}
        return Review.objects.create(**(organization | {"chapter": chapter, "run": run} | fields | overrides))


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
def make_passage_use(run: Run, **overrides: Any) -> PassageUse:
    """A passage that the first section of the run's first chapter had to follow."""
    fields: dict[str, Any] = {"chapter": 1, "section": 1, "rank": 1, "source_title": "Notes", "text": "Bees drink."}
    with tenancy.declared(run.organization_id):
        return PassageUse.objects.create(**({"organization_id": run.organization_id, "run": run} | fields | overrides))


@transaction.atomic
def make_revision(book: Book, **overrides: Any) -> Revision:
    """The book as it stands, kept by its author."""
    fields: dict[str, Any] = {"kind": RevisionKind.KEPT, "by": book.author, "message": "First readers"}
    with tenancy.declared(book.organization_id):
        return revisions.take(shelf.lock(book), **(fields | overrides))
