"""The few words a file adds to a book. They follow the book's language, not the reader's screen: no gettext here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """Fixed words and sentences of one language; the sentences are filled with `format`."""

    contents: str
    notes: str
    cover: str
    title_page: str
    about: str
    start: str
    note: str
    back: str
    cover_of: str
    chapter: str
    untitled: str
    accessible: str
    extent: str
    thousands: str


ENGLISH = Labels(
    contents="Contents",
    notes="Notes",
    cover="Cover",
    title_page="Title page",
    about="About this book",
    start="Start of the text",
    note="Note {number}",
    back="Back to the text",
    cover_of="Cover of “{title}”",
    chapter="Chapter {number}",
    untitled="Untitled",
    accessible="Text that reflows, with headings, contents and linked notes; the cover is described.",
    extent="{words} words · {minutes} to read",
    thousands=",",
)
FRENCH = Labels(
    contents="Table des matières",
    notes="Notes",
    cover="Couverture",
    title_page="Page de titre",
    about="À propos de ce livre",
    start="Début du texte",
    note="Note {number}",
    back="Retour au texte",
    cover_of="Couverture de «\u00a0{title}\u00a0»",
    chapter="Chapitre {number}",
    untitled="Sans titre",
    accessible="Texte adaptable, avec titres, table des matières et notes liées\u202f; la couverture est décrite.",
    extent="{words} mots · {minutes} de lecture",
    thousands="\u202f",
)


def is_french(language: str) -> bool:
    """Whether the BCP 47 tag names French of any country."""
    return language.lower().partition("-")[0] == "fr"


def labels_for(language: str) -> Labels:
    """French for French books, English for all others."""
    return FRENCH if is_french(language) else ENGLISH


def duration(minutes: int) -> str:
    """Minutes as a reader says them: `45 min`, `2 h`, `2 h 05 min`; the same in both languages."""
    hours, rest = divmod(max(1, minutes), 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h" if not rest else f"{hours}\u00a0h\u00a0{rest:02d}\u00a0min"


def extent(words: int, language: str) -> str:
    """How long a book is, in words and in reading time at 225 words a minute."""
    labels = labels_for(language)
    number = f"{words:,}".replace(",", labels.thousands)
    return labels.extent.format(words=number, minutes=duration(round(words / WORDS_A_MINUTE)))


WORDS_A_MINUTE = 225
