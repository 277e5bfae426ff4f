"""Stubs, brief and manifest: what students get follows from one place each."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reelmark import manifest
from reelmark.errors import UsageError
from reelmark.handout import brief, generated, stubs
from reelmark.manifest import Coursework, Task, load_coursework
from reelmark.results import Status

ROOT = Path(__file__).parents[4]
COURSEWORK = load_coursework(ROOT)
TASKS = [pytest.param(task, id=task.id) for task in COURSEWORK.tasks]

SOLUTION = '''\
"""Bakes bread."""

import time

### BEGIN SOLUTION
# isort: split
import math


def _double(x):
    return 2 * x


### END SOLUTION


def bake(flour):
    """Bake a loaf."""
    ### BEGIN SOLUTION
    return _double(math.sqrt(flour))
    ### END SOLUTION


class Oven:
    def heat(self):
        """Heat the oven."""
        ### BEGIN SOLUTION
        time.sleep(1)
        ### END SOLUTION


### BEGIN SOLUTION
def _cool():
    pass
### END SOLUTION
'''
STUB = '''\
"""Bakes bread."""

import time


def bake(flour):
    """Bake a loaf."""
    raise NotImplementedError


class Oven:
    def heat(self):
        """Heat the oven."""
        raise NotImplementedError
'''
MANIFEST = """\
[coursework]
title = "Baking"

