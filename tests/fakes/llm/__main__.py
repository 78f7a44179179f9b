"""Run the fake by itself: prints its address, writes its port where told, ends with SIGTERM or Ctrl-C."""

import argparse
import signal
from pathlib import Path

from tests.fakes.llm.server import Server, Stage


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.llm", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="where to write the port once it listens")
    parser.add_argument("--first-byte-ms", type=float, default=0.0)
    parser.add_argument("--token-ms", type=float, default=0.0)
    options = parser.parse_args()
    stage = Stage(first_byte_ms=options.first_byte_ms, token_ms=options.token_ms)
    with Server(options.port, stage) as server:
        if options.port_file:
            _write_whole(options.port_file, str(server.server_address[1]))
        print(f"{server.url}/v1", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            stage.script.release()


def _write_whole(path: Path, text: str) -> None:
    """Whoever waits for the file never reads half of it."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text)
    draft.replace(path)


if __name__ == "__main__":
    main()
