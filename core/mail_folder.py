"""The local mail sink's folder, read for its page (development only)."""

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

NEWEST = 50


@dataclass(frozen=True)
class CaughtMail:
    """One mail as the page shows it."""

    subject: str
    sender: str
    recipient: str
    date: str
    text: str


def read(folder: Path) -> list[CaughtMail]:
    """The newest mails of the folder; an empty or missing folder has none."""
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)[:NEWEST]
    return [_parse(path.read_bytes()) for path in files]


def _parse(raw: bytes) -> CaughtMail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    return CaughtMail(
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        date=str(message["Date"] or ""),
        text=str(body.get_content()) if body else "",
    )
