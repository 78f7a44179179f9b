"""A mail sink: accepts every message over SMTP on the loopback address and keeps it as a file to read."""

import argparse
import asyncio
import signal
import sys
import time
from email.message import Message
from pathlib import Path

from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP

from config.embedded.service import Service, answers, project_folder

KEEP = 200


class MailSink(Service):
    """The sink's process. Its folder holds a `.eml` file a message, named by the time of arrival in nanoseconds."""

    name = "mail"

    def launch(self) -> dict[str, str]:
        """Start the sink and return its address and folder."""
        port = self.port()
        sink = [sys.executable, "-m", "config.embedded.mail", "--port", str(port), "--folder", str(self.folder)]
        self.spawn(sink, cwd=project_folder())
        self.wait_until(lambda: answers(port))
        return {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "MAIL_SINK_DIR": str(self.folder)}


class Keep(MessageHandler):
    """Writes each message to a file; the newest 200 are kept."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def handle_message(self, message: Message) -> None:
        """Keep one message, whole or not at all."""
        draft = self.folder / f"{time.time_ns()}.part"
        draft.write_bytes(message.as_bytes())
        draft.rename(draft.with_suffix(".eml"))
        for old in sorted(self.folder.glob("*.eml"))[:-KEEP]:
            old.unlink(missing_ok=True)


async def serve(port: int, folder: Path) -> None:
    """Accept mail until a signal comes."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    server = await loop.create_server(lambda: SMTP(Keep(folder), enable_SMTPUTF8=True), "127.0.0.1", port)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.folder))
