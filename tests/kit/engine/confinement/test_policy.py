"""The policy: what a worker must never be given."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reelmark.confinement.policy import Policy, find_python
from reelmark.errors import KitFault
from sample_class import ROOT

SECRETS = (ROOT / "solutions", ROOT / "tests" / "hidden")

EXPOSING = {
    "root folder": Path("/"),
    "homes": Path("/home"),
    "temporary files": Path("/tmp"),
    "own home": Path.home(),
    "settings": Path("/etc"),
    "processes": Path("/proc"),
    "another process": Path("/proc/1"),
    "coursework": ROOT,
    "suites": ROOT / "tests",
    "solutions": ROOT / "solutions",
    "one solution": ROOT / "solutions" / "cnn.py",
    "detour": ROOT / "assignment" / ".." / "solutions",
}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder to write to."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", EXPOSING)
def test_exposing_folder_is_refused(name: str, scratch: Path) -> None:
    """A folder that is, contains, or lies in something closed is refused."""
    if not EXPOSING[name].exists():
        pytest.skip(f"{EXPOSING[name]} is not here")
    with pytest.raises(KitFault, match="must not be given"):
        Policy(scratch=scratch, readable=(EXPOSING[name],), secrets=SECRETS)


@pytest.mark.parametrize("name", EXPOSING)
def test_exposing_scratch_folder_is_refused(name: str) -> None:
    """What must not be read must not be written either."""
    if not EXPOSING[name].exists():
        pytest.skip(f"{EXPOSING[name]} is not here")
    with pytest.raises(KitFault, match="must not be given"):
        Policy(scratch=EXPOSING[name], secrets=SECRETS)


def test_link_to_a_secret_is_refused(scratch: Path, tmp_path: Path) -> None:
    """A link counts as what it points to."""
    (tmp_path / "link").symlink_to(ROOT / "solutions")
    with pytest.raises(KitFault, match="must not be given"):
        Policy(scratch=scratch, readable=(tmp_path / "link",), secrets=SECRETS)


def test_similar_name_is_no_secret(scratch: Path, tmp_path: Path) -> None:
    """A folder whose name begins like a secret's is not in it."""
    for name in ("solutions", "solutions2"):
        (tmp_path / name).mkdir()
    secrets = (tmp_path / "solutions",)
    Policy(scratch=scratch, readable=(tmp_path / "solutions2",), secrets=secrets)


def test_secret_among_packages_is_refused(scratch: Path) -> None:
    """A coursework that lies in a folder of packages cannot be kept from workers."""
    with pytest.raises(KitFault, match="Move one of them"):
        Policy(scratch=scratch, secrets=(find_python()[0] / "coursework",))


def test_code_in_the_scratch_folder_is_refused(scratch: Path) -> None:
    """A worker must not be able to change what it, or the next one, imports."""
    (scratch / "snapshot").mkdir()
    with pytest.raises(KitFault, match="could change"):
        Policy(scratch=scratch, readable=(scratch / "snapshot",))


def test_missing_folder_is_refused(scratch: Path, tmp_path: Path) -> None:
    """A missing folder is named."""
    with pytest.raises(KitFault, match="gone: it is not there"):
        Policy(scratch=scratch, readable=(tmp_path / "gone",))


def test_of_an_editable_install_only_the_package_is_open() -> None:
    """Workers can read the engine, and not the repository it is developed in."""
    opened = set(find_python())
    assert ROOT / "autograder" / "reelmark" in opened
    assert not opened & {ROOT, ROOT / "autograder"}


def test_working_folder_is_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is open does not depend on ``sys.path`` or the working folder."""
    find_python.cache_clear()
    before = find_python()
    monkeypatch.chdir("/")
    monkeypatch.setattr(sys, "path", ["", "/", *sys.path])
    find_python.cache_clear()
    assert find_python() == before
