"""Files: written whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reelmark import files


def test_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fails half-way leaves what was there, and nothing beside it."""
    path = tmp_path / "Ada.json"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="disk full"):
        files.write_whole(path, "new")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "Ada.json": "old"
    }


def refuse(_: int) -> None:
    """Fail as a full disk does."""
    raise OSError("disk full")


def test_longest_file_name_can_be_written(tmp_path: Path) -> None:
    """A name as long as the file system allows is not too long to be written."""
    path = tmp_path / ("a" * 250 + ".json")
    files.write_whole(path, "text")
    assert path.read_text() == "text"
