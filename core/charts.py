"""Charts drawn on the server: whole numbers in, boxes and labels out (templates/components/chart.html)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

WIDTH, HEIGHT = 1_000, 400  # of the drawing, which is stretched to its place
STEPS = 4  # lines above the bottom one
TONES = 6  # colours there are: --chart-1 and on


def counted(value: int) -> str:
    """A number in the reader's language."""
    return number_format(value, force_grouping=True)


@dataclass(frozen=True)
class Series:
    """What is stacked on what: a value for each label of the chart, none below nothing; `tone` numbers its colour."""

    label: str
    values: tuple[int, ...]
    tone: int = 1


@dataclass(frozen=True)
class Bar:
    """One box of the drawing; `tone` is the number of its colour."""

    x: int
    y: int
    width: int
    height: int
    tone: int
    title: str


@dataclass(frozen=True)
class Chart:
    """Bars by label, its series one on the other. `written` puts a value into words: of money, of a count."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    written: Callable[[int], str] = counted

    @property
    def sums(self) -> tuple[int, ...]:
        """What the whole bar of each label stands for."""
        return tuple(sum(values) for values in zip(*(one.values for one in self.series), strict=True))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(self.sums)

    @property
    def top(self) -> int:
        """The value of the uppermost line: the fewest round steps above every bar."""
        return STEPS * step(max(self.sums, default=0))

    @property
    def ticks(self) -> tuple[str, ...]:
        """What the lines stand for, from the top to nothing."""
        return tuple(self.written(self.top * number // STEPS) for number in range(STEPS, -1, -1))

    @property
    def lines(self) -> tuple[int, ...]:
        """Where the lines are drawn."""
        return tuple(HEIGHT * number // STEPS for number in range(STEPS + 1))

    @property
    def ends(self) -> tuple[str, ...]:
        """The labels beneath: the first, the middle one and the last; all where they are few."""
        shown = self.labels if len(self.labels) <= 6 else self.labels[:: max(1, (len(self.labels) - 1) // 2)][:3]
        return shown if len(shown) < 3 else (*shown[:-1], self.labels[-1])

    @property
    def legend(self) -> tuple[tuple[int, str], ...]:
        """Colour and name of each series."""
        return tuple((one.tone, one.label) for one in self.series)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Every box, from left to right, each column from the bottom up."""
        found = []
        for column, label in enumerate(self.labels):
            left, right = WIDTH * column // len(self.labels), WIDTH * (column + 1) // len(self.labels)
            below = 0
            for one in self.series:
                value = one.values[column]
                low, high = HEIGHT * below // self.top, HEIGHT * (below + value) // self.top
                below += value
                if value:
                    title = f"{label}, {one.label}: {self.written(value)}"
                    box = (left, HEIGHT - high, max(1, (right - left) * 4 // 5), max(1, high - low))
                    found.append(Bar(*box, tone=one.tone, title=title))
        return tuple(found)

    @property
    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The same as a table, in words: label, a cell for each series, and their sum where there are several.

        Labels with nothing are left out.
        """
        columns = [*(one.values for one in self.series), *([self.sums] if len(self.series) > 1 else [])]
        cells = zip(*columns, strict=True) if columns else ()
        return tuple(
            (label, tuple(map(self.written, values)))
            for label, values in zip(self.labels, cells, strict=True)
            if any(values)
        )


def step(most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … of which STEPS reach `most`."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if STEPS * factor * size >= most:
                return factor * size
        size *= 10


def folded(series: Sequence[Series], others: str) -> tuple[Series, ...]:
    """Those that would have the last colour together as one series, called `others`, when they are several."""
    last = [one for one in series if one.tone >= TONES]
    if len(last) < 2:
        return tuple(series)
    rest = zip(*(one.values for one in last), strict=True)
    return (*(one for one in series if one.tone < TONES), Series(others, tuple(map(sum, rest)), TONES))
