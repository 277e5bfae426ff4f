"""Cases: right submissions and single mistakes that a coursework keeps.

``solutions/accepted/<style>/`` is right work in another style than the reference's.
What a style leaves out, a function or a whole module, comes from the reference.
``solutions/mistakes/<task>/<name>.py`` is one misconception: its text is put behind
the reference's module, where its definitions replace the reference's. It must lose
marks in that task; ``messages.txt`` beside it holds what its author must be told.
"""

from __future__ import annotations

import ast
import re
import shutil
import symtable
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import read_text
from reelmark.manifest import Coursework, Task

BOM = "\ufeff"
_FUTURE = re.compile(r"^from __future__ import [^\r\n]*", re.MULTILINE)


@dataclass(frozen=True)
class Style:
    """Right work that is written another way than the reference.

    Attributes:
        path: Its folder.
        tasks: The tasks whose functions it writes itself, in order.
    """

    path: Path
    tasks: tuple[Task, ...]

    @property
    def name(self) -> str:
        """Its name, unlike any other's."""
        return self.path.name


@dataclass(frozen=True)
class Mistake:
    """One misconception.

    Attributes:
        path: Its file.
        task: The id of the task that it must lose marks in.
        module: The module it is made in.
        about: What is wrong, in words.
    """

    path: Path
    task: str
    module: str
    about: str

    @property
    def name(self) -> str:
        """Its name, unlike any other's."""
        return f"{self.task}/{self.path.stem}"

    def read(self) -> str:
        """Return its text."""
        return _read(self.path)


def read_styles(coursework: Coursework) -> list[Style]:
    """Read which functions each style writes itself.

    Raises:
        UsageError: One has a module that cannot be parsed, or that writes no
            function of a task itself: it would be the reference, and prove nothing.
    """
    folders = sorted((coursework.solutions / "accepted").glob("*/"))
    return [_read_style(folder, coursework) for folder in folders]


def _read_style(folder: Path, coursework: Coursework) -> Style:
    own = [
        task
        for module in coursework.modules
        for task in _find_own(folder / f"{module}.py", coursework.tasks_of(module))
    ]
    if not own:
        raise UsageError(f"{folder} is no style: it holds no module of the coursework.")
    return Style(folder, tuple(own))


def _find_own(path: Path, tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks of a module whose functions a style writes itself."""
    names = _find_names(path) if path.is_file() else set()
    own = [task for task in tasks if task.function in names]
    if path.is_file() and not own:
        raise UsageError(
            f"{path} defines none of {', '.join(task.function for task in tasks)}. "
            "Correct a name, or remove the file: the module then comes from the "
            "reference."
        )
    return own


def _find_names(path: Path) -> set[str]:
    """Return the names that a module defines: functions, variables, imports."""
    symbols = _find_symbols(path)
    return {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}


def find_assigned(path: Path) -> set[str]:
    """Return the names that a module gives something to: functions and variables."""
    return {one.get_name() for one in _find_symbols(path) if one.is_assigned()}


def _find_functions(path: Path) -> set[str]:
    """Return the names of the functions that a module defines."""
    return {one.get_name() for one in _find_symbols(path) if one.is_namespace()}


def _find_symbols(path: Path) -> list[symtable.Symbol]:
    try:
        text = _read(path).removeprefix(BOM)
        table = symtable.symtable(text, str(path), "exec")
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{path} cannot be parsed: {error}") from error
    return table.get_symbols()


def read_mistakes(coursework: Coursework) -> list[Mistake]:
    """Read what each mistake declares.

    Raises:
        UsageError: One is in a folder that is named after no task, or has no
            docstring.
    """
    paths = sorted((coursework.solutions / "mistakes").glob("*/*.py"))
    return [_read_mistake(path, coursework) for path in paths]


def _read_mistake(path: Path, coursework: Coursework) -> Mistake:
    modules = {task.id: task.module for task in coursework.tasks}
    task = path.parent.name
    if task not in modules:
        raise UsageError(
            f"{path} is a mistake in no task. Put it into the folder of the task that "
            f"it loses marks in, one of {', '.join(modules)}."
        )
    about = ast.get_docstring(ast.parse(read_text(path)))
    if not about:
        raise UsageError(f"{path} does not say what is wrong. Give it a docstring.")
    return Mistake(path, task, modules[task], " ".join(about.split()))


def write_style(style: Style, coursework: Coursework, folder: Path) -> None:
    """Write the whole submission that a style and the reference make together.

    A module in which the style leaves nothing out is handed in as it is, byte for
    byte.
    """
    shutil.copytree(style.path, folder)
    for module in coursework.modules:
        text, _ = compose_module(style, coursework, module)
        _write(folder / f"{module}.py", text)


def compose_module(
    style: Style, coursework: Coursework, module: str
) -> tuple[str, int]:
    """Return the text of a module of a style, what it leaves out included.

    Returns:
        The text, and the first line, from 1, that is the style's own.
    """
    path = style.path / f"{module}.py"
    reference = read_reference(coursework, module)
    if not path.is_file():
        return reference, reference.count("\n") + 2
    if _find_functions(coursework.stubs / path.name) <= _find_names(path):
        return _read(path), 1
    return put_behind(reference, _read(path)), reference.count("\n") + 3


def write_mistake(mistake: Mistake, coursework: Coursework) -> str:
    """Return the text of the module with the mistake in it."""
    return put_behind(read_reference(coursework, mistake.module), mistake.read())


def write_modules(texts: Mapping[str, str], folder: Path) -> None:
    """Write a submission of some modules."""
    folder.mkdir(parents=True)
    for module, text in texts.items():
        _write(folder / f"{module}.py", text)


def read_reference(coursework: Coursework, module: str) -> str:
    """Return the text of one of the reference's modules."""
    return read_text(coursework.solutions / f"{module}.py")


def put_behind(reference: str, text: str) -> str:
    """Return a module in which a text's definitions replace the reference's.

    It begins and ends its lines as the text does. The text's ``from __future__``
    goes: that may stand at the beginning only, where the reference has its own.
    """
    mark = BOM if text.startswith(BOM) else ""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [*reference.split("\n"), "", _FUTURE.sub("", text.removeprefix(BOM))]
    return mark + end.join(lines)


def _read(path: Path) -> str:
    """Read a file with its line endings and its byte order mark."""
    return path.read_bytes().decode("utf-8")


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))
