"""What differs between two texts, beside a plain two-level diff; a long history beside a short one; what it stores."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rapidfuzz.distance import LCSseq

from tests.benchmarks import bulk
from tests.benchmarks.clock import fastest
from tests.benchmarks.pages import get
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from accounts.models import User
    from books.models import Book

WORDS = 10_000
ROUNDS = 15
CHAPTERS, SHORT, LONG = 300, 60, 20_000  # revisions; a page shows 50
SMALL_CHANGES = 1000
_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")


def differences(site: Site) -> Iterator[Row]:
    """Versions of ten thousand words ÷ paragraphs by difflib, then the changed ones by rapidfuzz."""
    from core.diffs import edits

    chance = Random(7)
    paragraphs = prose(chance, WORDS)
    old = "\n\n".join(paragraphs)
    cases = {
        "diff, 2 % of the words": (changed(paragraphs, chance, 0.02), "1.5"),
        "diff, 2 % and moved paragraphs": (moved(changed(paragraphs, chance, 0.02), chance, 8), "1.5"),
        "diff, 15 % and moved paragraphs": (moved(changed(paragraphs, chance, 0.15), chance, 20), "1.5"),
        "diff, unrelated texts": (prose(chance, WORDS), "100 ms"),
    }
    for name, (now, bar) in cases.items():
        new = "\n\n".join(now)
        ours, plain = fastest(partial(edits, old, new), partial(two_levels, old, new), rounds=ROUNDS)
        yield Row(name, f"{ours / plain:.2f}", bar, f"{ours:.1f} ÷ {plain:.1f} ms, {len(edits(old, new))} edits")


def long_history(site: Site) -> Iterator[Row]:
    """The list of 20 000 revisions of 300 chapters ÷ that of sixty; a search that finds nothing ÷ the list."""
    from tests import builders
    from tests.benchmarks.runs import signed_in

    person = builders.make_person()
    browser = signed_in(person)
    books = {size: remembered(site, person, size) for size in (SHORT, LONG)}
    site.analyze()
    pages = {size: reverse("books:history", args=[of.organization.slug, of.pk]) for size, of in books.items()}
    few, many = (queries(browser, pages[size]) for size in (SHORT, LONG))
    below, above = fastest(lambda: get(browser, pages[SHORT]), lambda: get(browser, pages[LONG]), rounds=ROUNDS)
    yield Row(f"history, {LONG:,} ÷ {SHORT} revisions", f"{above / below:.2f}", "flat", f"{above:.1f} ÷ {below:.1f} ms")
    yield Row("history, queries of the two", f"{many - few:+d}", "0", f"{many} and {few}")
    search = f"{pages[LONG]}?q=nothing+like+it"
    found, every = fastest(lambda: get(browser, search), lambda: get(browser, pages[LONG]), rounds=ROUNDS)
    yield Row("history, search ÷ list", f"{found / every:.2f}", "none", f"{found:.1f} ÷ {every:.1f} ms")


def storage(site: Site) -> Iterator[Row]:
    """What a thousand small changes of a text of ten thousand words store, each kept as a revision, ÷ the text."""
    from books.models import Chapter, ChapterVersion, RevisionKind, VersionOrigin
    from books.models.provenance import Hand
    from books.queries.versions import documents
    from books.transitions import revisions, texts
    from core import tenancy
    from tests import builders

    chance = Random(7)
    person = builders.make_person()
    organization = builders.make_organization()
    chapter = builders.make_chapter(
        builders.make_book(organization, person), markdown="\n\n".join(prose(chance, WORDS))
    )
    before = sizes()
    for number in range(SMALL_CHANGES):
        with tenancy.declared(organization.pk), transaction.atomic():
            rows = Chapter.objects.of(organization).select_related("book", "organization")
            locked = texts.lock(rows.get(pk=chapter.pk))
            paragraphs = locked.markdown.split("\n\n")
            place = chance.randrange(len(paragraphs))
            (paragraphs[place],) = changed([f"{paragraphs[place]} Again {number}."], chance, 0.02)
            hand = Hand.of_person(person.pk)
            texts.replace(locked, "\n\n".join(paragraphs), hand=hand, origin=VersionOrigin.EDITED, by=person)
            revisions.take(locked.book, RevisionKind.KEPT, by=person, message=str(number))
    with tenancy.declared(organization.pk), transaction.atomic():
        versions = ChapterVersion.objects.of(organization).filter(chapter=chapter)
        payloads = versions.aggregate(all=Sum(Length("payload")))["all"]
        chapter = Chapter.objects.of(organization).select_related("organization").get(pk=chapter.pk)
        text = len(chapter.markdown.encode())
        last = versions.order_by("-number").values_list("number", flat=True)[0]
        (read,) = fastest(lambda: documents(chapter, [last]), rounds=ROUNDS)
    tables = sum(sizes()) - sum(before)
    yield Row(
        f"{SMALL_CHANGES:,} revisions: texts ÷ text", f"{payloads / text:.2f}", "3", f"{payloads:,} ÷ {text:,} bytes"
    )
    yield Row("the same with rows and indexes", f"{tables / text:.2f}", "none", f"{tables:,} ÷ {text:,} bytes")
    yield Row("reading the last of them", f"{read:.1f} ms", "none", f"version {last}")


def prose(chance: Random, words: int) -> list[str]:
    """Paragraphs of made-up sentences, so many words in all."""
    letters = "eeeeaaaiiooutnrslcdmpbgfhv"
    known = ["".join(chance.choice(letters) for _each in range(chance.randint(2, 9))) for _each in range(3000)]
    found: list[str] = []
    while words > 0:
        sentences = [" ".join(chance.choices(known, k=chance.randint(5, 20))) for _each in range(chance.randint(2, 7))]
        found.append(". ".join(sentences) + ".")
        words -= found[-1].count(" ") + 1
    return found


def changed(paragraphs: Sequence[str], chance: Random, rate: float) -> list[str]:
    """The same with so many of their words replaced."""
    return [
        " ".join(f"w{chance.randrange(10**6)}" if chance.random() < rate else word for word in one.split(" "))
        for one in paragraphs
    ]


def moved(paragraphs: Sequence[str], chance: Random, number: int) -> list[str]:
    """The same with so many of them elsewhere."""
    found = list(paragraphs)
    for _each in range(number):
        found.insert(chance.randrange(len(found)), found.pop(chance.randrange(len(found))))
    return found


def two_levels(old: str, new: str) -> int:
    """The plain way: paragraphs by difflib, words of changed stretches by rapidfuzz; how many edits."""
    before, after = re.split(r"(?<=\n\n)", old), re.split(r"(?<=\n\n)", new)
    found = 0
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            steps = LCSseq.opcodes(_TOKENS.findall("".join(before[a:b])), _TOKENS.findall("".join(after[c:d])))
            found += sum(step.tag != "equal" for step in steps)
    return found


def remembered(site: Site, person: "User", size: int) -> "Book":
    """A book of 300 chapters with so many revisions, one chapter changed with each."""
    from books.models import RevisionChapter
    from core import tenancy
    from organizations.models import Membership, Role
    from tests import builders

    organization = builders.make_organization()
    Membership.objects.create(organization=organization, person=person, role=Role.OWNER)
    book = builders.make_book(organization, person)
    for position in range(1, CHAPTERS + 1):
        chapter = builders.make_chapter(book, position=position)
    revision = builders.make_revision(book)
    with tenancy.declared(organization.pk), transaction.atomic():
        held = RevisionChapter.objects.of(organization).get(chapter=chapter)
        version = held.version
    fresh = {"id": "uuidv7()"}
    bulk.multiply(site, revision, size - 1, fresh | {"place": "1 + n", "minor": "n", "message": "'No. ' || n"})
    bulk.multiply(site, version, size - 1, fresh | {"number": "1 + n"})
    bulk.multiply(site, held, size - 1, fresh | {"first_place": "1 + n", "last_place": "1 + n"})
    return book


def queries(browser: Client, address: str) -> int:
    """How many queries a page makes."""
    get(browser, address)
    with CaptureQueriesContext(connection) as found:
        get(browser, address)
    return len(found)


def sizes() -> list[int]:
    """Bytes of the tables of versions and revisions, with their indexes."""
    tables = ("books_chapterversion", "books_revision", "books_revisionchapter")
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute("SELECT pg_total_relation_size(%s)", [table])
            found.append(cursor.fetchone()[0])
    return found
