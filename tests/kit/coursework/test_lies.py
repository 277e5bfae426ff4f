"""The suites, lied to: no check breaks, whatever a worker answers.

`reelmark verify --fuzz` tells many more lies than these.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.console import Console

from kit.stage.classes import real_coursework
from reelmark.verification.fuzzing import Fuzzer

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="what lies is forked, as judges are"
)

LIES = 15


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Fuzzer:
    """Every check, lied to a few times."""
    out: Path = tmp_path_factory.mktemp("fuzz")
    fuzzer = Fuzzer(real_coursework(), out, 1, Console(quiet=True))
    fuzzer.run(lies=LIES)
    return fuzzer


def test_every_check_can_be_lied_to(fuzzed: Fuzzer) -> None:
    """The reference passes every check, and its replayed answers do, too."""
    assert {check: t.fault for check, t in fuzzed.tried.items() if t.fault} == {}
    assert len(fuzzed.tried) > 150


def test_no_check_breaks(fuzzed: Fuzzer) -> None:
    """Every check ends in a foreseen way."""
    broken = [(each.check, each.lies, each.end) for each in fuzzed.broken()]
    assert broken == []
