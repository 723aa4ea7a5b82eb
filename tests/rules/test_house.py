"""Rules of the house that no other tool checks, on every tracked file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).relative_to(PROJECT)
MOST_LINES = 400
TOP_LEVEL = {
    ".ci",
    ".editorconfig",
    ".gitignore",
    ".npmrc",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "bids",
    "docs",
    "lots",
    "marketplace",
    "migrations",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "referrals",
    "requirements",
    "tests",
    "wsgi.py",
}
LEFTOVERS = r"\bTODO\b|\bFIXME\b|\bXXX\b|(?i:coming soon|lorem ipsum)|NotImplementedError"
REGISTRIES = r"pypi\.org|pythonhosted|npmjs\.(org|com)|yarnpkg|deb\.debian|index-url|/simple/"
# Paths of one machine or one person's account; a temporary or a system folder is anybody's.
OF_ONE_MACHINE = r"/(work|root|home/\w+|Users/\w+)/"


def tracked() -> list[Path]:
    """Every file under version control, relative to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    return [Path(name) for name in listed.split("\0") if name and (PROJECT / name).is_file()]


def text_files() -> list[tuple[Path, str]]:
    """Tracked files that are text, but not this one, which names what it looks for."""
    found = []
    for path in tracked():
        content = (PROJECT / path).read_bytes()
        if b"\0" not in content and path != HERE:
            found.append((path, content.decode("utf-8", errors="replace")))
    return found


def test_no_source_file_is_too_long_to_read():
    # Migrations are written by a tool, once, and read table by table.
    long = {
        str(path): text.count("\n")
        for path, text in text_files()
        if path.suffix in (".py", ".html")
        and path.parts[0] != "migrations"
        and text.count("\n") > MOST_LINES
    }
    assert not long


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("leftover", LEFTOVERS), ("registry", REGISTRIES), ("path of one machine", OF_ONE_MACHINE)],
)
def test_nothing_is_left_that_should_not_be(what: str, pattern: str):
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in text_files()
        if path.name != "Makefile" or what != "registry"
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert not found, f"{what}: {found}"


def test_the_top_level_is_the_decided_one():
    assert {path.parts[0] for path in tracked()} <= TOP_LEVEL


def test_lock_files_carry_hashes_and_no_addresses():
    for path in (PROJECT / "requirements").glob("*.txt"):
        text = path.read_text()
        pinned = re.findall(r"^[a-z0-9-]+==", text, re.MULTILINE)
        assert pinned and "://" not in text
        assert text.count("--hash=sha256:") >= len(pinned), path
    locked = (PROJECT / "package-lock.json").read_text()
    assert '"integrity"' in locked and '"resolved"' not in locked
