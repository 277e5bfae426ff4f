"""Modules: cells that are written to files, and functions left in other cells."""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import read_text, write_whole
from reelmark.intake.cells import parse
from reelmark.manifest import Coursework, Task

ALIKE = 0.8
"""How similar two names must be for one to be a misspelling of the other."""


@dataclass(frozen=True)
class Written:
    """A module that a cell was written to.

    Attributes:
        path: The file.
        tasks: The tasks whose functions the cell defines.
        remarks: Sentences about what was done, and what is missing.
    """

    path: Path
    tasks: tuple[Task, ...]
    remarks: tuple[str, ...]


def write_module(coursework: Coursework, work: Path, line: str, cell: str) -> Written:
    """Write a cell to a module: all of it or, if it is not Python, none of it.

    Before the first time, the file's old contents are kept beside it, once.

    Args:
        coursework: The coursework.
        work: The folder of the student's modules.
        line: What follows ``%%module``.
        cell: The lines below it.

    Raises:
        UsageError: The cell cannot be a module of that name.
    """
    name = _read_name(coursework, line)
    defined = _list_functions(name, cell)
    path = work / f"{name}.py"
    text = cell.rstrip("\n") + "\n"
    remarks = [f"{path.name} was written ({text.count(chr(10))} lines)."]
    if kept := _keep(path, text):
        remarks.append(f"What it held before is in {kept.name}.")
    write_whole(path, text)
    tasks = coursework.tasks_of(name)
    found = tuple(task for task in tasks if task.function in defined)
    missing = [f"{task.function}()" for task in tasks if task not in found]
    if missing:
        remarks.append(
            f"A cell is the whole module, and this one has no {', '.join(missing)}."
        )
    if not tasks:
        remarks.append("It is a module of your own: no task is checked.")
    return Written(path, found, tuple(remarks))


def find_strays(coursework: Coursework, cell: str) -> list[Task]:
    """Return the tasks whose functions are defined by a cell that is not a module."""
    if cell.lstrip().startswith("%%"):
        return []
    try:
        tree, _ = parse(cell)
    except SyntaxError:
        return []
    defined = _names(tree)
    return [task for task in coursework.tasks if task.function in defined]


def _read_name(coursework: Coursework, line: str) -> str:
    name = line.strip().removesuffix(".py")
    modules = ", ".join(coursework.modules)
    if not name.isidentifier():
        raise UsageError(
            f"Name the module: %%module NAME, with one of {modules}. "
            f"{line.strip()!r} is no name of a module."
        )
    if f"{name}.py" in coursework.given:
        raise UsageError(
            f"{name}.py comes with the coursework and stays as it is. "
            f"The modules that you write are {modules}."
        )
    meant = difflib.get_close_matches(name, coursework.modules, 1, ALIKE)
    if meant and name not in coursework.modules:
        raise UsageError(f"There is no module {name}. Did you mean {meant[0]}?")
    return name


def _list_functions(name: str, cell: str) -> set[str]:
    try:
        return _names(ast.parse(cell))
    except SyntaxError as error:
        # The first line of the cell is %%module.
        place = f"line {(error.lineno or 0) + 1}: {(error.text or '').strip()}"
        raise UsageError(
            f"{name}.py was not written, and is as it was: the cell is not valid "
            f"Python ({error.msg}).\n{place}\nMagics and shell commands belong in "
            "another cell."
        ) from error
    except ValueError as error:
        raise UsageError(f"{name}.py was not written: {error}.") from error


def _names(tree: ast.Module) -> set[str]:
    """Return the names of functions, classes and assigned variables in a text."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {each.id for each in node.targets if isinstance(each, ast.Name)}
    return found


def _keep(path: Path, text: str) -> Path | None:
    """Keep a file's contents before the first cell is written to it."""
    kept = path.with_name(f"{path.name}.bak")
    if kept.exists() or not path.is_file():
        return None
    before = read_text(path)
    if before == text:
        return None
    write_whole(kept, before)
    return kept
