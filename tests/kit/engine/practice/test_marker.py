"""The marker's machine: what a student is told about how it differs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit.stage import mini
from reelmark.manifest import Coursework
from reelmark.practice.marker import find_imports, read_python, tell_differences

SETTINGS = '[tool.reelmark]\nmarked-with-python = "{}"\n'
LOCK = (
    "numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:0\npytest==9\n"
)
OWN = ".".join(map(str, sys.version_info[:2]))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A student's folder."""
    return mini.write_modules(tmp_path / "work", mini.HONEST)


def record(coursework: Coursework, python: str) -> None:
    """Record which Python a coursework is marked with."""
    mini.write_files(coursework.root, {"pyproject.toml": SETTINGS.format(python)})


def test_newer_python_is_told(coursework: Coursework, work: Path) -> None:
    """A student whose Python is newer than the marker's is told both versions."""
    record(coursework, "3.9")
    (told,) = tell_differences(coursework, work)
    assert told.startswith(f"This is Python {OWN}, and work is marked with 3.9:")


@pytest.mark.parametrize("python", [OWN, "99.0"])
def test_python_that_is_not_newer_is_no_news(
    python: str, coursework: Coursework, work: Path
) -> None:
    """What an older Python understands, a newer one does."""
    record(coursework, python)
    assert tell_differences(coursework, work) == []


@pytest.mark.parametrize("settings", ["", "[tool.pytest]", "[tool.reelmark", "x = 1"])
def test_without_a_record_nothing_is_told(
    settings: str, coursework: Coursework
) -> None:
    """A checkout of the kit itself records nothing."""
    mini.write_files(coursework.root, {"pyproject.toml": settings})
    assert read_python(coursework) is None


def test_packages_that_are_not_there_are_named(
    coursework: Coursework, work: Path
) -> None:
    """An import that is not in the lock is reported with the importing module."""
    mini.write_files(coursework.root, {"requirements.lock": LOCK})
    text = (
        "import numpy.linalg, sklearn, _pytest, os, helpers\nfrom doubling import x\n"
    )
    mini.write_modules(work, {"chains": text, "helpers": "from rich import box\n"})
    told = tell_differences(coursework, work)
    assert [each.split(",")[0] for each in told] == [
        "chains.py imports sklearn",
        "helpers.py imports rich",
    ]


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    """In functions, too; relative ones, and what cannot be parsed, hold none."""
    file = tmp_path / "some.py"
    file.write_text(
        "def f():\n    from a.b import c\n    import d.e\nfrom . import g\n"
    )
    assert find_imports(file) == {"a", "d"}
    file.write_text("import a b")
    assert find_imports(file) == set()
