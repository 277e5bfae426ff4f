"""Programs: none is started, what is said, and what works in threads instead."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from reelmark.worker.programs import REFUSED

BEGIN = """
import concurrent.futures, multiprocessing, multiprocessing.pool, os, subprocess, sys
from reelmark.worker.programs import forbid_programs
forbid_programs()
"""


@pytest.fixture
def run() -> Callable[[str], str]:
    """Runs code in a process that starts no programs; returns what it prints."""

    def run_code(code: str) -> Any:
        command = [sys.executable, "-c", BEGIN + code]
        ran = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=60
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    return run_code


@pytest.mark.parametrize(
    "code",
    [
        "with multiprocessing.Pool(2) as pool: print(sum(pool.map(abs, [-1, 2])))",
        "with multiprocessing.pool.Pool() as p: print(p.apply(sum, [[1, 2]]))",
        "from multiprocessing.pool import ThreadPool\n"
        "with ThreadPool(2) as pool: print(sum(pool.map(abs, [-1, 2])))",
        "p = multiprocessing.get_context('spawn').Pool(1, maxtasksperchild=1)\n"
        "print(p.apply(sum, [[1, 2]]))",
        "with concurrent.futures.ProcessPoolExecutor(2) as e: print(e.submit(sum, "
        "[1, 2]).result())",
        "from concurrent.futures import ProcessPoolExecutor as P\n"
        "print(sum(P(1, mp_context=None).map(abs, [-1, 2], chunksize=2)))",
    ],
    ids=[
        "pool",
        "pool-of-module",
        "threads",
        "context",
        "executor",
        "executor-imported",
    ],
)
def test_pools_of_processes_work(code: str, run: Callable[[str], str]) -> None:
    """Threads do the work of a pool of processes."""
    assert run(code) == "3"


@pytest.mark.parametrize(
    "code",
    [
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "multiprocessing.Process(target=print).start()",
        "multiprocessing.Manager()",
        "subprocess.check_output(['git', 'status'])",
        "subprocess.run('ls', shell=True, check=True)",
    ],
)
def test_what_needs_a_process_is_told_why(code: str, run: Callable[[str], str]) -> None:
    """The exception says that there can be none, and what to write instead."""
    code = f"try:\n    {code}\nexcept Exception as error:\n    print(error)"
    assert REFUSED in run(code)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("subprocess.run(['git'], capture_output=True, text=True).returncode", "126"),
        ("repr(subprocess.run(['git'], capture_output=True, text=True).stdout)", "''"),
        ("subprocess.run('x', shell=True, capture_output=True).stdout", "b''"),
        ("subprocess.call(['git', 'status'])", "126"),
        ("subprocess.getstatusoutput('git')[0]", "126"),
        ("os.waitstatus_to_exitcode(os.system('clear'))", "126"),
        ("repr(os.popen('git status').read())", "''"),
        ("subprocess.Popen(['git']).wait(timeout=1)", "126"),
    ],
)
def test_program_that_is_not_insisted_on_has_failed(
    code: str, told: str, run: Callable[[str], str]
) -> None:
    """Code that looks how a program ended finds that it could not be started."""
    assert run(f"print({code})") == told


def test_reason_is_what_the_program_prints(run: Callable[[str], str]) -> None:
    """Its error output says why it was not started."""
    code = "print(subprocess.run(['git'], stderr=subprocess.PIPE, text=True).stderr)"
    assert run(code) == REFUSED
