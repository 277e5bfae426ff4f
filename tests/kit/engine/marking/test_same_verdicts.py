"""Two modes, one verdict: checks say the same in-process and out of process."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.stage import mini
from reelmark.manifest import Coursework
from reelmark.processes.forked import Zygote
from reelmark.processes.limits import Limits

pytestmark = pytest.mark.slow

CHECKS = """
@pytest.mark.check("1a", marks=0.5)
def test_returns_a_number(submission):
    '''It returns a number.'''
    expect.kind(submission.doubling.double(3), int, "a whole number")

@pytest.mark.check("1a", marks=1.5, after="test_returns_a_number")
@given(x=st.integers(0, 100))
def test_doubles(submission, x):
    '''Any number is doubled.'''
    expect.equal(submission.doubling.double(x), 2 * x, "the double")

@pytest.mark.check("1b", marks=2)
def test_halves(submission):
    '''An ingredient is halved.'''
    pair = submission.ingredients.make_pair(3)
    expect.close(submission.doubling.halve(pair[0]), 1.5, "half of 3", atol=1e-9)

@pytest.mark.check("2a", marks=2)
def test_quadruples(submission):
    '''It doubles twice, with double() as it is.'''
    twice = submission.doubling.double(submission.doubling.double(3))
    expect.equal(submission.chains.quadruple(3), twice, "four times 3")
"""
HALVE = "\ndef halve(x): return x / 2\n"
WORK = {
    "honest": {},
    "stubs": mini.STUBS,
    "wrong-from-seven": {
        "doubling": f"def double(x): return 2 * x if x < 7 else 0{HALVE}"
    },
    "raises": {"doubling": f"def double(x): return x['a']{HALVE}"},
    "returns-an-object": {"doubling": f"def double(x): return range(x){HALVE}"},
    "returns-nothing": {"doubling": f"def double(x): print(2 * x){HALVE}"},
    "returns-numpy": {
        "doubling": f"import numpy as np\ndef double(x): return np.int64(2 * x){HALVE}"
    },
    "syntax": {"doubling": "def double(x) return 2 * x"},
    "exits": {"doubling": f"exit(){HALVE}"},
    "missing": {"doubling": "def triple(x): return 3 * x"},
    "deep": {"doubling": f"def double(x): return double(x){HALVE}"},
    "memory": {"doubling": f"def double(x): raise MemoryError{HALVE}"},
    "surrogate": {"doubling": f"def double(x): return '\\ud800'{HALVE}"},
    "too-large": {"doubling": f"def double(x): return bytes(70 * 2**20){HALVE}"},
    "key-of-a-dict": {"doubling": f"def double(x): return {{(x,): x}}{HALVE}"},
    "resists": {
        "doubling": "class Odd(BaseException):\n"
        "    def __str__(self): raise SystemExit\n"
        f"def double(x): raise Odd{HALVE}"
    },
}


@pytest.mark.parametrize("name", sorted(WORK))
def test_both_modes_write_the_same_results(
    name: str, coursework: Coursework, tmp_path: Path, zygote: Zygote
) -> None:
    """States, marks and messages are the same, word for word."""
    mini.write_suite(coursework, CHECKS)
    folder = mini.write_modules(tmp_path / "own", {**mini.HONEST, **WORK[name]})
    limits = Limits()
    results = []
    with mini.sealed(zygote, coursework, folder, limits) as in_another:
        for open_worker in (mini.in_process(coursework, folder, limits), in_another):
            marking = mini.run_marking(coursework, open_worker)
            found = mini.results_of(marking).items()
            results.append({key: (r.status, r.marks, r.message) for key, r in found})
    assert results[0] == results[1]
