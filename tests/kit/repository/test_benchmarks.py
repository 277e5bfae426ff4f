"""The benchmarks' own parts: what they count, compare and write."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_output

import durability
import hostile
import notebook_course
import processes
import request_costs
import suite_cost
import throughput
from copies import write_copies
from kit.stage.classes import OTHER_COURSEWORK
from processes import FORKED, Peaks, Process
from reelmark.manifest import Coursework, load_coursework
from reelmark.results import (
    CheckResult,
    Status,
    summarise,
    summarise_task,
    write_result,
)
from sample_class import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="benchmarks watch processes as Linux shows them"
)

REFERENCE = {
    "words": "def count_words(text):\n    return len(text.split())\n",
    "numbers_of_words": (
        "from words import count_words\n"
        "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
    ),
}


@pytest.fixture(scope="module")
def coursework(tmp_path_factory: pytest.TempPathFactory) -> Coursework:
    """The coursework without films, with a reference of its own."""
    root = tmp_path_factory.mktemp("coursework") / "words"
    shutil.copytree(OTHER_COURSEWORK, root)
    (root / "solutions").mkdir()
    for module, text in REFERENCE.items():
        (root / "solutions" / f"{module}.py").write_text(text, encoding="utf-8")
    return load_coursework(root)


class TestClasses:
    """The classes that are marked."""

    def test_copies_differ(self, coursework: Coursework, tmp_path: Path) -> None:
        """No two copies have the same bytes, so none is taken for another."""
        folders = write_copies(coursework, tmp_path, 3)
        texts = {(folder / "words.py").read_text("utf-8") for folder in folders}
        assert len(texts) == 3

    @pytest.mark.parametrize("name", hostile.HARMS)
    def test_harm_is_python(self, name: str) -> None:
        """An overlay parses: harm is done by running, not by a syntax error."""
        text = hostile.make_overlay("count", hostile.HARMS[name], Path("hidden"))
        compile("def count(): pass" + text, name, "exec")

    def test_harm_comes_before_the_answer(self) -> None:
        """A wrapped function does its harm, then gives the honest answer."""
        done: list[int] = []
        names = {"done": done}
        text = hostile.make_overlay("count", "done.append(args[0])", Path("hidden"))
        exec("def count(number):\n    return number + 1\n" + text, names)
        assert eval("count(4)", names) == 5
        assert done == [4]

    @pytest.mark.parametrize(("size", "expected"), [(4, 2), (20, 10), (30, 10)])
    def test_class_has_hostile_members(
        self, coursework: Coursework, tmp_path: Path, size: int, expected: int
    ) -> None:
        """Ten of a class are hostile; in a small class, half."""
        durability.write_class(coursework, tmp_path, size)
        names = [folder.name for folder in tmp_path.iterdir()]
        assert len(names) == size
        assert sum(not durability.is_copy(name) for name in names) == expected


class TestDurability:
    """What is compared, and when it is killed."""

    def test_seconds_of_checks_do_not_count(self) -> None:
        """Results that differ in the seconds of a check are the same."""
        first = b'{\n    "seconds": 0.25,\n    "marks": 1.0\n}'
        second = b'{\n    "seconds": 1e-05,\n    "marks": 1.0\n}'
        assert durability.without_seconds(first) == durability.without_seconds(second)

    def test_seconds_in_a_message_count(self) -> None:
        """Words of a message are compared, whatever they say."""
        text = b'{\n    "message": "got \\"seconds\\": 0.25"\n}'
        assert durability.without_seconds(text) == text

    def test_missing_result_differs(self) -> None:
        """A result that one run lacks is reported, and so is one that changed."""
        assert durability.differing({"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 4}) == [
            "a",
            "c",
        ]

    @pytest.mark.parametrize("submissions", [4, 20, 200])
    def test_kills_come_on_the_way(self, submissions: int) -> None:
        """A kill waits for a result, and comes before nearly all are there."""
        kills = durability.draw_kills(random.Random(0), submissions, 3)
        assert kills == sorted(set(kills))
        assert 1 <= kills[0] <= kills[-1] < submissions

    def test_kills_are_drawn_with_a_seed(self) -> None:
        """The same seed gives the same moments."""
        first, second = (
            durability.draw_kills(random.Random(7), 200, 3) for _ in range(2)
        )
        assert first == second

    def test_broken_promise_is_kept_in_mind(self) -> None:
        """Broken promises are repeated at the end."""
        journal = durability.Journal()
        journal.require(True, "kept")
        journal.require(False, "broken")
        assert journal.problems == ["broken"]


class TestProcesses:
    """What everything that was started uses."""

    def test_name_is_what_was_started(self) -> None:
        """A process is called by its module, its script or its program."""
        named = {
            (
                "python",
                "-P",
                "-m",
                "reelmark.processes.zygote",
                "7",
            ): "reelmark.processes.zygote",
            ("python", "-c", "from a.b import main; main()"): "a.b",
            ("python", "x/in_process.py", "y"): "in_process.py",
            ("/bin/rm", "-rf"): "rm",
            ("",): "",
        }
        assert {key: Process(1, 0, key).name for key in named} == named

    def test_fork_is_told_from_its_parent(self) -> None:
        """A process with its parent's command line is a fork of it."""
        found = {
            1: Process(1, 0, ("python", "-m", "warm")),
            2: Process(2, 1, ("python", "-m", "warm")),
            3: Process(3, 1, ("rm", "-rf")),
        }
        labels = processes.label_processes(found)
        assert labels == {1: "warm", 2: f"warm{FORKED}", 3: "rm"}

    def test_peak_is_of_one_moment(self) -> None:
        """Memory used at different times is not added up."""
        peaks = Peaks()
        labels = {1: "warm", 2: f"warm{FORKED}"}
        peaks.add({1: 100, 2: 10}, labels)
        peaks.add({1: 20, 2: 70}, labels)
        assert (peaks.total, peaks.forked) == (110, 70)
        assert peaks.by_label == {"warm": 100, f"warm{FORKED}": 70}

    def test_own_memory_is_seen(self) -> None:
        """A process has private memory, some megabytes of it."""
        assert processes.private_bytes(os.getpid()) > 2**20

    def test_orphans_are_found_and_counted(self) -> None:
        """A process whose parent ended is waited for; its time is counted."""
        work = "sum(number * number for number in range(2_000_000))"
        start = f"subprocess.Popen([sys.executable, '-c', {work!r}])"
        code = f"import subprocess, sys; {start}"
        program = (
            "import subprocess, sys\n"
            f"sys.path.insert(0, {str(ROOT / 'benchmarks')!r})\n"
            "from processes import Watch\n"
            "with Watch() as watch:\n"
            f"    subprocess.run([sys.executable, '-c', {code!r}])\n"
            "print(watch.cpu_seconds > 0.05, watch.left)\n"
        )
        # In a process of its own: this one shall not become a parent of orphans.
        ran = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        assert ran.stdout == "True {}\n"


