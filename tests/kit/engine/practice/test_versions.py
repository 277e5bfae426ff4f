"""Versions: that packages differ from those of marking is said, and once."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from kit.stage import mini
from reelmark.manifest import Coursework
from reelmark.practice.marker import LOCK
from reelmark.practice.versions import find_differences, tell_versions
from sample_class import ROOT

NUMPY = metadata.version("numpy")
PINS = """\
keras=={keras} \\
    --hash=sha256:00
numpy==1.0 ; python_full_version < '3' \\
    --hash=sha256:00
numpy=={numpy} ; python_full_version >= '3' \\
    --hash=sha256:00
"""


@pytest.fixture
def coursework(tmp_path: Path) -> Coursework:
    """A coursework whose marks are made with another Keras."""
    written = mini.write_coursework(tmp_path)
    (tmp_path / LOCK).write_text(PINS.format(keras="1.2", numpy=NUMPY))
    return written


def test_other_version_is_said_once(coursework: Coursework) -> None:
    """It is said again only if it changes."""
    told = tell_versions(coursework, coursework.stubs)
    assert told.startswith(
        f"Installed here, and pinned for marking: Keras {metadata.version('keras')} "
        "(1.2). Marks are decided with the pinned versions"
    )
    assert tell_versions(coursework, coursework.stubs) == ""
    (coursework.root / LOCK).write_text(PINS.format(keras="1.3", numpy=NUMPY))
    assert "(1.3)" in tell_versions(coursework, coursework.stubs)


def test_pin_of_another_machine_is_none(coursework: Coursework) -> None:
    """If a package has several pins, the one for this Python counts."""
    names = [name for name, _, _ in find_differences(coursework.root / LOCK)]
    assert names == ["Keras"]


def test_same_versions_are_no_news(tmp_path: Path) -> None:
    """Neither are those of a coursework that pins nothing."""
    assert list(find_differences(ROOT / LOCK)) == []
    assert list(find_differences(tmp_path / LOCK)) == []
