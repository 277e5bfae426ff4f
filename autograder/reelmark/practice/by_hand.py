"""By hand: ``pytest tests/public`` checks your own work, in-process.

A pytest plugin that is loaded wherever the kit is installed. The kit's commands do
not use it, as they have a `Marking` of their own; it serves pytest run by hand or by
an editor, in the folder of a coursework. Tests that are not checks run as usual.
"""

from __future__ import annotations

import os

import pytest

from reelmark.errors import UsageError
from reelmark.manifest import find_coursework
from reelmark.marking.fixture import find_marking
from reelmark.marking.suites import PRACTISING_EXAMPLES, load_profile
from reelmark.practice.in_process import REMARK, prepare_marking
from reelmark.practice.work import find_work

pytest_plugins = ("reelmark.marking.fixture",)


def pytest_configure(config: pytest.Config) -> None:
    """Register a `Marking` for the coursework that pytest runs in, if there is one."""
    if find_marking(config) is not None:
        return
    try:
        coursework = find_coursework()
        work = find_work(coursework, None)
        marking = prepare_marking(coursework, work, is_by_hand=True)
    except UsageError:
        return  # pytest runs somewhere that has nothing to do with a coursework
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    load_profile(PRACTISING_EXAMPLES)
    config.pluginmanager.register(marking)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say that marks are made in a different way."""
    return [f"reelmark: {REMARK}"] if find_marking(config) else []
