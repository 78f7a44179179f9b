"""Parts of a book's own text that a question is about, found by full-text search."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from books.models import Book
from books.queries.sources import CONFIGURATIONS, TERM

CANDIDATES = 200
# Paragraphs in which a word of the question stands, the closest first; then how each chapter begins. Of a chapter that
# the question names, everything counts. A paragraph without end (an import) is judged by its first 20 000 characters.
RANKED = """
WITH question AS (SELECT to_tsquery(%(config)s, %(terms)s) AS terms),
paragraphs AS (
    SELECT chapter.position AS chapter, part.number, chapter.title, part.text, chapter.id = %(named)s AS is_named,
           to_tsvector(%(config)s, left(chapter.title || ' ' || part.text, 20000)) AS words
    FROM books_chapter chapter
    CROSS JOIN LATERAL regexp_split_to_table(chapter.markdown, '\\n\\s*\\n') WITH ORDINALITY AS part(text, number)
    WHERE chapter.organization_id = %(organization)s AND chapter.book_id = %(book)s AND chapter.markdown <> ''
      AND chapter.trashed_at IS NULL
)
SELECT chapter, number, title, text
FROM paragraphs, question
WHERE is_named OR words @@ terms OR number = 1
ORDER BY coalesce(is_named, false) DESC, ts_rank_cd(words, terms, 1) DESC, chapter, number
LIMIT %(most)s
"""


@dataclass(frozen=True)
class Part:
    """A paragraph of a chapter; `number` counts them from 1."""

    chapter: int
    number: int
    title: str
    text: str


def relevant_parts(book: Book, question: str, *, named: UUID | None = None, most_words: int) -> list[Part]:
    """Paragraphs that fit the question best, of at most `most_words` together, the best first (one query).

    `named` is a chapter that the question is about: its paragraphs come before those of others.
    """
    terms = dict.fromkeys(TERM.findall(question.casefold()))
    asked = {
        "config": CONFIGURATIONS.get(book.language, "simple"),
        "terms": " | ".join(f"'{term}'" for term in terms),
        "named": named,
        "organization": book.organization_id,
        "book": book.pk,
        "most": CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(RANKED, asked)
        rows = cursor.fetchall()
    return _fitting([Part(*row) for row in rows], most_words)


def _fitting(found: list[Part], most_words: int) -> list[Part]:
    """The first ones that fit; the first of all is cut rather than left out."""
    kept: list[Part] = []
    for part in found:
        words = part.text.split()
        if len(words) > most_words and not kept:
            return [Part(part.chapter, part.number, part.title, " ".join(words[:most_words]))]
        if len(words) > most_words:
            break
        kept.append(part)
        most_words -= len(words)
    return kept
