"""`python -m tests.benchmarks [NAME…]`: run these benchmarks (all by default) on a site of its own."""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks import (
    activity,
    audience,
    audit,
    autosave,
    connections,
    deliveries,
    demo,
    enumeration,
    exports,
    following,
    growth,
    isolation,
    members,
    pages,
    posting,
    revisions,
    typing,
    writing,
)
from tests.benchmarks.rows import Benchmark, Row
from tests.benchmarks.site import Site
from tests.fakes.llm import FakeLanguageModel

BENCHMARKS: Mapping[str, Benchmark] = {
    "writing": writing.benchmark,
    "following": following.benchmark,
    "demo": demo.benchmark,
    "enumeration": enumeration.benchmark,
    "exports": exports.benchmark,
    "growth": growth.benchmark,
    "pages": pages.benchmark,
    "members": members.benchmark,
    "audience": audience.benchmark,
    "connections": connections.benchmark,
    "activity": activity.benchmark,
    "audit": audit.benchmark,
    "isolation": isolation.benchmark,
    "posting": posting.benchmark,
    "deliveries": deliveries.benchmark,
    "autosave": autosave.benchmark,
    "typing": typing.benchmark,
    "diff": revisions.differences,
    "revisions": revisions.long_history,
    "storage": revisions.storage,
}


def main() -> None:
    """Start the services, print a row for each figure as it is known, stop the services."""
    parser = argparse.ArgumentParser(prog="bin/bench", description="Benchmarks, a row for each figure.")
    parser.add_argument("names", metavar="NAME", nargs="*", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    say(str(Row("", "measured", "bar", "")))
    with FakeLanguageModel() as model, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        site = Site(Path(folder), model)
        try:
            site.start()
            for name in names:
                for row in BENCHMARKS[name](site):
                    say(f"{row}; load {os.getloadavg()[0]:.1f}")
        finally:
            site.stop()


def say(line: str) -> None:
    """Show a line now."""
    sys.stdout.write(f"{line.rstrip()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
