"""Time in the sandbox: a clock that can be moved, a list of what falls due, months as Stripe counts them."""

import calendar
import heapq
import time
from datetime import UTC, datetime, timedelta
from itertools import count

DAY = 86_400
Due = tuple[int, int, str, str]  # when, order, what, the object's id


class Clock:
    """Seconds since 1970. Floating it runs with the machine's clock, ahead by what it was moved; frozen it stands."""

    def __init__(self, start: int | None = None) -> None:
        self.frozen = start
        self.ahead = 0
        self._pinned: int | None = None

    def now(self) -> int:
        """The present second."""
        if self._pinned is not None:
            return self._pinned
        return self.frozen if self.frozen is not None else int(time.time()) + self.ahead

    def move(self, moment: int) -> None:
        """Go there; a frozen clock stands there, a floating one runs on from there."""
        if self.frozen is None:
            self.ahead += moment - self.now()
        else:
            self.frozen = moment

    def freeze(self, moment: int) -> None:
        """Stand at that second from now on."""
        self.frozen = moment

    def pin(self, moment: int | None) -> None:
        """While something due is done, it is the second it was due. None: the present again."""
        self._pinned = moment


class Agenda:
    """What falls due, soonest first; an entry that no longer holds is passed over by whoever does it."""

    def __init__(self) -> None:
        self._heap: list[Due] = []
        self._order = count()

    def add(self, when: int, what: str, identifier: str) -> None:
        """Remember that something is due."""
        heapq.heappush(self._heap, (when, next(self._order), what, identifier))

    def take(self, until: int) -> Due | None:
        """The next entry due at `until` or before, no longer on the list."""
        return heapq.heappop(self._heap) if self._heap and self._heap[0][0] <= until else None

    def dump(self) -> list[Due]:
        """Every entry, in order."""
        return sorted(self._heap)

    def load(self, entries: list[list[int | str]]) -> None:
        """Take the entries of an earlier run."""
        for when, _order, what, identifier in entries:
            self.add(int(when), str(what), str(identifier))


def period_end(anchor: int, start: int, interval: str, interval_count: int) -> int:
    """When the period that holds `start` ends. Months and years are counted from the anchor: the 31st stays the 31st
    (or the month's last day), and its time of day stays."""
    if interval in {"day", "week"}:
        step = interval_count * DAY * (7 if interval == "week" else 1)
        return anchor + ((start - anchor) // step + 1) * step
    months = interval_count * (12 if interval == "year" else 1)
    begun, first = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(anchor, UTC)
    passed = (begun.year - first.year) * 12 + begun.month - first.month
    steps = max(passed // months - 1, 0)
    while (end := months_after(anchor, steps * months)) <= start:
        steps += 1
    return end


def months_after(moment: int, months: int) -> int:
    """The same day and time that many months later, on the month's last day where there is no such day."""
    begun = datetime.fromtimestamp(moment, UTC)
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    day = min(begun.day, calendar.monthrange(year, month + 1)[1])
    return int(begun.replace(year=year, month=month + 1, day=day).timestamp())


def day_of(moment: int) -> str:
    """21 Nov 2026, as in the description of a line."""
    return f"{datetime.fromtimestamp(moment, UTC):%-d %b %Y}"


def moment_of(text: str) -> int:
    """A date or a moment in ISO 8601, UTC unless it says otherwise."""
    found = datetime.fromisoformat(text)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def seconds_of(**span: float) -> int:
    """Days, hours, minutes… in seconds."""
    return int(timedelta(**span).total_seconds())
