"""Tables of the books app."""

from books.models.books import Audience, Book, BookStatus, Chapter, Difficulty, Genre, Palette, Tone, Visibility
from books.models.exports import Export, ExportState
from books.models.runs import (
    ACTIVE_RUN_STATES,
    CallState,
    LanguageModelCall,
    OutlineEntry,
    Run,
    RunState,
    Step,
    StepKind,
    StepState,
)

__all__ = [
    "ACTIVE_RUN_STATES",
    "Audience",
    "Book",
    "BookStatus",
    "CallState",
    "Chapter",
    "Difficulty",
    "Export",
    "ExportState",
    "Genre",
    "LanguageModelCall",
    "OutlineEntry",
    "Palette",
    "Run",
    "RunState",
    "Step",
    "StepKind",
    "StepState",
    "Tone",
    "Visibility",
]