def test_rate_counts_the_whole_run() -> None:
    """Submissions per minute are computed from the run's wall time."""
    run = throughput.Run("any", 20, 2, 120.0, 60.0, Peaks(), 0)
    assert (run.per_minute, run.cpu_each) == (10.0, 3.0)


def test_rounds_are_added_up() -> None:
    """Several rounds count as one long run; memory is that of the highest peak."""
    low, high = Peaks(100, 50, {"warm": 70}), Peaks(200, 40, {"warm": 60})
    first = throughput.Run("any", 20, 2, 120.0, 60.0, low, 0)
    both = first + throughput.Run("any", 20, 2, 60.0, 40.0, high, 1)
    assert (both.submissions, both.per_minute, both.cpu_each) == (40, 40 / 3, 2.5)
    assert both.peaks == Peaks(200, 50, {"warm": 70})
    assert both.left == 1


def test_result_is_read_for_marks_and_checks(tmp_path: Path) -> None:
    """What a benchmark compares is read from the results of the command."""
    states = (Status.PASSED, Status.FAILED, Status.PASSED)
    checks = [
        CheckResult("id", "title", False, state, 1.0, 1.0, "", 0.1) for state in states
    ]
    result = summarise("ada", [summarise_task("1", "Counts words", checks)])
    write_result(result, tmp_path / "ada.json")
    found = throughput.read_marked(tmp_path / "ada.json")
    assert found == throughput.Marked(marks=3.0, passed=2)


