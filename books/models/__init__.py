"""Tables of the books app."""

from books.models.books import Audience, Book, BookStatus, Chapter, Difficulty, Genre, Palette, Tone, Visibility
from books.models.chapters import ChapterVersion, Decision, ReadingPlace, Rewrite, VersionOrigin
from books.models.chats import Chat, ChatKind, ChatTurn
from books.models.exports import Bundle, BundleItem, Download, Export, ExportState, PageSize
from books.models.runs import (
    ACTIVE_RUN_STATES,
    CallState,
    LanguageModelCall,
    OutlineEntry,
    Run,
    RunKind,
    RunState,
    Step,
    StepKind,
    StepState,
)
from books.models.sources import PassageUse, Source, SourcePassage
from books.models.spending import CapScope, SpendingCaps, SpendingWarning

__all__ = [
    "ACTIVE_RUN_STATES",
    "Audience",
    "Book",
    "BookStatus",
    "Bundle",
    "BundleItem",
    "CallState",
    "CapScope",
    "Chapter",
    "ChapterVersion",
    "Chat",
    "ChatKind",
    "ChatTurn",
    "Decision",
    "Difficulty",
    "Download",
    "Export",
    "ExportState",
    "Genre",
    "LanguageModelCall",
    "OutlineEntry",
    "PageSize",
    "Palette",
    "PassageUse",
    "ReadingPlace",
    "Rewrite",
    "Run",
    "RunKind",
    "RunState",
    "Source",
    "SourcePassage",
    "SpendingCaps",
    "SpendingWarning",
    "Step",
    "StepKind",
    "StepState",
    "Tone",
    "VersionOrigin",
    "Visibility",
]
