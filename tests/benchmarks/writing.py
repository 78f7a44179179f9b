"""How much a run takes beyond what its model takes."""

from collections import defaultdict
from collections.abc import Iterator

from tests.benchmarks.rows import Row
from tests.benchmarks.site import WRITING_THREADS, Site

FIRST_BYTE_MS, TOKEN_MS = 300.0, 10.0
CHAPTERS, SECTIONS = 10, 4


def benchmark(site: Site) -> Iterator[Row]:
    """Wall time of a run of ten chapters written side by side ÷ the longest chain of its model's answers."""
    from tests.benchmarks import runs

    site.model.control.latency(first_byte_ms=FIRST_BYTE_MS, token_ms=TOKEN_MS)
    with site.at_work():
        run = runs.completed(runs.begin("Bees by the clock", chapters=CHAPTERS, sections=SECTIONS))
    if run.finished_at is None:
        raise RuntimeError("a completed run has no end")
    wall = (run.finished_at - run.created_at).total_seconds()
    steps: dict[tuple[str, int], float] = defaultdict(float)
    tokens: list[int] = []
    for call in runs.journal(run):
        steps[call.kind, call.position] += (FIRST_BYTE_MS + call.tokens * TOKEN_MS) / 1000
        tokens += [call.tokens] if call.kind == "chapter" else []
    critical = critical_path(steps)
    sides = f"wall {wall:.2f} s, critical path {critical:.2f} s; {CHAPTERS} chapters of {SECTIONS} sections"
    sides += f", {sum(tokens) / len(tokens):.0f} tokens a section, {WRITING_THREADS} writing threads"
    yield Row("run overhead", f"{wall / critical:.3f}", "≤ 1.10", sides)


def critical_path(steps: dict[tuple[str, int], float]) -> float:
    """Seconds of the longest step of each kind: kinds follow one another, the steps of one stand side by side."""
    longest: dict[str, float] = defaultdict(float)
    for (kind, _position), seconds in steps.items():
        longest[kind] = max(longest[kind], seconds)
    return sum(longest.values())