class TestNotebook:
    """The notebook that nbgrader marks."""

    def test_every_task_has_a_locked_cell(self, coursework: Coursework) -> None:
        """A task is one cell that a student cannot edit, worth the task's marks."""
        first, *cells = notebook_course.make_notebook(coursework).cells
        tables = [cell.metadata.nbgrader for cell in cells]
        assert "nbgrader" not in first.metadata
        assert all(table.grade and table.locked for table in tables)
        assert [table.points for table in tables] == [3, 2]

    def test_checks_are_counted_from_the_cells(self, coursework: Coursework) -> None:
        """How many checks ran is what the executed cells printed, added up."""
        notebook = notebook_course.make_notebook(coursework)
        for cell, number in zip(notebook.cells[1:], (4, 3), strict=True):
            cell.outputs = [new_output("stream", text=f"{number} checks passed\n")]
        assert notebook_course.count_passed(notebook) == 7


def test_durability_runs(coursework: Coursework) -> None:
    """The benchmark marks, kills, continues and compares a tiny class."""
    sizes = ["--submissions", "4", "--repeat", "0", "--workers", "1"]
    kills = ["--kills", "1", "--kill-within", "0"]
    script = ROOT / "benchmarks" / "durability.py"
    ran = subprocess.run(
        [sys.executable, script, *sizes, *kills, "--coursework", coursework.root],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "yes  killed while it ran" in ran.stdout, ran.stdout + ran.stderr
    assert "yes  the results are the same bytes" in ran.stdout


def test_costs_are_listed_by_file_and_by_test(tmp_path: Path) -> None:
    """The dearest come first; a class in a module is no file of its own."""
    path = tmp_path / "run.xml"
    cases = (
        ("tests.kit.engine.test_b", "test_quick", 0.5),
        ("tests.kit.engine.test_a.TestIt", "test_slow[x]", 2.0),
        ("tests.kit.engine.test_a", "test_quick", 1.0),
    )
    lines = [f'<testcase classname="{c}" name="{n}" time="{t}"/>' for c, n, t in cases]
    path.write_text(f"<testsuite>{''.join(lines)}</testsuite>", encoding="utf-8")
    rows = [
        line
        for line in suite_cost.list_costs(suite_cost.read_seconds(path))
        if line.startswith("| `")
    ]
    assert rows == [
        "| `engine/test_a` | 2 | 3.0 |",
        "| `engine/test_b` | 1 | 0.5 |",
        "| `engine/test_a::test_slow[x]` | 2.0 |",
        "| `engine/test_a::test_quick` | 1.0 |",
        "| `engine/test_b::test_quick` | 0.5 |",
    ]


class TestRequestCosts:
    """What requests of marking cost."""

    def test_what_is_within_is_counted_once(self) -> None:
        """A request's time is without that of what is counted inside of it."""
        costs = request_costs.Costs()
        with costs.count("outer"), costs.count("inner"):
            sum(range(200_000))
        assert costs.times == {"outer": 1, "inner": 1}
        assert costs.seconds["outer"] < costs.seconds["inner"]

    def test_calls_and_observations_are_named(self, coursework: Coursework) -> None:
        """The table names the functions of the coursework."""
        script = ROOT / "benchmarks" / "request_costs.py"
        ran = subprocess.run(
            [sys.executable, script, "--top", "100"],
            cwd=coursework.root,
            capture_output=True,
            text=True,
            check=True,
        )
        kinds = [line.split(" | ")[0] for line in ran.stdout.splitlines()]
        assert {"| call: words.count_words()", "| observing: int"} <= set(kinds)
        assert kinds[-2:] == ["| the judge", "| **together**"]
