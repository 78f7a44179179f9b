"""What a benchmark prints."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks.site import Site


@dataclass(frozen=True)
class Row:
    """One figure: what was measured (a ratio unless it names a unit), its bar, and the two sides it came from."""

    name: str
    measured: str
    bar: str
    sides: str

    def __str__(self) -> str:
        return f"{self.name:<34} {self.measured:>9}  {self.bar:>10}   {self.sides}"


Benchmark = Callable[[Site], Iterator[Row]]
