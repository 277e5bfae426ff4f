"""Likeness: whether a node marks as the instructor's machine does."""

from __future__ import annotations

from pathlib import Path

from kit.stage.classes import OTHER_COURSEWORK
from reelmark.cluster.kit import pack_coursework, unpack_coursework
from reelmark.cluster.likeness import describe_likeness, tell_differences
from reelmark.manifest import load_coursework

HERE = {"Python": "3.11.9", "numpy": "2.4", "LANG": "C.UTF-8", "kit": "abc"}


def test_sent_coursework_is_alike(tmp_path: Path) -> None:
    """A coursework that was sent is, to a node, the one that it was sent from."""
    coursework = load_coursework(OTHER_COURSEWORK)
    sent = unpack_coursework(pack_coursework(coursework), tmp_path)
    assert (
        tell_differences(describe_likeness(coursework), describe_likeness(sent)) == ""
    )


def test_differences_are_named() -> None:
    """A difference is reported with both values, and what to do about it."""
    told = tell_differences(HERE, {**HERE, "numpy": "2.3", "Python": "3.12.1"})
    assert "Python is 3.12.1 there and 3.11.9 here" in told
    assert "numpy is 2.3 there and 2.4 here" in told
    assert "lock file" in told


def test_missing_variables_are_named() -> None:
    """Something that only one side has counts as a difference, too."""
    told = tell_differences(HERE, {**HERE, "LD_LIBRARY_PATH": "/opt"})
    assert "LD_LIBRARY_PATH is /opt there and missing here" in told


def test_other_engine_is_told() -> None:
    """If all parts agree, but the whole does not, the engines differ."""
    assert "its reelmark" in tell_differences(HERE, {**HERE, "kit": "xyz"})
