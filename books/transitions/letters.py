"""E-mails about runs, to whoever started them: part of the move they tell of, so sent exactly when it was committed."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.queries import unsubscribing
from books.models import Chapter, Rewrite, Run, RunKind, RunState
from core import mail

TOLD = {RunState.COMPLETED, RunState.FAILED, RunState.PAUSED}


def tell_starter(run: Run, *, by: Any) -> None:
    """Write to the run's starter, in their language, that it is done or waits for them.

    Not of what a person did, nor about answers in a chat and passages written anew, which are waited for where they
    were asked for, nor to who does not want to be told.
    """
    person = run.started_by
    if by is not None or run.state not in TOLD or run.kind == RunKind.CHAT or "around" in run.brief:
        return
    if not (person.mails_about_runs and person.is_active):
        return
    with override(person.language):
        facts = _facts(run)
        mail.write("run", facts, to=person.email, headers=unsubscribing.headers(person, "mails_about_runs"))


def _facts(run: Run) -> dict[str, Any]:
    """What the templates of the mail say."""
    slug = run.organization.slug
    written = Chapter.objects.of(run.organization).filter(book=run.book).exclude(markdown="")
    rewrite = Rewrite.objects.of(run.organization).filter(run=run).first()
    page = reverse("books:rewrite", args=[slug, rewrite.pk]) if rewrite else reverse("books:run", args=[slug, run.pk])
    return {
        "run": run,
        "book": run.book,
        "organization": run.organization,
        "person": run.started_by,
        "chapters": written.count(),
        "words": sum(written.values_list("word_count", flat=True)),
        "url": settings.SITE_URL + page,
        "end_url": unsubscribing.link(run.started_by, "mails_about_runs"),
    }
