"""A mail sink: accepts every message over SMTP on the loopback address and keeps it as a file to read."""

import argparse
import asyncio
import signal
import sys
import time
from email.message import Message
from pathlib import Path

from config.embedded.service import Service, answers

KEEP = 200


class MailSink(Service):
    """The sink's process."""

    name = "mail"

    def launch(self) -> dict[str, str]:
        """Start the sink and return its address and folder."""
        port = self.port()
        self.spawn([sys.executable, "-m", "config.embedded.mail", "--port", str(port), "--folder", self.folder],
                   cwd=Path(__file__).resolve().parents[2])  # fmt: skip
        self.wait_until(lambda: answers(port))
        return {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "MAIL_SINK_DIR": str(self.folder)}


def serve() -> None:
    """Accept mail until a signal comes; the newest 200 messages are kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    from aiosmtpd.handlers import Message as MessageHandler
    from aiosmtpd.smtp import SMTP

    class Keep(MessageHandler):  # type: ignore[misc]  # aiosmtpd ships no types
        """Writes each message to a file named by its time of arrival."""

        def handle_message(self, message: Message) -> None:
            draft = arguments.folder / f"{time.time_ns()}.part"
            draft.write_bytes(message.as_bytes())
            draft.rename(draft.with_suffix(".eml"))
            for old in sorted(arguments.folder.glob("*.eml"))[:-KEEP]:
                old.unlink(missing_ok=True)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        stop = loop.create_future()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, stop.cancel)
        await loop.create_server(lambda: SMTP(Keep(), enable_SMTPUTF8=True), "127.0.0.1", arguments.port)
        await asyncio.wait([stop])

    asyncio.run(run())


if __name__ == "__main__":
    serve()
