"""The words of a chapter while they come: appended in Valkey for pages that open later, published to those open now."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from books.transitions import erasing
from core import events

FLUSH_SECONDS = 0.04
KEEP_SECONDS = 3600
key = erasing.live_key


class ChapterStream:
    """Sends the text of one chapter as it grows; `at` counts code points, so a page notices when it missed some."""

    def __init__(self, run_id: UUID, position: int) -> None:
        self.run_id, self.position = run_id, position
        self.at = 0
        self.pending: list[str] = []
        self.flushed_at = 0.0

    def restart(self, text: str) -> None:
        """Begin a section: what stands of the chapter so far is exactly `text`."""
        self.pending.clear()
        shown = f"{text}\n\n" if text else ""
        self.at = len(shown)
        events.quietly(lambda client: client.set(key(self.run_id, self.position), shown, ex=KEEP_SECONDS))
        events.publish(self.run_id, "restart", {"chapter": self.position, "text": shown})

    def write(self, text: str) -> None:
        """Take the next words; they leave at once, then at most every 40 ms."""
        self.pending.append(text)
        if time.monotonic() - self.flushed_at >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Send what is pending."""
        if not self.pending:
            return
        text = "".join(self.pending)
        self.pending.clear()
        self.flushed_at = time.monotonic()
        events.quietly(lambda client: client.append(key(self.run_id, self.position), text))
        events.publish(self.run_id, "words", {"chapter": self.position, "at": self.at, "text": text})
        self.at += len(text)


@contextmanager
def chapter(run_id: UUID, position: int) -> Iterator[ChapterStream]:
    """A stream for one chapter; what is pending leaves at the end, and Valkey forgets the live text in an hour."""
    stream = ChapterStream(run_id, position)
    try:
        yield stream
    finally:
        stream.flush()
