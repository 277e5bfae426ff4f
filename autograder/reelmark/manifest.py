"""The manifest: the tasks of a coursework, read from one TOML file.

A coursework is a folder with this layout; the engine knows nothing else about it::

    assignment/coursework.toml   the manifest
    assignment/*.py              the stubs a student fills in
    solutions/*.py               the reference          (instructors only)
    tests/public, tests/hidden   the suites that mark   (hidden: instructors only)
    tests/support                what the checks share
    tests/support/worker         what runs beside student code
    fixtures/                    small data for the suites
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reelmark.errors import UsageError
from reelmark.files import read_text

MANIFEST = Path("assignment") / "coursework.toml"
KIT = "kit"
"""What nbgrader hands out beside its notebook: a folder with all but the hidden."""

COURSEWORK_VARIABLE = "REELMARK_COURSEWORK"


@dataclass(frozen=True)
class Task:
    """One function that a student writes, and what it is worth.

    ``needs`` names the tasks whose functions this one or its checks may call, directly
    or indirectly. They never cost it marks: a check that does not pass with the
    student's own versions is run again with the kit's stand-ins for them.
    """

    id: str
    title: str
    section: str
    module: str
    function: str
    marks: float
    minutes: int
    needs: tuple[str, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Coursework:
    """A coursework: its root folder, its title and its tasks in order.

    ``given`` names the files beside the stubs that students get as they are.
    """

    root: Path
    title: str
    tasks: tuple[Task, ...]
    given: tuple[str, ...] = ()

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Names of the modules that students hand in, in the order of their tasks."""
        return tuple(dict.fromkeys(task.module for task in self.tasks))

    @property
    def functions(self) -> dict[str, tuple[str, ...]]:
        """Names of the functions that students write, by module."""
        return {
            module: tuple(task.function for task in self.tasks_of(module))
            for module in self.modules
        }

    @property
    def stubs(self) -> Path:
        """The folder of untouched stub modules."""
        return self.root / "assignment"

    @property
    def solutions(self) -> Path:
        """The folder of the reference (absent from a student's copy)."""
        return self.root / "solutions"

    @property
    def public_suite(self) -> Path:
        """The folder of the checks that students see."""
        return self.root / "tests" / "public"

    @property
    def hidden_suite(self) -> Path:
        """The folder of the hidden checks (absent from a student's copy)."""
        return self.root / "tests" / "hidden"

    @property
    def support(self) -> Path:
        """The folder that checks share: what they expect, and how they find it."""
        return self.root / "tests" / "support"

    @property
    def worker_support(self) -> Path:
        """The folder of code that runs in workers: ingredients, stand-ins, looks.

        Student code can read all of it, so nothing in it may be an answer; it cannot
        read the rest of `support`.
        """
        return self.support / "worker"

    @property
    def ingredients(self) -> Path:
        """The file of what checks can have made in a worker; it need not exist."""
        return self.worker_support / "ingredients.py"

    @property
    def public_inputs(self) -> Path:
        """The folder of the data that public checks use."""
        return self.root / "fixtures" / "public"

    @property
    def hidden_inputs(self) -> Path:
        """The folder of data for hidden checks (absent from a student's copy)."""
        return self.root / "fixtures" / "hidden"

    def inputs(self, *, hidden: bool) -> tuple[Path, ...]:
        """Return the folders of data that checks hand to a student's functions.

        Args:
            hidden: Whether they are hidden checks, which use both folders.
        """
        folders = (self.public_inputs, *([self.hidden_inputs] if hidden else []))
        return tuple(folder for folder in folders if folder.is_dir())

    @property
    def max_marks(self) -> float:
        """The total marks of all tasks."""
        return sum(task.marks for task in self.tasks)

    def tasks_of(self, module: str) -> tuple[Task, ...]:
        """Return the tasks whose functions are in a module, in order."""
        return tuple(task for task in self.tasks if task.module == module)

    def task(self, task_id: str) -> Task:
        """Return the task called ``task_id``.

        Raises:
            UsageError: No task has that id; the message lists all ids.
        """
        for task in self.tasks:
            if task.id == task_id:
                return task
        known = ", ".join(task.id for task in self.tasks)
        raise UsageError(f"There is no task {task_id!r}. The tasks are: {known}.")

    def find_tasks(self, names: Iterable[str]) -> tuple[Task, ...]:
        """Return the tasks that somebody names, in the manifest's order.

        Args:
            names: Ids or their beginnings (``3a``), functions, modules, files.

        Raises:
            UsageError: A name is unknown; the message lists the names there are.
        """
        wanted = {task.id for name in names for task in self._find(name)}
        return tuple(task for task in self.tasks if task.id in wanted)

    def _find(self, name: str) -> list[Task]:
        bare = name.strip().removesuffix(".py").removesuffix("()").casefold()
        found = [task for task in self.tasks if bare in _names_of(task)]
        if not found:
            known = ", ".join(task.id for task in self.tasks)
            raise UsageError(
                f"There is no task {name!r}. The tasks are: {known}. A function, a "
                f"module or the beginning of an id will do, too: {self.tasks[0].id}, "
                f"{self.tasks[0].function}, {self.tasks[0].module}."
            )
        return found


def _names_of(task: Task) -> set[str]:
    """Return the names for a task, and for groups that it belongs to."""
    names = {task.id, task.id.partition("-")[0], task.function, task.module}
    return {name.casefold() for name in names}


def find_coursework(start: Path | None = None) -> Coursework:
    """Find and load the coursework that the working directory belongs to.

    Args:
        start: Where to look, upwards. By default the folder that the
            environment variable ``REELMARK_COURSEWORK`` names, else the working
            directory, else the folder the package was installed from.

    Raises:
        UsageError: No folder on the way holds ``assignment/coursework.toml``, nor does
            a ``kit`` in one.
    """
    if start is None and (named := os.environ.get(COURSEWORK_VARIABLE)):
        start = Path(named)
    starts = [start] if start else [Path.cwd(), Path(__file__)]
    for up in (up for first in starts for up in _upwards(first.resolve())):
        for folder in (up, up / KIT):
            if (folder / MANIFEST).is_file():
                return load_coursework(folder)
    raise UsageError(
        f"No coursework found: neither {starts[0]} nor a folder above it holds "
        f"{MANIFEST}. Change into the coursework's folder, or name it with "
        f"--coursework or {COURSEWORK_VARIABLE}."
    )


def load_coursework(root: Path) -> Coursework:
    """Load the coursework whose root folder is ``root``.

    Raises:
        UsageError: The manifest is not valid TOML in UTF-8, a key is missing, unknown
            or of the wrong kind, an id is used twice, or a task needs one that does
            not exist.
    """
    path = root / MANIFEST
    try:
        table = tomllib.loads(read_text(path))
        tasks = tuple(_read_task(entry) for entry in table["task"])
        about = table["coursework"]
        given = tuple(about.get("given", ()))
        coursework = Coursework(root, about["title"], tasks, given)
    except KeyError as error:
        raise UsageError(f"{path} cannot be used: it lacks the key {error}.") from error
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise UsageError(f"{path} cannot be used: {error}.") from error
    _check_ids(coursework, path)
    return coursework


def _upwards(path: Path) -> list[Path]:
    return [path, *path.parents]


def _read_task(entry: dict[str, Any]) -> Task:
    lists = {key: tuple(entry[key]) for key in ("needs", "hints")}
    task = Task(**{**entry, **lists})
    words = (task.id, task.title, task.section, task.module, task.function)
    if not all(isinstance(word, str) and word for word in words):
        raise TypeError(f"a text of task {task.id!r} is empty, or not a text")
    numbers = (task.marks, task.minutes)
    if not all(type(n) in (int, float) and 0 < n < math.inf for n in numbers):
        raise TypeError(f"marks and minutes of {task.id} must be numbers above 0")
    return task


def _check_ids(coursework: Coursework, path: Path) -> None:
    ids = [task.id for task in coursework.tasks]
    twice = {i for i in ids if ids.count(i) > 1}
    unknown = {need for task in coursework.tasks for need in task.needs} - set(ids)
    if twice or unknown:
        raise UsageError(
            f"{path} cannot be used: ids used twice {sorted(twice)}, "
            f"needs that name no task {sorted(unknown)}."
        )
