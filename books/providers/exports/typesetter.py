"""typst: the pages of the PDF and the picture of a cover."""

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from books.providers.exports.fonts import font_folders
from books.providers.exports.manuscript import FOLDER, ManuscriptPicture
from books.providers.exports.programs import run

HERE = Path(__file__).parent
SECONDS = 120
# The cover is 600 points wide: 1600 pixels, what shops ask for.
COVER_PIXELS_AN_INCH = 192
# Address space, not use: the longest novels tried (215 000 words) take about 0.55 GiB of it.
MEMORY = 960 * 1024 * 1024


def typeset(
    template: Literal["book", "cover"],
    files: dict[str, bytes],
    *,
    workdir: Path,
    at: datetime | None,
    pictures: Sequence[ManuscriptPicture] = (),
) -> bytes:
    """The template with files and pictures beside it, as PDF (`book`) or PNG (`cover`), dated `at` or not at all."""
    kind = "pdf" if template == "book" else "png"
    with tempfile.TemporaryDirectory(prefix="typst-", dir=workdir) as name:
        folder = Path(name)
        shutil.copy(HERE / f"{template}.typ", folder / "main.typ")
        for file, data in files.items():
            (folder / file).write_bytes(data)
        (folder / FOLDER).mkdir()
        for picture in pictures:
            (folder / picture.path).hardlink_to(workdir / picture.path)
        job = {
            "main": str(folder / "main.typ"),
            "output": str(folder / f"out.{kind}"),
            "format": kind,
            "pixels_an_inch": COVER_PIXELS_AN_INCH,
            "standards": ["ua-1"] if kind == "pdf" else [],
            "timestamp": int(at.timestamp()) if at else None,
            "fonts": [str(path) for path in font_folders()],
            "memory": MEMORY,
        }
        command: list[str | Path] = [sys.executable, "-I", HERE / "typst_worker.py"]
        run(command, stdin=json.dumps(job).encode(), folder=folder, seconds=SECONDS)
        return (folder / f"out.{kind}").read_bytes()
