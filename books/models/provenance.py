"""Whose a paragraph is: a label for each block of a chapter's text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where a paragraph came from."""

    PERSON = "person", _("written by a person")
    MODEL = "model", _("written by a model")
    IMPORT = "import", _("imported")


@dataclass(frozen=True)
class Hand:
    """Who changes a text: `name` is a person's id, a model's name, or what was imported."""

    source: Source
    name: str

    @classmethod
    def of_person(cls, person_id: UUID) -> "Hand":
        """A person's hand."""
        return cls(Source.PERSON, str(person_id))

    @classmethod
    def of_model(cls, name: str) -> "Hand":
        """A model's hand."""
        return cls(Source.MODEL, name)

    @property
    def key(self) -> str:
        """As labels and sums name it: a person's id, or `model:` or `import:` and its name."""
        return self.name if self.source == Source.PERSON else f"{self.source}:{self.name}"


@dataclass(frozen=True)
class Label:
    """Who wrote a paragraph, who edited it since (Hand.key, each once, in order), and who reviewed it as it stands.

    `reviewed_by` is a person's id, `reviewed_on` the day (ISO 8601, UTC).
    """

    source: Source
    name: str
    edited_by: tuple[str, ...] = ()
    reviewed_by: str = ""
    reviewed_on: str = ""

    @property
    def key(self) -> str:
        """Who wrote it, as Hand.key says it."""
        return Hand(self.source, self.name).key

    def touched(self, hand: Hand) -> "Label":
        """The label once that hand has changed the paragraph: reviewed no more; one's own paragraph stays one's own."""
        own = (self.source, self.name) == (hand.source, hand.name)
        edited = self.edited_by if own or hand.key in self.edited_by else (*self.edited_by, hand.key)
        return replace(self, edited_by=edited, reviewed_by="", reviewed_on="")

    def as_json(self) -> dict[str, Any]:
        """As the database holds it, empty parts left out."""
        kept: dict[str, Any] = {"source": str(self.source), "name": self.name}
        kept |= {"edited": list(self.edited_by)} if self.edited_by else {}
        return kept | ({"reviewed": self.reviewed_by, "on": self.reviewed_on} if self.reviewed_by else {})


def label_from(value: dict[str, Any]) -> Label:
    """A label as the database held it."""
    edited = tuple(value.get("edited", ()))
    return Label(Source(value["source"]), value["name"], edited, value.get("reviewed", ""), value.get("on", ""))


def labels_from(values: Sequence[dict[str, Any]]) -> tuple[Label, ...]:
    """The labels of a text."""
    return tuple(label_from(value) for value in values)
