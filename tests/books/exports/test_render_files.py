"""A manuscript becomes files: harmless, the same every time, by engines that can fail."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from books.providers.exports import ExportError, render
from books.providers.exports.errors import EngineFailed, EngineTimedOut
from books.providers.exports.programs import run
from tests.books.exports.manuscripts import make_manuscript, one_chapter, parts


def test_the_same_manuscript_gives_the_same_bytes_in_another_process_and_folder(
    files: Mapping[str, bytes], tmp_path: Path
) -> None:
    program = """
import hashlib, json, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from books.providers.exports import FORMATS, render
from tests.books.exports.manuscripts import make_manuscript
folder = Path(sys.argv[1])
print(json.dumps({key: hashlib.sha256(render(key, make_manuscript(), folder)).hexdigest() for key in FORMATS}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        check=True,
        env={"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).parents[3],
    )
    assert json.loads(done.stdout) == {key: hashlib.sha256(data).hexdigest() for key, data in files.items()}


@pytest.mark.parametrize("key", ["pdf", "epub", "docx"])
def test_only_the_date_of_the_last_change_enters_a_file(files: Mapping[str, bytes], key: str, tmp_path: Path) -> None:
    later = make_manuscript(modified_at=datetime(2027, 1, 2, 3, 4, 6, tzinfo=UTC))
    assert render(key, later, tmp_path) != files[key]
    if key == "pdf":
        with pikepdf.open(io.BytesIO(files[key])) as pdf:
            assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261121103000")
    else:
        with zipfile.ZipFile(io.BytesIO(files[key])) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 21, 10, 30, 0)}


@pytest.mark.parametrize("key", ["html", "epub", "docx", "markdown"])
def test_nothing_an_author_types_becomes_markup(files: Mapping[str, bytes], key: str) -> None:
    texts = [files[key].decode()] if key in {"html", "markdown"} else list(parts(files[key]).values())
    for text in texts:
        if text.startswith("\ufffdPNG"):
            continue
        assert "\x1b" not in text and "\u202e" not in text and "\ufffe" not in text
        if key != "markdown":
            assert "<script" not in text and "<b onclick" not in text
            assert 'href="javascript' not in text and "example.com/hive.png" not in text
    if key == "markdown":
        assert r"\<script>" in texts[0]


@pytest.mark.parametrize(
    "markdown",
    [
        "> " * 500 + "deep",
        "".join("  " * level + "- x\n" for level in range(200)),
        "*" * 999 + "a" + "*" * 999,
        "[^1]\n\n[^1]: a[^1]",
    ],
    ids=["quotes", "lists", "emphasis", "a note in itself"],
)
@pytest.mark.parametrize("key", ["pdf", "docx", "html"])
def test_depth_without_end_is_flattened(markdown: str, key: str, tmp_path: Path) -> None:
    assert render(key, one_chapter(markdown), tmp_path)


def test_an_engine_that_hangs_or_fails_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(EngineTimedOut):
        run(["sleep", "60"], stdin=b"", folder=tmp_path, seconds=0.1)
    with pytest.raises(EngineFailed) as caught:
        run(["sh", "-c", "echo broken >&2; exit 3"], stdin=b"", folder=tmp_path, seconds=10)
    assert caught.value.details == "broken\n" and "broken" not in str(caught.value)


def test_a_program_that_reads_strangers_text_sees_none_of_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden")
    assert b"hidden" not in run(["env"], stdin=b"", folder=tmp_path, seconds=10)


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        render("exe", make_manuscript(), tmp_path)
