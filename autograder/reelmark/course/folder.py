"""The course folder: nbgrader's, configured to mark code sealed."""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from reelmark.errors import UsageError
from reelmark.files import write_whole
from reelmark.handout.report import NAME, PLACEHOLDER
from reelmark.manifest import Coursework, load_coursework
from reelmark.rulings.adjustments import HEADER as ADJUSTMENTS_HEADER
from reelmark.rulings.adjustments import NAME as ADJUSTMENTS

CONFIG = "nbgrader_config.py"
EXTENSIONS = "extensions.csv"
EXTENSIONS_HEADER = "student,due\n"
MARKS = ".reelmark"


@dataclass(frozen=True)
class Course:
    """A course folder, as its ``nbgrader_config.py`` describes it."""

    config: Config

    @property
    def root(self) -> Path:
        """The folder itself."""
        return Path(self.config.CourseDirectory.root)

    @property
    def assignment(self) -> str:
        """Nbgrader's name for the assignment whose code is marked sealed."""
        return str(self.config.SealedMarks.assignment)

    @property
    def is_unsafe(self) -> bool:
        """Whether hidden checks run even if submissions could read them."""
        return bool(self.config.SealedMarks.get("is_unsafe", False))

    @cached_property
    def coursework(self) -> Coursework:
        """The coursework that the assignment's code is marked with."""
        return load_coursework(Path(self.config.SealedMarks.coursework))

    @cached_property
    def directory(self) -> CourseDirectory:
        """The course as nbgrader sees it."""
        return CourseDirectory(config=self.config)

    @cached_property
    def nbgrader(self) -> NbGraderAPI:
        """Nbgrader, in this process."""
        put_alembic_on_path()
        return NbGraderAPI(config=self.config)

    @property
    def marks(self) -> Path:
        """Where the sealed results of the assignment are kept."""
        return self.root / MARKS / self.assignment

    @property
    def notebook(self) -> str:
        """The notebook's name in nbgrader's gradebook."""
        return Path(NAME).stem

    def place(self, step: str, student: str = ".") -> Path:
        """Return the folder of one of nbgrader's steps, such as ``submitted``."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, self.assignment))


def open_course(folder: Path) -> Course:
    """Return the course in ``folder``, or in the nearest folder above it.

    Raises:
        UsageError: There is none, or its configuration cannot be used.
    """
    resolved = folder.resolve()
    for place in (resolved, *resolved.parents):
        if (place / CONFIG).is_file():
            return _read_course(place)
    raise UsageError(
        f"No course found: neither {folder} nor a folder above it holds {CONFIG}. "
        "Make one with: reelmark course init DIR"
    )


def init_course(folder: Path, coursework: Coursework, settings: Any) -> list[Path]:
    """Make a course folder; return what was written.

    Args:
        folder: The folder to make; it may exist already.
        coursework: The coursework that code is marked with.
        settings: What goes into the configuration (`reelmark course init`).

    Raises:
        UsageError: It is a course already; nothing is overwritten.
    """
    config = folder / CONFIG
    if config.exists():
        raise UsageError(
            f"{config} is there already, and is not overwritten. Edit it, or move "
            "it away to begin anew."
        )
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    text = environment.get_template(f"{CONFIG}.jinja").render(
        **settings,
        coursework=str(coursework.root),
        exclude=[f"{module}.py" for module in coursework.modules],
        placeholder=PLACEHOLDER,
    )
    exchange = Path(settings["exchange"] or folder / "exchange")
    for place in (folder, folder / "submitted", exchange):
        place.mkdir(parents=True, exist_ok=True)
    tables = {
        folder / EXTENSIONS: EXTENSIONS_HEADER,
        folder / MARKS / settings["assignment"] / ADJUSTMENTS: ADJUSTMENTS_HEADER,
    }
    for path, header in tables.items():
        if not path.exists():
            write_whole(path, header)
    write_whole(config, text)  # last, because it makes the folder a course
    return [config, *tables]


def put_alembic_on_path() -> None:
    """Let nbgrader find ``alembic``, which lies beside this Python.

    Unless the environment is activated, it is not on PATH, and nbgrader fails.
    """
    own = str(Path(sys.executable).parent)
    known = os.environ.get("PATH", "").split(os.pathsep)
    if own not in known:
        os.environ["PATH"] = os.pathsep.join([own, *known])


def _expect_names(config: Path) -> None:
    """Expect everything from the kit that the configuration names to exist.

    Raises:
        UsageError: A name is from an earlier version of the kit; the message says
            where.
    """
    lines = config.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        for name in re.findall(r"""["'](reelmark(?:\.\w+)+)["']""", line):
            if not line.lstrip().startswith("#") and not _is_there(name):
                raise UsageError(
                    f"{config}, line {number}: there is no {name} in this version of "
                    "the kit; the course was made with another one. Change the line "
                    "to what `reelmark course init` writes into a new folder today."
                )


def _is_there(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        return hasattr(import_module(module), attribute)
    except ModuleNotFoundError:
        return False


def _read_course(root: Path) -> Course:
    try:
        config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
        course = Course(config)
        missing = [
            name
            for name in ("assignment", "coursework")
            if not isinstance(config.SealedMarks.get(name), str)
        ]
    except Exception as error:  # it is Python: anything can go wrong in it
        raise UsageError(f"{root / CONFIG} cannot be used: {error!r}") from error
    _expect_names(root / CONFIG)
    if missing:
        names = " and ".join(f"c.SealedMarks.{name}" for name in missing)
        raise UsageError(
            f"{root / CONFIG} does not set {names}, so it cannot be told what to "
            f"mark. Compare it with that of: reelmark course init "
            f"{shlex.quote(str(root))}-new"
        )
    return course
