"""The marker's machine: how it differs from this one, as far as a student should know.

The bundle records which Python and which packages are used for marking. Something that
only this machine has may make work pass here, but not there.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from reelmark.manifest import Coursework

LOCK = "requirements.lock"
_SETTINGS = "pyproject.toml"
_NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)==", re.MULTILINE)


def tell_differences(coursework: Coursework, work: Path) -> list[str]:
    """Return sentences about what a student's work finds here, but not when marked.

    Args:
        coursework: The coursework; a student's copy records what marking uses.
        work: The folder of the student's modules.
    """
    return [*_tell_python(coursework), *_tell_packages(coursework, work)]


def read_python(coursework: Coursework) -> tuple[int, int] | None:
    """Return the Python that work is marked with; None if it was not recorded."""
    try:
        text = (coursework.root / _SETTINGS).read_text(encoding="utf-8")
        told = tomllib.loads(text)["tool"]["reelmark"]["marked-with-python"]
        major, minor = map(int, str(told).split(".")[:2])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return major, minor


def _tell_python(coursework: Coursework) -> Iterator[str]:
    marked_with, own = read_python(coursework), sys.version_info[:2]
    if marked_with and marked_with < own:
        here, there = (".".join(map(str, each)) for each in (own, marked_with))
        yield (
            f"This is Python {here}, and work is marked with {there}: what only newer "
            "Pythons understand is an error there."
        )


def _tell_packages(coursework: Coursework, work: Path) -> Iterator[str]:
    lock = coursework.root / LOCK
    if not lock.is_file():
        return
    there = {_normal(name) for name in _NAME.findall(lock.read_text(encoding="utf-8"))}
    own = {path.stem for folder in (work, coursework.stubs) for path in _list(folder)}
    for path in sorted(work.glob("*.py")):
        foreign = find_imports(path) - own - sys.stdlib_module_names
        for name in sorted(foreign):
            if name != "reelmark" and not _is_of(name, there):
                yield (
                    f"{path.name} imports {name}, which is not among the packages that "
                    f"work is marked with ({LOCK})."
                )


def find_imports(path: Path) -> set[str]:
    """Return the top-level names of the modules that a file imports."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return set()  # a check reports that it cannot be parsed
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def _list(folder: Path) -> Iterator[Path]:
    yield from folder.glob("*.py")
    yield from (path.parent for path in folder.glob("*/__init__.py"))


def _is_of(name: str, packages: set[str]) -> bool:
    """Return whether a module belongs to one of some packages, as far as is known."""
    if _normal(name) in packages:
        return True
    found = importlib.metadata.packages_distributions().get(name, ())
    return any(_normal(package) in packages for package in found)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
