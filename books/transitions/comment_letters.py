"""E-mails about comments: to who is mentioned, and to who took part in the thread. Part of the act they tell of."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from accounts.queries import unsubscribing
from books.models import Comment
from books.queries.people import readers_of
from core import mail, rate_limits
from core.errors import TooMany, Unavailable

SHOWN = 300  # characters of the passage


def tell(comment: Comment, *, mentioned: Iterable[UUID], only_mentioned: bool = False) -> None:
    """One letter to each person it concerns who can read the book and wants to be told, never to its writer."""
    named = set(mentioned)
    concerned = named if only_mentioned else named | _taking_part(comment)
    about = readers_of(comment.book).filter(pk__in=concerned, mails_about_comments=True)
    for person in about.exclude(pk=comment.author_id).order_by("pk"):
        if _may_send(comment, person):
            _write(comment, person, is_mention=person.pk in named)


def _taking_part(comment: Comment) -> set[UUID]:
    """Who began the thread that a reply belongs to, and who answered in it before."""
    if comment.thread is None:
        return set()
    replies = Comment.objects.of(comment.organization).filter(thread=comment.thread, deleted_at__isnull=True)
    return {comment.thread.author_id, *replies.values_list("author_id", flat=True)}


def _may_send(comment: Comment, person: User) -> bool:
    """Beyond the limits the comment stands all the same; only nobody's box is filled by it."""
    try:
        rate_limits.hit("comment_letter", writer=comment.author_id, reader=person.pk)
    except (TooMany, Unavailable):
        return False
    return True


def _write(comment: Comment, person: User, *, is_mention: bool) -> None:
    slug = comment.organization.slug
    passage = (comment.thread or comment).quote
    with override(person.language):
        facts = {
            "comment": comment,
            "author": comment.author,
            "person": person,
            "book": comment.book,
            "chapter": comment.chapter,
            "passage": passage if len(passage) <= SHOWN else f"{passage[:SHOWN]}…",
            "is_mention": is_mention,
            "url": settings.SITE_URL
            + reverse("books:comment", args=[slug, comment.book_id, comment.thread_id or comment.pk]),
            "end_url": unsubscribing.link(person, "mails_about_comments"),
        }
        headers = unsubscribing.headers(person, "mails_about_comments")
        mail.write("comment", facts, to=person.email, headers=headers)
