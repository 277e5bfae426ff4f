"""Cases: the correct submissions and single mistakes that a coursework keeps.

``solutions/accepted/<style>/`` is right work in another style than the reference's.
What a style leaves out, a function or a whole module, comes from the reference.
``solutions/mistakes/<task>/<name>.py`` is one misconception: its text is put behind
the reference's module, where its definitions replace the reference's. It must lose
marks in that task; ``messages.txt`` beside it holds what its author must be told.
"""

from __future__ import annotations

import ast
import itertools
import re
import shutil
import symtable
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import read_text
from reelmark.manifest import Coursework, Task

Bundle = tuple["Mistake", ...]

_BOM = "\ufeff"
_FUTURE = re.compile(r"^from __future__ import [^\r\n]*", re.MULTILINE)


@dataclass(frozen=True)
class Style:
    """Correct work, written differently from the reference.

    Attributes:
        path: Its folder.
        tasks: The tasks whose functions it writes itself, in order.
    """

    path: Path
    tasks: tuple[Task, ...]

    @property
    def name(self) -> str:
        """Its unique name."""
        return self.path.name


@dataclass(frozen=True)
class Mistake:
    """One misconception.

    Attributes:
        path: Its file.
        task: The id of the task that it must lose marks in.
        module: The module with the mistake.
        about: What is wrong, in words.
    """

    path: Path
    task: str
    module: str
    about: str

    @property
    def name(self) -> str:
        """Its unique name."""
        return f"{self.task}/{self.path.stem}"


def read_styles(coursework: Coursework) -> list[Style]:
    """Read which functions each style writes itself.

    Raises:
        UsageError: One has a module that cannot be parsed, or that does not write any
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


def _find_functions(path: Path) -> set[str]:
    """Return the names of the functions that a module defines."""
    return {one.get_name() for one in _find_symbols(path) if one.is_namespace()}


def _find_symbols(path: Path) -> list[symtable.Symbol]:
    try:
        text = _read(path).removeprefix(_BOM)
        table = symtable.symtable(text, str(path), "exec")
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{path} cannot be parsed: {error}") from error
    return table.get_symbols()


def read_mistakes(coursework: Coursework) -> list[Mistake]:
    """Read what each mistake declares.

    Raises:
        UsageError: One is in a folder that is not named after a task, or has no
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


def bundle(mistakes: Sequence[Mistake]) -> dict[str, Bundle]:
    """Combine mistakes into submissions, one per module, which saves most of the time.

    If a mistake costs marks elsewhere, that still shows: in the module's other tasks,
    and in tasks of modules without a mistake.
    """
    modules: dict[str, list[Mistake]] = {}
    for mistake in mistakes:
        modules.setdefault(mistake.module, []).append(mistake)
    rows = itertools.zip_longest(*modules.values())
    return {
        f"mistakes-{number:03}": tuple(one for one in row if one)
        for number, row in enumerate(rows, start=1)
    }


def write_style(style: Style, coursework: Coursework, folder: Path) -> None:
    """Write the whole submission that a style and the reference form together.

    A module in which the style leaves nothing out is handed in byte for byte.
    """
    shutil.copytree(style.path, folder)
    for module in coursework.modules:
        path = folder / f"{module}.py"
        reference = read_reference(coursework, module)
        if not path.is_file():
            _write(path, reference)
        elif _find_functions(coursework.stubs / path.name) - _find_names(path):
            _write(path, _put_behind(reference, _read(path)))


def write_bundle(bundle: Bundle, coursework: Coursework, folder: Path) -> None:
    """Write the submission that holds the mistakes of a bundle, and no other module."""
    texts = {mistake.module: write_mistake(mistake, coursework) for mistake in bundle}
    write_modules(texts, folder)


def write_mistake(mistake: Mistake, coursework: Coursework) -> str:
    """Return the text of the module that contains the mistake."""
    return _put_behind(read_reference(coursework, mistake.module), _read(mistake.path))


def write_modules(texts: Mapping[str, str], folder: Path) -> None:
    """Write a submission of some modules."""
    folder.mkdir(parents=True)
    for module, text in texts.items():
        _write(folder / f"{module}.py", text)


def read_reference(coursework: Coursework, module: str) -> str:
    """Return the text of one of the reference's modules."""
    return read_text(coursework.solutions / f"{module}.py")


def _put_behind(reference: str, text: str) -> str:
    """Return a module in which a text's definitions replace the reference's.

    Its byte order mark and line endings are the text's. The text's ``from __future__``
    is removed: it must be at the beginning, where the reference has its own.
    """
    mark = _BOM if text.startswith(_BOM) else ""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [*reference.split("\n"), "", _FUTURE.sub("", text.removeprefix(_BOM))]
    return mark + end.join(lines)


def _read(path: Path) -> str:
    """Read a file with its line endings and its byte order mark."""
    return path.read_bytes().decode("utf-8")


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))