[[task]]
id = "1a"
title = "Bakes a loaf"
section = "1.a"
module = "bakery"
function = "bake"
marks = 2.5
minutes = 20
needs = []
hints = ["Heat the oven first."]
"""
TABLE = """\
| Task | Function | What it does | Marks | Minutes |
|---|---|---|--:|--:|
| 1a | `bakery.bake` | Bakes a loaf | 2.5 | 20 |
| | | **Together** | **2.5** | **20** |"""
README = "# Baking\n\n<!-- tasks:begin -->\nold\n<!-- tasks:end -->\n\nEnjoy.\n"


@pytest.fixture
def bakery(tmp_path: Path) -> Coursework:
    """A coursework of one module, with a solution and no stub yet."""
    return make_bakery(tmp_path, MANIFEST)


def make_bakery(root: Path, text: str) -> Coursework:
    """Write a coursework with the given manifest and load it."""
    for folder in ("assignment", "solutions"):
        (root / folder).mkdir(exist_ok=True)
    (root / "assignment" / "coursework.toml").write_text(text)
    (root / "assignment" / "README.md").write_text(README)
    (root / "solutions" / "bakery.py").write_text(SOLUTION)
    return load_coursework(root)


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


class TestCutStub:
    """Cutting a stub out of a solution."""

    def test_regions_in_functions_raise_and_others_vanish(self) -> None:
        """The stub keeps signatures and docstrings and nothing of the solution."""
        assert stubs.cut_stub(SOLUTION) == STUB

    def test_source_without_regions_stays(self) -> None:
        """A module without solution regions is its own stub."""
        assert stubs.cut_stub(STUB) == STUB

    @pytest.mark.parametrize("begin", ["#BEGIN SOLUTION", "## begin  solution:"])
    def test_sloppy_markers_count(self, begin: str) -> None:
        """A marker in a sloppy spelling hides the solution as well."""
        sloppy = SOLUTION.replace("### BEGIN SOLUTION", begin)
        assert stubs.cut_stub(sloppy) == STUB

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            (
                "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n",
                "oven.py:3: a solution region begins inside the one that began "
                "on line 2.",
            ),
            (
                "x = 1\n### END SOLUTION\n",
                "oven.py:2: this solution region has no beginning.",
            ),
            (
                "### BEGIN SOLUTION\nx = 1\n",
                "oven.py:1: this solution region has no end.",
            ),
        ],
        ids=["nested", "never begun", "never ended"],
    )
    def test_misplaced_markers_are_named(self, source: str, message: str) -> None:
        """A marker out of place is refused with the file and the line."""
        with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
            stubs.cut_stub(source, "oven.py")


class TestWriteStubs:
    """Writing stubs, and finding those that differ."""

    def test_missing_stub_is_written(self, bakery: Coursework) -> None:
        """A stub that does not exist is written and returned."""
        assert generated.write_drifted(stubs.make_texts(bakery)) == [
            bakery.stubs / "bakery.py"
        ]
        assert (bakery.stubs / "bakery.py").read_text() == STUB

    def test_current_stub_is_left_alone(self, bakery: Coursework) -> None:
        """A stub that is up to date is not written again."""
        generated.write_drifted(stubs.make_texts(bakery))
        assert generated.write_drifted(stubs.make_texts(bakery)) == []

    def test_edited_stub_has_drifted(self, bakery: Coursework) -> None:
        """A stub that was edited by hand is found, and not overwritten."""
        generated.write_drifted(stubs.make_texts(bakery))
        path = bakery.stubs / "bakery.py"
        path.write_text(STUB + "# mine\n")
        assert generated.find_drifted(stubs.make_texts(bakery)) == [path]
        assert path.read_text().endswith("# mine\n")

    def test_missing_solution_is_explained(self, bakery: Coursework) -> None:
        """Without the reference, the message says who has it."""
        (bakery.solutions / "bakery.py").unlink()
        with pytest.raises(UsageError, match=r"bakery\.py is missing.*instructors'"):
            generated.write_drifted(stubs.make_texts(bakery))

    def test_misplaced_marker_names_the_solution(self, bakery: Coursework) -> None:
        """A marker out of place is reported with the path of the solution."""
        path = bakery.solutions / "bakery.py"
        path.write_text("### BEGIN SOLUTION\n")
        with pytest.raises(UsageError, match=re.escape(f"{path}:1: ")):
            generated.find_drifted(stubs.make_texts(bakery))


class TestTaskTable:
    """The table of tasks in the brief."""

    def test_table_lists_tasks_and_adds_them_up(self, bakery: Coursework) -> None:
        """Every task is a row; the last row holds the sums."""
        assert brief.task_table(bakery) == TABLE

    def test_table_replaces_what_stood_between_the_marks(
        self, bakery: Coursework
    ) -> None:
        """Writing the table leaves the rest of the brief as it is."""
        path = bakery.stubs / "README.md"
        assert generated.write_drifted(brief.make_texts(bakery)) == [path]
        assert path.read_text() == README.replace("old", TABLE)

    def test_current_table_is_left_alone(self, bakery: Coursework) -> None:
        """A table that is up to date is neither written again nor drifted."""
        generated.write_drifted(brief.make_texts(bakery))
        texts = brief.make_texts(bakery)
        assert generated.write_drifted(texts) == generated.find_drifted(texts) == []

    def test_old_table_has_drifted(self, bakery: Coursework) -> None:
        """A brief with another table is found, and not overwritten."""
        assert generated.find_drifted(brief.make_texts(bakery)) == [
            bakery.stubs / "README.md"
        ]
        assert (bakery.stubs / "README.md").read_text() == README

    @pytest.mark.parametrize("mark", ["<!-- tasks:begin -->", "<!-- tasks:end -->"])
    def test_brief_without_a_place_is_refused(
        self, bakery: Coursework, mark: str
    ) -> None:
        """A brief that lacks one of the marks is refused with both of them."""
        (bakery.stubs / "README.md").write_text(README.replace(mark, ""))
        with pytest.raises(UsageError, match="<!-- tasks:begin --> and <!-- tasks:end"):
            generated.find_drifted(brief.make_texts(bakery))

    def test_missing_brief_is_refused(self, bakery: Coursework) -> None:
        """A coursework without a brief is refused with its path."""
        (bakery.stubs / "README.md").unlink()
        with pytest.raises(UsageError, match=r"README\.md is missing"):
            generated.find_drifted(brief.make_texts(bakery))


class TestManifestErrors:
    """What the loader says about a manifest it cannot use."""

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('"Baking"', "Baking", "TOMLDecodeError"),
            ("[coursework]", "[course]", "KeyError('coursework')"),
            ('title = "Baking"', "", "KeyError('title')"),
            ("[[task]]", "[[tasks]]", "KeyError('task')"),
            ("hints = ", "hint = ", "KeyError('hints')"),
            ("marks = 2.5", "", "'marks'"),
            ("marks = 2.5", "marks = 2.5\nbonus = 1", "'bonus'"),
            ("needs = []", "needs = ['9z']", "needs that name no task ['9z']"),
        ],
        ids=[
            "not TOML",
            "no coursework",
            "no title",
            "no tasks",
            "list missing",
            "key missing",
            "key unknown",
            "need unknown",
        ],
    )
    def test_unusable_manifest_names_the_reason(
        self, tmp_path: Path, old: str, new: str, message: str
    ) -> None:
        """The message names the file and what is wrong with it."""
        with pytest.raises(UsageError, match=re.escape(message)) as caught:
            make_bakery(tmp_path, MANIFEST.replace(old, new))
        assert f"{tmp_path / manifest.MANIFEST} cannot be used" in str(caught.value)

    def test_missing_manifest_is_named(self, tmp_path: Path) -> None:
        """A folder without a manifest is refused with the path that is missing."""
        path = re.escape(str(tmp_path / manifest.MANIFEST))
        with pytest.raises(UsageError, match=f"^{path} cannot be used: FileNotFound"):
            load_coursework(tmp_path)

    def test_id_used_twice_is_named(self, tmp_path: Path) -> None:
        """Two tasks with one id are refused with that id."""
        twice = MANIFEST + MANIFEST[MANIFEST.index("[[task]]") :]
        with pytest.raises(UsageError, match=r"ids used twice \['1a'\]"):
            make_bakery(tmp_path, twice)

    def test_unknown_task_lists_the_known(self, bakery: Coursework) -> None:
        """Asking for a task that does not exist lists those that do."""
        message = r"^There is no task '7q'\. The tasks are: 1a\.$"
        with pytest.raises(UsageError, match=message):
            bakery.task("7q")

    def test_folder_outside_says_what_to_do(self, tmp_path: Path) -> None:
        """Outside of a coursework, the message says where to go or what to set."""
        with pytest.raises(UsageError, match=r"Change into.*REELMARK_COURSEWORK"):
            manifest.find_coursework(tmp_path)

    def test_environment_names_the_coursework(
        self, bakery: Coursework, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The environment variable decides which coursework is found."""
        monkeypatch.setenv(manifest.COURSEWORK_VARIABLE, str(bakery.solutions))
        assert manifest.find_coursework() == bakery


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
        """A task needs only tasks that stand before it."""
        ids = [other.id for other in COURSEWORK.tasks]
        assert all(ids.index(need) < ids.index(task.id) for need in task.needs)

    @pytest.mark.parametrize("task", TASKS)
    def test_needs_are_what_the_solution_calls(self, task: Task) -> None:
        """A task needs exactly the tasks whose functions it or its needs call."""
        solution = find_function(COURSEWORK.solutions, task)
        names = {node.id for node in ast.walk(solution) if isinstance(node, ast.Name)}
        called = [other for other in COURSEWORK.tasks if other.function in names]
        needs = {need for other in called for need in (other.id, *other.needs)}
        assert set(task.needs) == needs


class TestTheseStubs:
    """The stubs and the brief of this coursework, as they are handed out."""

    def test_stubs_are_what_the_solutions_give(self) -> None:
        """No stub has drifted; `reelmark stubs` writes them anew."""
        assert generated.find_drifted(stubs.make_texts(COURSEWORK)) == []

    def test_task_table_is_what_the_manifest_gives(self) -> None:
        """The table in the brief is current; `reelmark stubs` writes it anew."""
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
        """A stub and its solution have one signature and one docstring."""
        stub = find_function(COURSEWORK.stubs, task)
        solution = find_function(COURSEWORK.solutions, task)
        assert ast.dump(stub.args) == ast.dump(solution.args)
        assert ast.get_docstring(stub) == ast.get_docstring(solution)

    @pytest.mark.parametrize("module", COURSEWORK.modules)
    def test_other_functions_are_given_complete(self, module: str) -> None:
        """What is no task is given: public, and the same as in the solution."""
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
