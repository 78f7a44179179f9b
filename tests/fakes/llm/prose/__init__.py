"""The words scripted books are made of, in English and French: whole phrases, so that every sentence agrees.

Slots: `{topic}` and `{point}` are what the prompt speaks of; the others name the lists beside them. No person
who exists is named.
"""

from collections.abc import Mapping

from tests.fakes.llm.prose.english import ENGLISH
from tests.fakes.llm.prose.french import FRENCH
from tests.fakes.llm.prose.language import Language

__all__ = ["ENGLISH", "FRENCH", "LANGUAGES", "Language"]

LANGUAGES: Mapping[str, Language] = {"en": ENGLISH, "fr": FRENCH}
