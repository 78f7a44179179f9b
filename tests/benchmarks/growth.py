"""What a documents worker keeps of the exports it has made."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from tests.benchmarks import exports
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site
from tests.browser.site import wait_for

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from books.models import Book, Export

FIRST, LAST = 5, 20  # each format once, then each three times more
SECONDS = 180.0  # of one export, on a machine that does other things too


def benchmark(site: Site) -> Iterator[Row]:
    """Memory of a documents worker after twenty exports of a long book ÷ that after five."""
    from books.providers.exports import FORMATS

    book, formats = long_book(), list(FORMATS)
    sizes: list[float] = []
    with site.at_work() as supervisor:
        [worker] = [child.process for child in supervisor.children if child.name == "worker-documents"]
        assert worker is not None
        for number in range(1, LAST + 1):
            export(book, formats[number % len(formats)], number)
            sizes.append(resident(worker.pid))
    sides = f"{sizes[LAST - 1]:.1f} ÷ {sizes[FIRST - 1]:.1f} MB, worker and its pool process; at most {max(sizes):.1f}"
    yield Row(
        f"worker after {LAST} exports ÷ after {FIRST}", f"{sizes[LAST - 1] / sizes[FIRST - 1]:.3f}", "≤ 1.05", sides
    )


def long_book() -> "Book":
    """A book of 200 000 words in its own organization."""
    from books.models import BookStatus
    from core.text import count_words
    from tests import builders
    from tests.benchmarks import runs

    person, organization = runs.author()
    text = exports.manuscript()
    chapters = len(text.chapters)
    book = builders.make_book(organization, person, status=BookStatus.REVIEW, chapter_count=chapters)
    for position, chapter in enumerate(text.chapters, start=1):
        words = count_words(chapter.markdown)
        builders.make_chapter(book, position=position, title=chapter.title, markdown=chapter.markdown, word_count=words)
    return book


def export(book: "Book", form: str, number: int) -> None:
    """One file of the book under another title, so that none is there already. Raises RuntimeError if it fails."""
    from books import actions
    from books.models import ExportState
    from core import tenancy

    with tenancy.declared(book.organization_id), transaction.atomic():
        book.title = f"Bees by the Clock, {number}"
        book.save(update_fields=["title", "updated_at"])
        asked = actions.request_export(book=book, by=book.author, format_key=form)

    wait_for(lambda: now(asked).state != ExportState.PENDING, SECONDS)
    over = now(asked)
    if over.state != ExportState.READY:
        raise RuntimeError(f"{form}: {over.problem}")


def now(export: "Export") -> "Export":
    """The export as it is by now."""
    from books.models import Export
    from core import tenancy

    with tenancy.declared(export.organization_id), transaction.atomic():
        return Export.objects.of(export.organization).get(pk=export.pk)


def resident(pid: int) -> float:
    """Megabytes of a process and of those it has started, as far as they still run."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(status["VmRSS"].split()[0]) / 1024 + sum(resident(int(child)) for child in children)
