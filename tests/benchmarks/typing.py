"""What the editor costs: from a key to the next frame, and from an address to a chapter one can write in."""

import shutil
import statistics
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

WORDS, COMMENTS, SUGGESTIONS = 10_000, 500, 2_000
KEYS, OPENINGS = 60, 7
MOST_MS = 50
SENTENCE = "A roof is a **meadow** that nobody mows, and the *first hive* stands in it as a guest, quite alone so far. "
# From the key to the frame after the one it is drawn in, as the browser's own clock has it.
STROKE = """() => new Promise((resolve) => {
  const begun = performance.now();
  document.execCommand("insertText", false, "x");
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
})"""
MARKED = """({ comments, suggestions, length }) => import("/static/build/editor.js").then(({ mount }) => {
  const area = document.getElementById("studio-text").cloneNode();
  area.id = "marked";
  area.value = new FormData(document.getElementById("studio-form")).get("markdown");
  document.getElementById("studio-form").replaceChildren(area);
  const nonce = document.querySelector("script[nonce]").nonce;
  const editor = mount(area, { language: "en", nonce });
  const total = comments + suggestions;
  const step = Math.floor(length / (total + 1));
  editor.marks.set(Array.from({ length: total }, (_none, n) => ({
    id: n, kind: n % 5 ? "suggestion" : "comment", start: n * step, end: n * step + 4, proposal: "other",
  })).slice(0, total));
  editor.select(Math.floor(length / 2), Math.floor(length / 2));
  editor.focus();
})"""


def benchmark(site: Site) -> Iterator[Row]:
    """Keys in a long chapter without and with marks; opening it, beside its text as a bare page."""
    from tests import builders
    from tests.benchmarks.pages import shelf
    from tests.benchmarks.runs import signed_in

    person = builders.make_person()
    text = "\n\n".join([SENTENCE * 5] * (WORDS // (5 * len(SENTENCE.split()))))
    organization = shelf(person, 0)
    book = builders.make_book(organization, person)
    chapter = builders.make_chapter(book, markdown=text, word_count=WORDS)
    place = [organization.slug, book.pk, chapter.pk]
    studio, read = reverse("books:studio", args=place), reverse("books:chapter", args=place)
    session = signed_in(person).cookies["session"].value
    with site.at_work(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(base_url=site.url).new_page()
        page.context.add_cookies([{"name": "session", "value": session, "url": site.url}])
        yield from keys(page, studio, len(text))
        bare, full = (opening(page, address) for address in (read, studio))
        sides = f"{full:.0f} ms, the reader's page {bare:.0f} ms"
        yield Row("typing: opening 10 000 words", f"{full / bare:.2f}", "≤ 2", sides)
        browser.close()


def keys(page: Page, studio: str, length: int) -> Iterator[Row]:
    """Milliseconds of a key, the median and the slowest of twenty, without marks and with thousands."""
    medians: dict[int, float] = {}
    for comments, suggestions in ((0, 0), (COMMENTS, SUGGESTIONS)):
        page.goto(studio)
        page.wait_for_selector(".cm-content")
        page.evaluate(MARKED, {"comments": comments, "suggestions": suggestions, "length": length})
        times = sorted(page.evaluate(STROKE) for _key in range(KEYS))
        count = comments + suggestions
        medians[count] = statistics.median(times)
        slow = times[int(KEYS * 0.95)]
        sides = f"{medians[count]:.1f} ms, 95 % within {slow:.1f} ms"
        yield Row(f"typing: a key, {count} marks", f"{slow / MOST_MS:.2f}", "≤ 1", sides)
    few, many = medians.values()
    yield Row("typing: marks ÷ none", f"{many / few:.2f}", "≤ 2", "")


def opening(page: Page, address: str) -> float:
    """Milliseconds from the address to words on the screen, the fastest of some."""
    times: list[Any] = []
    for _time in range(OPENINGS):
        page.goto(address)
        page.wait_for_selector(".cm-content, .prose")
        times.append(page.evaluate("performance.now()"))
    return float(min(times))
