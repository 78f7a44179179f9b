"""Manuscripts that hold everything a text can hold, and what is inside the files made of them."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from PIL import Image

from books.providers.exports.manuscript import FOLDER, Manuscript, ManuscriptChapter, ManuscriptPicture

NASTY = """# A part

"Quoted" -- it's *long*, **bold**, ~~struck~~, `code; "x"`[^1], again[^1] and[^n]. #read("/etc/passwd") *word*.Next

<script>alert(1)</script> <b onclick="x()">bold</b> 🐝 ❤️ 👩‍👩‍👧
\x07\x1b[31m \u202eevil\u202c &#27; &#0; \ufffe \U0001fffe

<div style="position:fixed">
block
</div>

> A quote
>
> > inside a quote

- one
  - two *em*

3. three
4. four

   and a paragraph

***

| Month | Honey (kg) |
|:------|-----------:|
| April |            |
| July  | 12.5 | surplus |

### Deeper

```python
print("<x>")  # not "quoted"
```

![A hive](https://example.com/hive.png) [bad](javascript:alert(1)) [data](data:text/html,x)
[good](https://example.com/a?b=1&c=2)
[relative](other.md) [fragment](#nowhere) [broken](http://[::1) ![](x.png)

#

[^1]: The note, with *emphasis*.

    And a second paragraph.
[^n]: > A quoted note[^1]
"""
FRENCH = 'Il dit: "Bonjour!" et partit; pourquoi?[^1]\n\n« Oui » : il est 10:30.\n\n[^1]: Une note.\n'
PHOTOGRAPH = UUID("0193a000-0000-7000-8000-0000000000a1")
DRAWING = UUID("0193a000-0000-7000-8000-0000000000a2")
UNKNOWN = UUID("0193a000-0000-7000-8000-0000000000a3")
ILLUSTRATED = f"""![A hive & a <roof>](picture:{PHOTOGRAPH} 'The "first" -- hive')

A line with ![](picture:{DRAWING}) in it, ![nobody's](picture:{UNKNOWN}) and ![far](https://example.com/x.png).[^1]

# Heading ![a bee](picture:{PHOTOGRAPH})

> ![](picture:{PHOTOGRAPH})

- item ![small](picture:{DRAWING})

  ![in a list](picture:{PHOTOGRAPH})

| a |
|---|
| ![in a cell](picture:{PHOTOGRAPH}) |

[![led](picture:{DRAWING})](https://example.com/)

[no](picture:{PHOTOGRAPH}) ![two][p] ![refs][p]

    ![code](picture:{PHOTOGRAPH})

[p]: picture:{DRAWING} 'x'
[^1]: A note ![noted](picture:{DRAWING}).

    ![](picture:{DRAWING} "Only decorates")
"""
AGAIN = f"![again](picture:{PHOTOGRAPH})"


def make_manuscript(**overrides: object) -> Manuscript:
    chapters = (
        ManuscriptChapter(1, "Why the <city> needs bees & more", NASTY, 120),
        ManuscriptChapter(2, "", "", 0),
        ManuscriptChapter(3, "Neighbours, law and insurance", FRENCH, 14),
    )
    manuscript = Manuscript(
        identifier=UUID("0193a000-0000-7000-8000-000000000001"),
        title="Rooftop Bees & <Honey>",
        subtitle='A field guide for the city\'s "keepers"',
        author="Ada O'Neill",
        publisher="Demo & Sons",
        language="en",
        blurb="For anyone with a *roof*.",
        chapters=chapters,
        modified_at=datetime(2026, 11, 21, 10, 30, tzinfo=UTC),
        palette="forest",
    )
    return replace(manuscript, **overrides)  # type: ignore[arg-type]  # overrides name its fields


def one_chapter(markdown: str, **overrides: object) -> Manuscript:
    return make_manuscript(chapters=(ManuscriptChapter(1, "The first spring", markdown, 12),), **overrides)


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


def illustrated(workdir: Path, **overrides: object) -> Manuscript:
    """A book with a photograph (a figure, twice) and a drawing in its lines, whose files lie in `workdir`."""
    chapters = (ManuscriptChapter(1, "The hive", ILLUSTRATED, 30), ManuscriptChapter(2, "Again", AGAIN, 3))
    photograph = _picture(workdir, PHOTOGRAPH, "picture-1.jpg", (1600, 1000), alt="Its own words 🐝 𒀀")
    drawing = _picture(workdir, DRAWING, "picture-2.png", (60, 90), alt="")
    return make_manuscript(chapters=chapters, pictures=(photograph, drawing), **overrides)


def _picture(workdir: Path, key: UUID, name: str, size: tuple[int, int], alt: str) -> ManuscriptPicture:
    (workdir / FOLDER).mkdir(exist_ok=True)
    kind = "PNG" if name.endswith("png") else "JPEG"
    mode, colour = ("RGBA", (20, 90, 60, 128)) if kind == "PNG" else ("RGB", (200, 150, 40))
    Image.new(mode, size, colour).save(workdir / FOLDER / name, kind)
    return ManuscriptPicture(key, name, "A hive.jpg", alt, *size, f"image/{kind.lower()}")
