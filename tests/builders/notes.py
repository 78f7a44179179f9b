"""What people and models say about a text."""

from typing import Any

from django.db import transaction

from accounts.models import User
from books.models import (
    Chapter,
    Comment,
    Mention,
    Suggestion,
    SuggestionKind,
    SuggestionSource,
)
from core import tenancy


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
