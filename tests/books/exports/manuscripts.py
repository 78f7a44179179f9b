"""Manuscripts that hold everything a text can hold, and what is inside the files made of them."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from books.providers.exports.manuscript import Manuscript, ManuscriptChapter

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
