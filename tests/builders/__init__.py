"""Plain builders of rows: sensible by default, every field can be named. They write as tests' own hand, not as actions.

Each is a transaction, since a tenant row outside of one is refused.
"""

from tests.builders.books import (
    make_book,
    make_bundle,
    make_chapter,
    make_download,
    make_export,
    make_picture,
    make_revision,
    make_source,
    make_version,
)
from tests.builders.notes import make_comment, make_mention, make_suggestion
from tests.builders.people import (
    give_credits,
    lift_limits,
    make_invitation,
    make_member,
    make_organization,
    make_person,
    prove,
    show_factor,
)
from tests.builders.runs import (
    make_call,
    make_chat,
    make_outline_entry,
    make_passage_use,
    make_review,
    make_rewrite,
    make_run,
    make_step,
    make_turn,
)
from tests.builders.sharing import make_collaborator, make_link, make_visits, publish

__all__ = [
    "give_credits",
    "lift_limits",
    "make_book",
    "make_bundle",
    "make_call",
    "make_chapter",
    "make_chat",
    "make_collaborator",
    "make_comment",
    "make_download",
    "make_export",
    "make_invitation",
    "make_link",
    "make_member",
    "make_mention",
    "make_organization",
    "make_outline_entry",
    "make_passage_use",
    "make_person",
    "make_picture",
    "make_review",
    "make_revision",
    "make_rewrite",
    "make_run",
    "make_source",
    "make_step",
    "make_suggestion",
    "make_turn",
    "make_version",
    "make_visits",
    "prove",
    "publish",
    "show_factor",
]
