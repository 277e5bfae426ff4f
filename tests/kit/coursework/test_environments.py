"""Environments: whatever a marker's settings are, correct work gets full marks.

``kit.stage.environments`` tries each of them alone, and what is in the way of marking.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit.stage.environments import HARMLESS, all_at_once, mark_in
from reelmark.processes.environment import make_environment


@pytest.mark.skipif(sys.platform == "win32", reason="files have no masks there")
def test_reference_has_full_marks_in_all_of_them(tmp_path: Path) -> None:
    """Dotfiles, variables, locales, threads and a mask, all at once, cost nothing."""
    ended = mark_in(all_at_once(), tmp_path)
    assert ended.has_full_marks, ended.output


@pytest.mark.parametrize("name", [each.name for each in HARMLESS])
def test_processes_are_started_with_the_kits_variables(name: str) -> None:
    """None of them reaches a process in which work is run or judged."""
    (chosen,) = (each for each in HARMLESS if each.name == name)
    own = {key: value for key, value in chosen.variables.items() if value is not None}
    made = {**make_environment(own), "TMPDIR": ""}
    assert made == {**make_environment({}), "TMPDIR": ""}
