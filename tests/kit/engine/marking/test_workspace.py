"""The workspace of a run: one run at a time, and nothing left behind."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reelmark.errors import MachineFault
from reelmark.marking import workspace
from reelmark.marking.workspace import Workspace, lock_file


def test_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """Two runs at a time would overwrite each other: the second is told so."""
    with (
        Workspace(tmp_path).open(),
        pytest.raises(MachineFault, match="Another run"),
        Workspace(tmp_path).open(),
    ):
        pass


def test_leftovers_of_a_killed_run_are_removed(tmp_path: Path) -> None:
    """What a killed run could not remove, the next one does."""
    left = tmp_path / ".work" / "left" / "snapshot"
    left.mkdir(parents=True)
    with Workspace(tmp_path).open():
        assert not left.exists()


def test_workspace_is_gone_afterwards(tmp_path: Path) -> None:
    """Nothing of a run's temporary files stays among its results."""
    with Workspace(tmp_path).open(), Workspace(tmp_path).folder() as folder:
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_lock_that_cannot_be_removed_while_open_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If open files cannot be removed, the lock is removed once it is closed."""
    monkeypatch.setattr(workspace, "remove_tree", lambda _folder: None)
    with Workspace(tmp_path).open():
        pass
    assert list(tmp_path.iterdir()) == []


def test_windows_locks_with_its_own_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows the first byte is locked, without waiting for whoever holds it."""
    calls: list[Any] = []
    fake = SimpleNamespace(LK_NBLCK=2, locking=lambda *words: calls.append(words))
    monkeypatch.setitem(sys.modules, "msvcrt", fake)  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "platform", "win32")
    with (tmp_path / "lock").open("w") as file:
        lock_file(file)
        assert calls == [(file.fileno(), 2, 1)]
