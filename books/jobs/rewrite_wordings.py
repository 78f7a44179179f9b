"""How a model is asked for another text in the place of one: whole sentences, in the language the answer is to be in.

These texts decide the journal's keys, as those of books.jobs.wordings do: they are no part of the site's translations.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from books.models import RewriteTask


@dataclass(frozen=True)
class RewriteWording:
    """The sentences of one language; `str.format` fills the names in braces. `orders` and `rules` are by task."""

    translator: str
    before: str
    after: str
    stands: str
    stands_next: str
    orders: Mapping[RewriteTask, str]
    besides: str
    rules: Mapping[RewriteTask, str]
    only: str


ENGLISH = RewriteWording(
    translator=(
        "You are a literary translator into {language}. You are at work on {genre} called {title}. You translate what"
        " is said, in the tone it is said in; you add nothing and leave nothing out."
    ),
    before="Just before the text in question stands this: {text}",
    after="Just after it stands this: {text}",
    stands="This text stands now:\n\n{text}",
    stands_next="The text that stands now goes on like this:\n\n{text}",
    orders={
        RewriteTask.REWRITE: (
            "Rewrite this text in {language} and follow this instruction: {instruction} Unless it says otherwise, write"
            " about {words} words."
        ),
        RewriteTask.SHORTEN: (
            "Shorten this text in {language} to about {words} words, in the same order: what matters most stays, what"
            " is said twice or says little goes."
        ),
        RewriteTask.LENGTHEN: (
            "Lengthen this text in {language} to about {words} words, in the same order: with details, examples and"
            " images that serve it, and with no fact you are not sure of."
        ),
        RewriteTask.TRANSLATE: "Translate this text into {language}, sentence by sentence, from beginning to end.",
    },
    besides="Follow this instruction too: {instruction}",
    rules={
        RewriteTask.REWRITE: "Keep what the instruction does not touch.",
        RewriteTask.SHORTEN: "Keep its Markdown.",
        RewriteTask.LENGTHEN: "Keep its Markdown.",
        RewriteTask.TRANSLATE: "Keep its paragraphs and its Markdown.",
    },
    only="Answer with the new text alone, without any remark.",
)

FRENCH = RewriteWording(
    translator=(
        "Tu traduis des livres en {language}. Tu travailles à {genre} qui s’intitule {title}. Tu traduis ce qui est"
        " dit, sur le ton où c’est dit, sans rien ajouter ni rien omettre."
    ),
    before="Juste avant le texte en question, il y a ceci\u00a0: {text}",
    after="Juste après, il y a ceci\u00a0: {text}",
    stands="Voici le texte actuel\u00a0:\n\n{text}",
    stands_next="Le texte actuel continue ainsi\u00a0:\n\n{text}",
    orders={
        RewriteTask.REWRITE: (
            "Réécris ce texte en {language} en suivant cette consigne\u00a0: {instruction} Sauf si elle dit autre"
            " chose, écris environ {words} mots."
        ),
        RewriteTask.SHORTEN: (
            "Raccourcis ce texte en {language} à environ {words} mots, dans le même ordre\u00a0: garde l’essentiel,"
            " retire ce qui est dit deux fois ou dit peu."
        ),
        RewriteTask.LENGTHEN: (
            "Développe ce texte en {language} jusqu’à environ {words} mots, dans le même ordre\u00a0: avec des détails,"
            " des exemples et des images qui le servent, et sans aucun fait dont tu ne sois sûr."
        ),
        RewriteTask.TRANSLATE: "Traduis ce texte en {language}, phrase par phrase, du début à la fin.",
    },
    besides="Suis aussi cette consigne\u00a0: {instruction}",
    rules={
        RewriteTask.REWRITE: "Garde ce que la consigne ne touche pas.",
        RewriteTask.SHORTEN: "Garde son Markdown.",
        RewriteTask.LENGTHEN: "Garde son Markdown.",
        RewriteTask.TRANSLATE: "Garde ses paragraphes et son Markdown.",
    },
    only="Réponds par le nouveau texte seul, sans aucune remarque.",
)

# Languages to translate into, as the English sentences name them; French has sentences of its own.
INTO = {
    "af": "Afrikaans", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fi": "Finnish", "fr": "français",
    "ga": "Irish", "gl": "Galician", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nb": "Norwegian (Bokmål)", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian",
    "sv": "Swedish", "sw": "Swahili", "tr": "Turkish",
}  # fmt: skip


def of(language: str) -> RewriteWording:
    """The sentences for an answer in that language (ISO 639-1)."""
    return FRENCH if language == "fr" else ENGLISH
