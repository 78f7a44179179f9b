"""Why a file could not be made; every message may be shown."""

import unicodedata

from django.utils.translation import gettext as _

from core.errors import DomainError


class ExportError(DomainError):
    """The file cannot be made from this manuscript, or not by this machine."""


class UnknownFormat(ExportError):
    """No engine makes the format asked for."""

    def __init__(self) -> None:
        super().__init__(_("This format does not exist."), code="unknown_format")


class GlyphMissing(ExportError):
    """A character no shipped font can draw: refused rather than printed as a blank box."""

    def __init__(self, *, place: str, character: str) -> None:
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        message = _("“%(place)s” holds the character “%(character)s” (%(name)s), which no font of ours can print.")
        super().__init__(message % {"place": place, "character": character, "name": name}, code="glyph_missing")
        self.place = place
        self.character = character


class PictureMissing(ExportError):
    """A picture of the text is no longer where it was stored: no file is made with a hole in it."""

    def __init__(self, title: str) -> None:
        message = _("The picture “%(title)s” cannot be found any more. Upload it again, or take it out of the text.")
        super().__init__(message % {"title": title}, code="picture_missing")


class PicturesTooLarge(ExportError):
    """The pictures of a text are together more than a file can hold."""

    def __init__(self) -> None:
        message = _("The pictures of this book are together larger than 150 MB: a file of it cannot be made.")
        super().__init__(message, code="pictures_too_large")


class EngineTimedOut(ExportError):
    """An engine ran longer than it may."""

    def __init__(self) -> None:
        super().__init__(_("Making this file took too long and was stopped."), code="too_slow")


class EngineFailed(ExportError):
    """An engine stopped with an error (often: out of its memory); `details` is for the log, not for the screen."""

    def __init__(self, details: str) -> None:
        super().__init__(_("This file could not be made: the book is too large or too unusual."), code="engine_failed")
        self.details = details
