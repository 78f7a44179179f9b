"""Tenancy behind a pooler in transaction mode: sessions are shared, declarations are not."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.embedded.service import answers, is_free
from tests.faults.site import Site, wait_for

pytestmark = pytest.mark.xdist_group("faults")
SETTINGS = """
[databases]
scriptorium = host=127.0.0.1 port={server} dbname=scriptorium
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
logfile = {folder}/log
"""


@pytest.fixture
def pooled(site: Site, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL through PgBouncer with two server connections for everybody."""
    address = urlsplit(site.stack.environment()["DATABASE_URL"])
    port = next(port for port in range(16432, 16532) if is_free(port))
    folder = tmp_path / "pgbouncer"
    folder.mkdir()
    (folder / "users").write_text(f'"{address.username}" "{address.password}"\n')
    (folder / "settings").write_text(SETTINGS.format(server=address.port, port=port, folder=folder))
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
    assert program, "bin/setup --tests installs pgbouncer"
    command = [program, str(folder / "settings")]
    if os.geteuid() == 0:  # it refuses to run as root
        for one in [*tmp_path.parents[:3], tmp_path, folder]:
            one.chmod(0o755)
        shutil.chown(folder, pwd.getpwnam("nobody").pw_uid)
        command[1:1] = ["-u", "nobody"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: answers(port), 10)
            yield f"postgresql://{address.username}:{address.password}@127.0.0.1:{port}/scriptorium"
        finally:
            process.terminate()


def test_no_row_crosses_a_pooler_in_transaction_mode(site: Site, pooled: str) -> None:
    site.environment["DATABASE_URL"], direct = pooled, site.environment["DATABASE_URL"]
    try:
        assert site.run("-m", "tests.faults.pooled") == "clean after 640 transactions"
    finally:
        site.environment["DATABASE_URL"] = direct
