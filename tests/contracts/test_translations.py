"""French is complete: everything a fresh extraction finds is in locale/fr, not empty, not fuzzy."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.contracts.source import ROOT

FRENCH = Path("locale/fr/LC_MESSAGES/django.po")
KEPT = (".py", ".html", ".txt")
PLAIN_SPACE = re.compile(r"\S [:;?!»](?=\s|$)|« ")


def catalogue(path: Path) -> Catalog:
    """A .po file, or an empty catalogue where there is none yet."""
    if not path.exists():
        return Catalog(locale="fr")
    with open(path, "rb") as file:
        return read_po(file, locale="fr")


def extract(folder: Path) -> Catalog:
    """What Django's makemessages finds in `folder`, which gets a locale/fr of its own."""
    (folder / "locale").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "fr", "--no-location", "--verbosity", "0"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return catalogue(folder / FRENCH)


def gaps(found: Catalog, translated: Catalog) -> list[str]:
    """Messages that are missing, empty in any form, or fuzzy."""
    missing = []
    for message in found:
        if not message.id:
            continue
        have = translated.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        forms = have.string if have and isinstance(have.string, list | tuple) else [have.string if have else ""]
        if have is None or have.fuzzy or not all(forms) or isinstance(have.id, str) != isinstance(message.id, str):
            missing.append(str(message.id))
    return missing


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Everything of ours that may hold a message."""
    for name in ["accounts", "audit", "billing", "books", "config", "core", "organizations", "templates"]:
        for path in (ROOT / name).rglob("*"):
            if path.suffix in KEPT and path.is_file():
                target = tmp_path / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    return tmp_path


def test_french_has_no_gap(copy: Path) -> None:
    assert gaps(extract(copy), catalogue(ROOT / FRENCH)) == []


def plain_spaces(translated: Catalog) -> list[str]:
    """French of ours in which a line could begin with the sign that ends a clause."""
    forms = [
        message.string if isinstance(message.string, (list, tuple)) else [message.string] for message in translated
    ]
    return [text for form in forms for text in map(str, form) if PLAIN_SPACE.search(text)]


def test_no_french_line_begins_with_a_sign_or_ends_with_an_open_quote() -> None:
    assert plain_spaces(catalogue(ROOT / FRENCH)) == []


def test_plain_spaces_are_caught() -> None:
    planted = Catalog(locale="fr")
    planted.add("One", "Vraiment\N{NARROW NO-BREAK SPACE}?")
    planted.add("Two", "Vraiment ?")
    planted.add(("%d bee", "%d bees"), ("%d abeille", "« %d abeilles"))
    assert len(plain_spaces(planted)) == 2


def test_gaps_are_caught(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text('_("One"); _("Two"); _("Three"); ngettext("%d bee", "%d bees", 2)\n')
    found = extract(tmp_path)
    partly = Catalog(locale="fr")
    partly.add("One", "Un")
    partly.add("Two", "")
    partly.add("Three", "Trois", flags=["fuzzy"])
    partly.add(("%d bee", "%d bees"), ("%d abeille", ""))
    assert len(gaps(found, partly)) == 3
    assert len(gaps(found, Catalog(locale="fr"))) == 4
