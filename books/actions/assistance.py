"""What every order of a text has in common: whether it may be placed, on which passage, and what its prompts use."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from billing import queries as prices
from billing.models import Act
from books.actions.runs import brief_of
from books.errors import BookRefused
from books.models import ACTIVE_RUN_STATES, Chapter, Run, RunKind
from books.queries import extracts
from books.queries.extracts import Extract
from books.transitions.orders import place_order
from core.errors import Conflict

AROUND_WORDS = 80  # what a prompt shows before a passage and behind it


def refuse_unwritten(chapter: Chapter) -> None:
    """Raise BookRefused for a chapter without text, or while the book itself is being written."""
    if not chapter.is_written:
        raise BookRefused(_("This chapter is not written yet."), code="empty")
    if _writings(chapter).filter(state__in=ACTIVE_RUN_STATES).exists():
        said = _("The book itself is still being written: models can work on its chapters after that.")
        raise BookRefused(said, code="active")


def standing(chapter: Chapter, chosen: Extract) -> Extract:
    """The chosen passage where it stands in a locked chapter. Raises Conflict when it does not stand there any more."""
    found = extracts.standing(chapter.markdown, chosen)
    if found is None:
        raise Conflict(_("The passage you chose has changed meanwhile. Choose it again."), code="changed")
    return found


@transaction.atomic
def place(
    *,
    chapter: Chapter,
    by: User,
    kind: RunKind,
    act: Act,
    words: int,
    aim: int,
    accepted: int,
    brief: dict[str, Any],
) -> Run:
    """Open the order's run at its price for so many words. Raises BookRefused at a price that was not agreed to.

    `aim` is how many words it delivers at most; what prompts use of the book and its chapters is fixed here.
    """
    price = prices.quote(act, words)
    if price.credits > accepted:
        raise BookRefused(_("The price has changed. Look at it again, then order."), code="requote")
    run = place_order(
        book=chapter.book,
        by=by,
        kind=kind,
        price=price,
        brief={**brief_of(chapter.book), **_place_of(chapter), **brief},
        planned_words=aim,
        chapter=chapter,
    )
    run.facts = _writings(chapter).values_list("facts", flat=True).first() or []
    run.save(update_fields=["facts", "updated_at"])
    return run


def _writings(chapter: Chapter) -> Any:
    """The runs that wrote the chapter's book, the latest first."""
    runs = Run.objects.of(chapter.organization).filter(book=chapter.book, kind=RunKind.BOOK)
    return runs.order_by("-id")


def _place_of(chapter: Chapter) -> dict[str, Any]:
    """The chapter and those around it as prompts use them, fixed for the order (ruling 16)."""
    rows = Chapter.objects.of(chapter.organization).filter(book=chapter.book).order_by("position")
    lines = [
        {"position": position, "title": title, "summary": summary, "points": points, "words": words}
        for position, title, summary, points, words in rows.values_list(
            "position", "title", "summary", "points", "planned_words"
        )
    ]
    return {"outline": lines, "chapter": chapter.position}
