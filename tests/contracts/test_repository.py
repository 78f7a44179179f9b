"""What must not be in the repository: secrets, addresses of one machine, packages without a hash."""

import re
import subprocess

from tests.contracts.source import ROOT

# Split so that this file does not find itself.
PATTERNS = {
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY"),
    "a provider's key": re.compile(r"\b(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,}|\bsk-[0-9A-Za-z]{20,}"),
    "a cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a token": re.compile(r"\bgh[pousr]_[0-9A-Za-z]{30,}|\bxox[bpars]-[0-9A-Za-z-]{10,}"),
    "a path of one machine": re.compile(r"(?<![\w./-])/(?:work|root|home(?!/invitations/)|Users)/[\w.]"),
}
LOCKS = ["requirements.lock", "requirements-demo.lock", "requirements-production.lock", "requirements-model.lock"]
PINNED = re.compile(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+")


def violations(path: str, text: str) -> list[str]:
    """What a file gives away."""
    return [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1} {what}"
        for what, pattern in PATTERNS.items()
        for match in pattern.finditer(text)
    ]


def unlocked(text: str) -> list[str]:
    """Requirements of a lock file without version or hash, and any option that names an index."""
    entries = [
        entry
        for entry in re.sub(r"\\\n", " ", text).splitlines()
        if entry.strip() and not entry.lstrip().startswith("#")
    ]
    return [
        entry[:80] for entry in entries if not PINNED.match(entry) or "--hash=sha256:" not in entry or "://" in entry
    ]


def tracked() -> dict[str, str]:
    """Text of every file in the repository; binaries are read as far as they are text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return {str(path.relative_to(ROOT)): path.read_text(errors="ignore") for path in paths if path.is_file()}


def test_the_repository_gives_nothing_away() -> None:
    assert [one for path, text in tracked().items() for one in violations(path, text)] == []


def test_a_secret_and_a_path_are_caught() -> None:
    for planted in [
        "sk_live" + "_0123456789abcdef",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "see /ro" + "ot/x",
        "-----BEGIN PRIVATE" + " KEY-----",
    ]:
        assert violations("planted", planted), planted


def test_every_package_is_locked_by_hash_and_names_no_index() -> None:
    assert [one for name in LOCKS for one in unlocked((ROOT / name).read_text())] == []
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_a_loose_requirement_is_caught() -> None:
    for planted in [
        "django>=5",
        "django==5.2",
        "--index-url https://example.org/simple",
        "x @ https://example.org/x.whl",
    ]:
        assert unlocked(planted), planted
    assert not unlocked("# a remark\ndjango==5.2.19 \\\n    --hash=sha256:00\n")
