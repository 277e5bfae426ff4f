"""The page for check authors: its examples form a coursework that marks as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.stage import mini
from reelmark import checks
from reelmark.manifest import Coursework, load_coursework
from reelmark.processes.limits import Limits
from sample_class import ROOT

PAGE = (ROOT / "docs" / "writing-checks.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))
TOLD = dict(re.findall(r"<!-- told: (\w+) -->\n```text\n(.*?)```", PAGE, re.DOTALL))
MARKS = {"ada": 2.0, "ben": 2.5}
SETTINGS = '[tool.pytest]\naddopts = ["--import-mode=importlib"]\n'


@pytest.fixture
def coursework(tmp_path: Path) -> Coursework:
    """The page's coursework, with stubs that are not started."""
    stub = "def count_words(text):\n    raise NotImplementedError\n\n\n"
    stub += "def longest(texts):\n    raise NotImplementedError\n"
    files = {**FILES, "assignment/words.py": stub, "pyproject.toml": SETTINGS}
    return load_coursework(mini.write_files(tmp_path / "coursework", files))


@pytest.mark.parametrize("student", sorted(TOLD))
def test_examples_mark_as_the_page_says(coursework: Coursework, student: str) -> None:
    """Each submission on the page gets the marks and the messages shown there."""
    folder = coursework.root / "submissions" / student
    open_in = mini.in_process(coursework, folder, Limits())
    tasks = mini.run_marking(coursework, open_in).task_results()
    messages = [check.message for task in tasks for check in task.checks]
    assert "\n\n".join(filter(None, messages)) + "\n" == TOLD[student]
    assert sum(task.marks for task in tasks) == MARKS[student]
    assert sum(task.max for task in tasks) == coursework.max_marks


def test_every_expectation_is_on_the_page() -> None:
    """What `expect` offers is in the page's table."""
    offered = {
        name
        for name, value in vars(checks.expect).items()
        if callable(value)
        and getattr(value, "__module__", "") == checks.expect.__name__
        and not name.startswith("_")
    }
    shown = set(re.findall(r"`expect\.(\w+)\(", PAGE))
    assert offered - {"describe", "with_article"} == shown


def test_every_kind_of_observation_is_on_the_page() -> None:
    """Whatever a call can return is in the page's table, or part of something there."""
    parts = {"Axes", "Bars", "Compiled", "Line", "Metric", "Operation", "Spec"}
    parts |= {"Text", "Tick", "Weight", "Observation"}
    kinds = {
        name
        for name in checks.__all__
        if isinstance(getattr(checks, name), type)
        and issubclass(getattr(checks, name), checks.Observation)
    }
    assert kinds - parts == set(re.findall(r"\| `(\w+)`:", PAGE))


def test_public_face_is_sorted_and_documented() -> None:
    """The names in `reelmark.checks` are sorted, and each has a docstring."""
    assert list(checks.__all__) == sorted(checks.__all__)
    assert all(getattr(checks, name).__doc__ for name in checks.__all__)
