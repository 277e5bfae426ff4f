"""What students of this coursework get: manifest, stubs and brief."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reelmark.handout import brief, generated, stubs
from reelmark.manifest import Task, load_coursework
from reelmark.results import Status
from sample_class import ROOT

COURSEWORK = load_coursework(ROOT)
TASKS = [pytest.param(task, id=task.id) for task in COURSEWORK.tasks]

CALLED_BY_CHECKS = {"4a-i": {"2a-ii", "2b-iii", "3b"}}
"""Tasks whose functions make what a task's function is given: its checks call them."""


def read_module(folder: Path, module: str) -> ast.Module:
    """Parse a module of the coursework."""
    return ast.parse((folder / f"{module}.py").read_text(encoding="utf-8"))


def find_functions(folder: Path, module: str) -> dict[str, ast.FunctionDef]:
    """Return the functions at a module's top level by name."""
    tree = read_module(folder, module)
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def find_function(folder: Path, task: Task) -> ast.FunctionDef:
    """Return the function of a task, from the stubs or from the solutions."""
    return find_functions(folder, task.module)[task.function]


def iterate_solution_lines() -> Iterator[str]:
    """Yield the stripped lines within the solution regions that say something."""
    for module in COURSEWORK.modules:
        source = (COURSEWORK.solutions / f"{module}.py").read_text(encoding="utf-8")
        for region in re.findall("BEGIN SOLUTION(.*?)### END", source, re.DOTALL):
            lines = (line.strip() for line in region.splitlines())
            yield from (line for line in lines if len(line) > 12)


class TestThisManifest:
    """The manifest of this coursework."""

    def test_code_carries_60_marks(self) -> None:
        """All tasks together are worth 60 marks."""
        assert COURSEWORK.max_marks == 60

    @pytest.mark.parametrize("task", TASKS)
    def test_id_is_the_section(self, task: Task) -> None:
        """A task's id is its section: "1.a.ii" becomes "1a-ii"."""
        assert task.id == task.section.replace(".", "", 1).replace(".", "-")

    @pytest.mark.parametrize("task", TASKS)
    def test_hints_give_no_line_of_code_away(self, task: Task) -> None:
        """A task has three hints, and none of them holds a line of its solution."""
        assert len(task.hints) == 3
        hints = "\n".join(task.hints)
        assert [line for line in iterate_solution_lines() if line in hints] == []

    @pytest.mark.parametrize("task", TASKS)
    def test_needs_come_earlier(self, task: Task) -> None:
        """A task needs only tasks that come before it."""
        ids = [other.id for other in COURSEWORK.tasks]
        assert all(ids.index(need) < ids.index(task.id) for need in task.needs)

    @pytest.mark.parametrize("task", TASKS)
    def test_needs_are_what_is_called(self, task: Task) -> None:
        """A task needs just what its solution and checks call, directly or indirectly.

        If a need of a need were left out, a fault there would cost marks in this task.
        """
        solution = find_function(COURSEWORK.solutions, task)
        names = {node.id for node in ast.walk(solution) if isinstance(node, ast.Name)}
        by_checks = CALLED_BY_CHECKS.get(task.id, set())
        called = [
            other
            for other in COURSEWORK.tasks
            if other.function in names or other.id in by_checks
        ]
        needs = {need for other in called for need in (other.id, *other.needs)}
        assert set(task.needs) == needs


class TestTheseStubs:
    """The stubs and the brief of this coursework, as they are handed out."""

    def test_stubs_are_what_the_solutions_give(self) -> None:
        """No stub is out of date; `reelmark stubs` writes them again."""
        assert generated.find_drifted(stubs.make_texts(COURSEWORK)) == []

    def test_task_table_is_what_the_manifest_gives(self) -> None:
        """The table in the brief is up to date; `reelmark stubs` writes it again."""
        assert generated.find_drifted(brief.make_texts(COURSEWORK)) == []

    def test_brief_explains_every_state(self) -> None:
        """Every state a check can have is a row of the brief's table of states."""
        text = (COURSEWORK.stubs / "README.md").read_text(encoding="utf-8")
        assert [state for state in Status if f"\n| {state} |" not in text] == []

    def test_no_stray_module_is_handed_out(self) -> None:
        """The modules in assignment/ are those of the manifest, and a given one."""
        modules = {path.stem for path in COURSEWORK.stubs.rglob("*.py")}
        assert modules == {*COURSEWORK.modules, "dataset"}

    @pytest.mark.parametrize("task", TASKS)
    def test_function_is_not_started(self, task: Task) -> None:
        """A stub's function is a docstring and raises NotImplementedError."""
        stub = find_function(COURSEWORK.stubs, task)
        assert ast.get_docstring(stub)
        assert [ast.unparse(line) for line in stub.body[1:]] == [
            "raise NotImplementedError"
        ]

    @pytest.mark.parametrize("task", TASKS)
    def test_docstring_cites_its_section(self, task: Task) -> None:
        """A docstring says which section of the brief it comes from."""
        docstring = ast.get_docstring(find_function(COURSEWORK.stubs, task)) or ""
        source = f"Source:\n    Section {task.section} of the brief."
        assert docstring.endswith(source)

    @pytest.mark.parametrize("task", TASKS)
    def test_solution_shares_signature_and_docstring(self, task: Task) -> None:
        """A stub and its solution have the same signature and the same docstring."""
        stub = find_function(COURSEWORK.stubs, task)
        solution = find_function(COURSEWORK.solutions, task)
        assert ast.dump(stub.args) == ast.dump(solution.args)
        assert ast.get_docstring(stub) == ast.get_docstring(solution)

    @pytest.mark.parametrize("module", COURSEWORK.modules)
    def test_other_functions_are_given_complete(self, module: str) -> None:
        """Functions that are not tasks are given: public, and as in the solution."""
        tasks = {task.function for task in COURSEWORK.tasks}
        stub = find_functions(COURSEWORK.stubs, module)
        solution = find_functions(COURSEWORK.solutions, module)
        given = stub.keys() - tasks
        assert given == {"parse_image"} & solution.keys()
        assert all(ast.dump(stub[name]) == ast.dump(solution[name]) for name in given)

    @pytest.mark.parametrize("module", COURSEWORK.modules)
    def test_module_says_what_it_is_for(self, module: str) -> None:
        """A stub begins with a docstring that addresses the student."""
        docstring = ast.get_docstring(read_module(COURSEWORK.stubs, module)) or ""
        assert re.search(r"\b[Yy]ou\b", docstring)

    def test_nothing_of_the_solution_is_handed_out(self) -> None:
        """No file in assignment/ holds a marker or a line of a solution."""
        secrets = {"BEGIN SOLUTION", "END SOLUTION", *iterate_solution_lines()}
        files = [path for path in COURSEWORK.stubs.rglob("*") if path.is_file()]
        leaks = {
            (path.name, secret)
            for path in files
            for secret in secrets
            if secret in path.read_text(encoding="utf-8", errors="replace")
        }
        assert leaks == set()

    @pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
    def test_stubs_are_tidy(self, command: list[str]) -> None:
        """The linter and the formatter find nothing in the stubs."""
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", COURSEWORK.stubs],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout
