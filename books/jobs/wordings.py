"""How prompts speak: whole sentences in the book's own language, which even a small model follows.

A model asked in English answers in English more often than not, so a French book is asked for in French. These texts
decide the journal's keys: they belong to the code and are no part of the site's translations.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """The sentences of one language; `str.format` fills the names in braces.

    `genres`, `audiences` and `tones` say the brief's choices inside a sentence; a choice they lack stands as it is.
    """

    genres: Mapping[str, str]
    audiences: Mapping[str, str]
    levels: Mapping[str, str]
    tones: Mapping[str, str]
    quoted: str
    author: str
    called: str
    subtitled: str
    goal: str
    chapters: str
    plan_all: str
    plan_some: str
    plan_rules: str
    planned: str
    write: str
    explain: str
    go_on: str
    blurb: str
    facts: str
    before: str
    after: str
    follow: str
    excerpt: str
    told: str
    told_before: str
    summarize: str
    list_facts: str


ENGLISH = Wording(
    genres={
        "guide": "a practical guide",
        "essay": "an essay",
        "textbook": "a textbook",
        "business": "a business book",
        "history": "a history book",
        "travel": "a travel book",
        "memoir": "a memoir",
        "novel": "a novel",
        "stories": "a collection of short stories",
        "children": "a children's book",
    },
    audiences={"general": "general readers"},
    levels={"beginner": "beginners", "intermediate": "no beginners", "advanced": "advanced", "expert": "experts"},
    tones={},
    quoted="“{}”",
    author=(
        "You are an author who writes in {language} about {topic}, for {audience} who are {level}, in a {tone} tone."
        " You state no fact you are not sure of and name no living person."
    ),
    called="You are at work on {genre} called {title}.",
    subtitled="Its subtitle is {subtitle}.",
    goal="What it wants for its readers: {goal}",
    chapters="Its chapters are {titles}; each keeps to its own subject.",
    plan_all="Plan {genre} about {topic} in {total} chapters.",
    plan_some="Plan chapters {first} to {last} of {genre} about {topic} in {total} chapters.",
    plan_rules=(
        "Every chapter is about a different part of this topic, and its title says which. Give each chapter a short"
        " title, a summary of one sentence, and two to four points that it explains, all in {language}. Answer in JSON."
    ),
    planned="These chapters are planned already and are not repeated:",
    write=(
        "Write about {words} words in {language} about {topic}, on this side of it: {title}. Use plain paragraphs"
        " without headings or lists."
    ),
    explain="Explain {points}.",
    go_on="Go on from there without repeating anything.",
    blurb=(
        "Write about {words} words in {language} for the back cover: one paragraph that makes people want to read about"
        " {topic}, without a title or quotation marks."
    ),
    facts="These names, terms, dates and conventions hold everywhere: {facts}.",
    before="Just before, {title} has told this: {summary}",
    after="Just after, {title} will tell this: {summary}",
    follow=(
        "These excerpts come from the author’s own sources. Follow them, contradict nothing in them, and invent nothing"
        " beyond them about what they speak of."
    ),
    excerpt="{source} says:\n{text}",
    told="So far it tells this: {summary}",
    told_before="This came before: {summary}",
    summarize=(
        "Summarize this text in {language}, in at most {words} words, for the author who goes on with it: what it"
        " tells, which names, terms and examples it uses, and where it stops."
    ),
    list_facts=(
        "List what must stay the same from the first chapter to the last: names of people and places, terms and what"
        " they mean, dates, spellings, how the reader is addressed. One short line each, {most} lines at most, all in"
        " {language}, and nothing that does not follow from this plan. Answer in JSON."
    ),
)

FRENCH = Wording(
    genres={
        "guide": "un guide pratique",
        "essay": "un essai",
        "textbook": "un manuel",
        "business": "un livre d’entreprise",
        "history": "un livre d’histoire",
        "travel": "un livre de voyage",
        "memoir": "un livre de mémoires",
        "novel": "un roman",
        "stories": "un recueil de nouvelles",
        "children": "un livre pour enfants",
    },
    audiences={
        "general": "le grand public",
        "professionals": "les professionnels",
        "students": "les étudiants",
        "teenagers": "les adolescents",
        "children": "les enfants",
    },
    levels={"beginner": "débutant", "intermediate": "intermédiaire", "advanced": "avancé", "expert": "expert"},
    tones={
        "warm": "chaleureux",
        "neutral": "neutre",
        "academic": "universitaire",
        "lively": "vif",
        "literary": "littéraire",
        "humorous": "humoristique",
    },
    quoted="«\u00a0{}\u00a0»",
    author=(
        "Tu es un auteur qui écrit en {language} sur {topic}, pour {audience} de niveau {level}, sur un ton {tone}."
        " Tu n’affirmes rien dont tu ne sois sûr et ne nommes aucune personne vivante."
    ),
    called="Tu travailles à {genre} qui s’intitule {title}.",
    subtitled="Son sous-titre est {subtitle}.",
    goal="Ce qu’il veut pour ses lecteurs\u00a0: {goal}",
    chapters="Ses chapitres sont {titles}\u00a0; chacun s’en tient à son sujet.",
    plan_all="Fais le plan d’{genre} sur {topic} en {total} chapitres.",
    plan_some="Fais le plan des chapitres {first} à {last} d’{genre} sur {topic} en {total} chapitres.",
    plan_rules=(
        "Chaque chapitre traite une autre partie de ce sujet, et son titre dit laquelle. Donne à chaque chapitre un"
        " titre court, un résumé d’une phrase et deux à quatre points qu’il explique, le tout en {language}. Réponds en"
        " JSON."
    ),
    planned="Ces chapitres sont déjà prévus et ne reviennent pas\u00a0:",
    write=(
        "Écris environ {words} mots en {language} sur {topic}, sous cet angle\u00a0: {title}. De simples paragraphes,"
        " sans titres ni listes."
    ),
    explain="Explique {points}.",
    go_on="Continue à partir de là sans rien répéter.",
    blurb=(
        "Écris environ {words} mots en {language} pour la quatrième de couverture\u00a0: un seul paragraphe qui donne"
        " envie de lire sur {topic}, sans titre ni guillemets."
    ),
    facts="Ces noms, termes, dates et conventions valent partout\u00a0: {facts}.",
    before="Juste avant, {title} a raconté ceci\u00a0: {summary}",
    after="Juste après, {title} racontera ceci\u00a0: {summary}",
    follow=(
        "Ces extraits viennent des sources de l’auteur. Suis-les, ne contredis rien de ce qu’ils disent et n’invente"
        " rien au-delà sur ce dont ils parlent."
    ),
    excerpt="{source} dit ceci\u00a0:\n{text}",
    told="Jusqu’ici, il raconte ceci\u00a0: {summary}",
    told_before="Voici ce qui précède\u00a0: {summary}",
    summarize=(
        "Résume ce texte en {language}, en {words} mots au plus, pour l’auteur qui le poursuit\u00a0: ce qu’il raconte,"
        " les noms, termes et exemples qu’il emploie, et où il s’arrête."
    ),
    list_facts=(
        "Dresse la liste de ce qui doit rester le même du premier au dernier chapitre\u00a0: noms de personnes et de"
        " lieux, termes et leur sens, dates, graphies, manière de s’adresser au lecteur. Une courte ligne pour chacun,"
        " {most} lignes au plus, tout en {language}, et rien qui ne découle de ce plan. Réponds en JSON."
    ),
)

WORDINGS = {"en": ENGLISH, "fr": FRENCH}
# As each language names itself; a language without sentences of its own is asked for in English.
LANGUAGES = {"en": "English", "fr": "français"}


def of(language: str) -> Wording:
    """The sentences for a book in that language (ISO 639-1)."""
    return WORDINGS.get(language, ENGLISH)


def name(language: str) -> str:
    """The language as those sentences name it."""
    return LANGUAGES.get(language, language)
