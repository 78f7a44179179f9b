"""Suggestions of people: on one passage, or everything somebody changed by typing freely."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from books.errors import BookRefused
from books.models import Chapter, Suggestion, SuggestionSource
from books.transitions import proposals, texts
from books.transitions.proposals import Draft
from books.transitions.suggestions import Proposed, propose
from core.errors import Conflict

AT_ONCE = 2000


@transaction.atomic
def suggest_change(*, chapter: Chapter, by: User, draft: Draft) -> Suggestion:
    """A person's suggestion on one passage.

    Raises Conflict when the passage does not stand there any more, BookRefused when the chapter has no room for it.
    """
    chapter = texts.lock(chapter)
    proposed = propose(chapter=chapter, author=by, drafts=[draft], source=SuggestionSource.PERSON)
    if not proposed.made:
        raise Conflict(_("The passage has changed meanwhile. Look at it again, then suggest your change anew."))
    return proposed.made[0]


@transaction.atomic
def suggest_text(
    *, chapter: Chapter, by: User, base: str, text: str, kind: str, reason: str = "", what_fits: bool = False
) -> Proposed:
    """Suggest everything that somebody changed by typing `text` over `base`; the chapter's own text stays as it is.

    What others changed in the text since is left alone: each change moves to where its passage stands now. Raises
    Conflict where one of them has no place any more, unless `what_fits` asks for the others alone; BookRefused when
    nothing was changed, too much at once, or more than the chapter has room for.
    """
    chapter = texts.lock(chapter)
    drafts = proposals.between(base, text, kind=kind, reason=reason)
    if not drafts:
        raise BookRefused(_("Nothing is changed yet: type into the text what you would change."), code="unchanged")
    if len(drafts) > AT_ONCE:
        said = _("These are more than %(number)d changes. Send a part of them first.") % {"number": AT_ONCE}
        raise BookRefused(said, code="too_many")
    moved = proposals.carried(drafts, base, chapter.markdown)
    if not what_fits and any(proposals.placed(chapter.markdown, draft) is None for draft in moved):
        raise Conflict(_("Somebody has changed the same passages meanwhile."), code="overtaken")
    return propose(chapter=chapter, author=by, drafts=moved, source=SuggestionSource.PERSON)
