"""What a model says is a stranger's text: stored harmless, shown escaped, printed as words or named in a message."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from books.models import Export, ExportState, OutlineEntry, Run, RunState, Step
from tests.books import desk
from tests.books.parrot import parrot

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)> <a href='javascript:alert(3)'>x</a>"
STRANGE = "nul\x00 bell\x07 escape\x1b[31m reversed \u202egpj.exe\u202c é"
PROSE = " ".join(["Bees like roofs, and roofs like bees."] * 30)
CODE = '#read("/etc/passwd") {{ 77017*77017 }} {% now %} [x](javascript:x)'
SECTION = f"# A heading\n\n{PROSE}\n\n{ATTACK} {STRANGE}\n\n{CODE}\r\n\r\n\r\n\r\nEnd."
LONG = "long " * 400


def said(purpose: str) -> str:
    """A hostile answer to each question; surrogates travel as JSON escapes, as they do on the wire."""
    if purpose == "outline":
        hostile = f"{ATTACK} {STRANGE}\nTwo lines {LONG}"
        chapters = [
            {"title": hostile, "summary": ATTACK + LONG, "points": [STRANGE, "\x07"]},
            {"title": "\x00\x07 \u202e", "summary": "", "points": []},
        ]
        return json.dumps({"chapters": chapters})
    return f'"{ATTACK} Roofs hum. {STRANGE} And then' if purpose == "blurb" else SECTION


@pytest.fixture
def run(author: Client, settings: Any, run_queue: Perform) -> Iterator[Run]:
    """A whole run of a model that means no good."""
    with parrot(said) as url:
        settings.LANGUAGE_MODEL = {
            **settings.LANGUAGE_MODEL, "LLM_URL": url, "LLM_MODEL": "parrot", "LLM_CONTEXT_TOKENS": "16384"
        }  # fmt: skip
        begun = desk.begin(author, approves_itself="on")
        run_queue()
        yield desk.again(begun)


def export(author: Client, run: Run, key: str, run_queue: Perform) -> Export:
    author.post(desk.address("export_request", "atelier", run.book_id, key))
    run_queue()
    return desk.rows(Export, run.organization, book_id=run.book_id, format=key)[0]


def test_what_is_stored_is_harmless(run: Run) -> None:
    assert run.state == RunState.COMPLETED, [(s.kind, s.problem) for s in desk.rows(Step, run.organization)]
    first, second = sorted(desk.rows(OutlineEntry, run.organization, run=run), key=lambda entry: entry.position)
    assert len(first.title) <= 150
    assert len(first.summary) <= 1000
    assert first.points[0].startswith("nul bell")
    assert (len(first.points), second.title) == (1, "Chapter 2")
    blurb = desk.book_of(run).blurb
    assert blurb.endswith("Roofs hum.")
    for text in [first.title, first.summary, *first.points, blurb, desk.chapters_of(run)[0].markdown]:
        assert not any(ord(one) < 32 and one not in "\n\t" for one in text)

    assert "A heading" not in desk.chapters_of(run)[0].markdown


def test_what_is_shown_is_escaped(author: Client, run: Run) -> None:
    chapter = desk.chapters_of(run)[0]
    for page in (
        desk.address("run", "atelier", run.pk),
        desk.address("book", "atelier", run.book_id),
        desk.address("chapter", "atelier", run.book_id, chapter.pk),
    ):
        html = author.get(page).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "href='javascript:" not in html.lower()
        assert 'href="javascript:' not in html.lower()
        assert str(77017 * 77017) not in html


def test_files_hold_it_as_words(author: Client, run: Run, run_queue: Perform) -> None:
    for key in ("html", "docx", "markdown"):
        made = export(author, run, key, run_queue)
        assert made.state == ExportState.READY, (key, made.problem)
        data = desk.content(made)
        if key == "docx":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = b"\n".join(archive.read(name) for name in archive.namelist() if name.endswith(("ml", "rels")))
        assert b"Bees like roofs" in data
        assert b"onerror=alert(2)>" not in data or key == "markdown"
        assert b"<script>alert" not in data or key == "markdown"
        assert b"root:" not in data


def test_the_printed_page_has_it_or_the_message_names_the_chapter(author: Client, run: Run, run_queue: Perform) -> None:
    made = export(author, run, "pdf", run_queue)
    if made.state == ExportState.READY:
        assert desk.content(made)[:5] == b"%PDF-"
    else:
        assert "no font" in made.problem
        assert made.problem in author.get(desk.address("book", "atelier", run.book_id)).content.decode()
