"""The servers as the image and the compose file start them, on a loopback port."""

import json
import re
import sys
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[2]


def page_server(port: int) -> list[str]:
    """The image's own command: pages."""
    text = (FOLDER / "Dockerfile").read_text().replace("\\\n", " ")
    command: list[str] = json.loads(re.findall(r"^CMD (\[.*\])", text, re.MULTILINE)[-1])
    return _here(command, port)


def event_server(port: int) -> list[str]:
    """The command of the compose file's service `events`."""
    return _here(yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]["events"]["command"], port)


def _here(command: list[str], port: int) -> list[str]:
    """The same from this environment's Python, listening to this machine alone."""
    moved = {"--host": "127.0.0.1", "--port": str(port)}
    options = [moved.get(before, one) for before, one in zip(["", *command], command, strict=False)]
    return [sys.executable, "-m", *options]
