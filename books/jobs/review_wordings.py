"""How a model is asked for suggestions: whole sentences, in the book's own language.

These texts decide the journal's keys, as those of books.jobs.wordings do: they are no part of the site's translations.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from books.models import SuggestionKind


@dataclass(frozen=True)
class ReviewWording:
    """The sentences of one language; `str.format` fills the names in braces. `kinds` say what each kind looks for.

    `to_check` is what the text is marked with where a model doubts a fact and knows no better.
    """

    editor: str
    sentences: str
    order: str
    kinds: Mapping[str, str]
    rules: str
    to_check: str


ENGLISH = ReviewWording(
    editor=(
        "You read this chapter as its editor now. You are sparing and precise: you touch only what is really wrong or"
        " clearly better otherwise, and leave the author’s voice alone."
    ),
    sentences="These are sentences of the chapter {title}, numbered:",
    order="Suggest {most} changes at most, of these kinds only: {kinds}.",
    kinds={
        SuggestionKind.STYLE: "“style” for clumsy, wordy or repeated words",
        SuggestionKind.COHERENCE: "“coherence” for what contradicts another sentence, the facts or other chapters",
        SuggestionKind.STRUCTURE: "“structure” for sentences that are too long, out of order or without a transition",
        SuggestionKind.FACT_CHECK: "“fact_check” for names, dates, figures and claims that are wrong or doubtful",
    },
    rules=(
        "For each one give the number of its sentence; in “quote” the words of that sentence that change, copied"
        " exactly; in “proposal” the words that go in their place, and nothing else; the reason in one short sentence"
        " in {language}; and how much it matters. Where you doubt a fact and know no better, repeat the quote as the"
        " proposal. Where nothing is wrong, suggest nothing. Answer in JSON."
    ),
    to_check="[to check]",
)

FRENCH = ReviewWording(
    editor=(
        "Tu relis maintenant ce chapitre en éditeur. Tu es économe et précis\u00a0: tu ne touches qu’à ce qui est"
        " vraiment faux ou nettement meilleur autrement, et tu respectes la voix de l’auteur."
    ),
    sentences="Voici des phrases du chapitre {title}, numérotées\u00a0:",
    order="Propose {most} changements au plus, de ces sortes seulement\u00a0: {kinds}.",
    kinds={
        SuggestionKind.STYLE: "«\u00a0style\u00a0» pour les mots maladroits, superflus ou répétés",
        SuggestionKind.COHERENCE: (
            "«\u00a0coherence\u00a0» pour ce qui contredit une autre phrase, les faits ou d’autres chapitres"
        ),
        SuggestionKind.STRUCTURE: (
            "«\u00a0structure\u00a0» pour les phrases trop longues, mal placées ou sans transition"
        ),
        SuggestionKind.FACT_CHECK: (
            "«\u00a0fact_check\u00a0» pour les noms, dates, chiffres et affirmations faux ou douteux"
        ),
    },
    rules=(
        "Pour chacun, donne le numéro de la phrase\u00a0; dans «\u00a0quote\u00a0», les mots de cette phrase qui"
        " changent, recopiés exactement\u00a0; dans «\u00a0proposal\u00a0», les mots qui les remplacent, et rien"
        " d’autre\u00a0; la raison en une courte phrase en {language}\u00a0; et son importance. Si tu doutes d’un fait"
        " sans savoir mieux, répète la citation comme proposition. Si rien n’est faux, ne propose rien. Réponds en"
        " JSON."
    ),
    to_check="[à vérifier]",
)


def of(language: str) -> ReviewWording:
    """The sentences for a book in that language (ISO 639-1)."""
    return FRENCH if language == "fr" else ENGLISH
