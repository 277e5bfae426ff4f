"""Cases: right submissions and single mistakes that a coursework keeps.

``solutions/accepted/<name>/`` is a whole submission, written another way than the
reference. ``solutions/mistakes/<module>/<name>.py`` is one misconception: its text
is appended to the reference's module, where its definitions replace the reference's.
Its docstring begins with the task that it must lose marks in (``1a-i: ...``), and
the file beside it, ``<name>.txt``, holds what its author must be told.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.manifest import Coursework

Bundle = tuple["Mistake", ...]


@dataclass(frozen=True)
class Mistake:
    """One misconception.

    Attributes:
        path: Its file.
        task: The id of the task that it must lose marks in.
        about: What is wrong, in words.
    """

    path: Path
    task: str
    about: str

    @property
    def module(self) -> str:
        """The module it is made in."""
        return self.path.parent.name

    @property
    def name(self) -> str:
        """Its name, unlike any other's."""
        return f"{self.module}/{self.path.stem}"

    @property
    def message(self) -> Path:
        """The file that holds what its author must be told."""
        return self.path.with_suffix(".txt")


def find_accepted(coursework: Coursework) -> list[Path]:
    """Return the folders of the submissions that are right another way."""
    folder = coursework.solutions / "accepted"
    return sorted(path for path in folder.glob("*") if path.is_dir())


def read_mistakes(coursework: Coursework) -> list[Mistake]:
    """Read what each mistake declares.

    Raises:
        UsageError: One does not begin with a docstring that names a task of its
            module.
    """
    paths = sorted((coursework.solutions / "mistakes").glob("*/*.py"))
    return [_read_mistake(path, coursework) for path in paths]


def _read_mistake(path: Path, coursework: Coursework) -> Mistake:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    task, _, about = docstring.partition(": ")
    known = {one.id for one in coursework.tasks_of(path.parent.name)}
    if task not in known or not about:
        raise UsageError(
            f"{path} does not say what it is. Its docstring begins with the task that "
            f"it loses marks in, one of {', '.join(sorted(known))}, and a colon."
        )
    return Mistake(path, task, " ".join(about.split()))


def bundle(mistakes: Sequence[Mistake]) -> dict[str, Bundle]:
    """Put mistakes into submissions, one a module, which saves most of the time.

    What a mistake costs elsewhere still shows: in the module's other tasks, and in
    other modules' tasks that hold none.
    """
    modules: dict[str, list[Mistake]] = {}
    for mistake in mistakes:
        modules.setdefault(mistake.module, []).append(mistake)
    rows = itertools.zip_longest(*modules.values())
    return {
        f"mistakes-{number:03}": tuple(one for one in row if one)
        for number, row in enumerate(rows, start=1)
    }


def write_bundle(bundle: Bundle, coursework: Coursework, folder: Path) -> None:
    """Write the submission that holds the mistakes of a bundle, and no other module."""
    texts = {mistake.module: write_mistake(mistake, coursework) for mistake in bundle}
    write_modules(texts, folder)


def write_mistake(mistake: Mistake, coursework: Coursework) -> str:
    """Return the text of the module with the mistake in it."""
    reference = coursework.solutions / f"{mistake.module}.py"
    return f"{reference.read_text('utf-8')}\n\n{mistake.path.read_text('utf-8')}"


def write_modules(texts: Mapping[str, str], folder: Path) -> None:
    """Write a submission of some modules."""
    folder.mkdir(parents=True)
    for module, text in texts.items():
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
