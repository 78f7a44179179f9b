"""How the chat beside a book speaks to the model: whole sentences, in the language the answer is to be in.

These texts decide the journal's keys, as those of books.jobs.wordings do: they are no part of the site's translations.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from books.models import ChatKind


@dataclass(frozen=True)
class ChatWording:
    """The sentences of one language; `str.format` fills the names in braces. `ideas` are the orders by kind."""

    editor: str
    subtitled: str
    goal: str
    outline: str
    no_outline: str
    about: str
    passages: str
    passage: str
    answer: str
    ideas: Mapping[str, str]
    ideas_rule: str
    known: str


ENGLISH = ChatWording(
    editor=(
        "You are the editor of {genre} called {title}, about {topic}, for {audience} who are {level}, in a {tone} tone."
        " You talk with its author about it."
    ),
    subtitled="Its subtitle is {subtitle}.",
    goal="What it wants for its readers: {goal}",
    outline="Its chapters are:",
    no_outline="Its chapters are not planned yet.",
    about="The author is asking about the chapter {title}.",
    passages="Parts of its text:",
    passage="From chapter {chapter}, {title}:",
    answer=(
        "Answer the author in {language}, in a few short paragraphs. What you say of the book stands above; when it is"
        " not there, say so. Make concrete proposals for this book. State no fact you are not sure of."
    ),
    ideas={
        ChatKind.TITLES: "Propose five different titles for this book, in {language}, each of two to eight words.",
        ChatKind.OPENINGS: (
            "Propose five different openings for this book, in {language}: each the first two or three sentences, ready"
            " to print."
        ),
        ChatKind.SCENES: (
            "Propose five different scenes or examples for this book, in {language}: each in two or three sentences"
            " that say who, where and what happens."
        ),
    },
    ideas_rule="Answer in JSON.",
    known="These were proposed already and are not repeated:",
)

FRENCH = ChatWording(
    editor=(
        "Tu es l’éditeur d’un livre, {genre} qui s’intitule {title} et traite de {topic}, pour {audience} de niveau"
        " {level}, sur un ton {tone}. Tu en parles avec son auteur."
    ),
    subtitled="Son sous-titre est {subtitle}.",
    goal="Ce qu’il veut pour ses lecteurs\u00a0: {goal}",
    outline="Ses chapitres sont\u00a0:",
    no_outline="Ses chapitres ne sont pas encore prévus.",
    about="La question de l’auteur porte sur le chapitre {title}.",
    passages="Extraits de son texte\u00a0:",
    passage="Du chapitre {chapter}, {title}\u00a0:",
    answer=(
        "Réponds à l’auteur en {language}, en quelques courts paragraphes. Ce que tu dis du livre se trouve"
        " ci-dessus\u00a0; si cela n’y est pas, dis-le. Fais des propositions concrètes pour ce livre. N’affirme rien"
        " dont tu ne sois sûr."
    ),
    ideas={
        ChatKind.TITLES: ("Propose cinq titres différents pour ce livre, en {language}, chacun de deux à huit mots."),
        ChatKind.OPENINGS: (
            "Propose cinq débuts différents pour ce livre, en {language}\u00a0: chacun les deux ou trois premières"
            " phrases, prêtes à imprimer."
        ),
        ChatKind.SCENES: (
            "Propose cinq scènes ou exemples différents pour ce livre, en {language}\u00a0: chacun en deux ou trois"
            " phrases qui disent qui, où et ce qui se passe."
        ),
    },
    ideas_rule="Réponds en JSON.",
    known="Ces idées ont déjà été proposées et ne reviennent pas\u00a0:",
)

WORDINGS = {"en": ENGLISH, "fr": FRENCH}


def of(language: str) -> ChatWording:
    """The sentences for an answer in that language (ISO 639-1)."""
    return WORDINGS.get(language, ENGLISH)
