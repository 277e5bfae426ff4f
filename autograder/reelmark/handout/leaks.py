"""Leaks: what students must not get, and the proof that files contain none of it.

These are secret: all files of the solutions, the hidden suite and its data; the names
of hidden checks; the lines of solution regions; and the lines of the hidden data. The
last two count only if they are too long to be a coincidence.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reelmark.handout.regions import solution_lines
from reelmark.manifest import Coursework

SHORTEST_LINE = 20
"""Characters; anybody may write shorter lines, such as ``return figure``."""

_JUNK = {"__pycache__", ".ipynb_checkpoints"}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Secrets:
    """What must not get out.

    Attributes:
        folders: Folders from which nothing may come, relative to the coursework's root.
        files: Digests of whole files, and which files they are.
        names: Names of the hidden checks.
        lines: Lines without indentation, and the files they come from.
    """

    folders: tuple[str, ...]
    files: Mapping[str, str]
    names: frozenset[str]
    lines: Mapping[str, str]


def find_leaks(coursework: Coursework, files: Mapping[str, bytes]) -> list[str]:
    """Search files, including the archives among them.

    Args:
        coursework: The coursework, with its solutions and its hidden suite.
        files: Contents by name.

    Returns:
        A clause for each leak, such as ``"a.py:3 is a line of b.py"``.
    """
    secrets = collect_secrets(coursework)
    found: list[str] = []
    for name, data in _unpack(files):
        found += _look_at_file(secrets, name, data)
        found += _look_at_text(secrets, name, _read_text(name, data))
    return found


def collect_secrets(coursework: Coursework) -> Secrets:
    """Collect the parts of a coursework that students must not get."""
    root = coursework.root
    folders = (coursework.solutions, coursework.hidden_suite, coursework.hidden_inputs)
    files = {
        _digest(path.read_bytes()): path.relative_to(root).as_posix()
        for folder in folders
        for path in _walk(folder)
        if path.stat().st_size
    }
    hidden, public = map(_names, (coursework.hidden_suite, coursework.public_suite))
    return Secrets(
        tuple(folder.relative_to(root).as_posix() for folder in folders),
        files,
        frozenset(hidden - public),
        {**_solved(coursework), **_hidden_data(coursework)},
    )


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _JUNK.intersection(path.parts):
            yield path


def _names(suite: Path) -> set[str]:
    trees = [ast.parse(path.read_bytes()) for path in suite.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef))
    return {each.name for each in functions if each.name.startswith("test_")}


def _solved(coursework: Coursework) -> dict[str, str]:
    lines: dict[str, str] = {}
    shared: set[str] = set()  # what students also get outside of solution regions
    for path in sorted(coursework.solutions.glob("*")):
        if path.suffix in (".py", ".ipynb"):
            text = _read_text(path.name, path.read_bytes())
            inside = list(solution_lines(text))
            name = path.relative_to(coursework.root).as_posix()
            lines |= dict.fromkeys(_telling(inside), name)
            shared |= set(_telling(text.splitlines())) - set(_telling(inside))
    return {line: name for line, name in lines.items() if line not in shared}


def _hidden_data(coursework: Coursework) -> dict[str, str]:
    return {
        line: path.relative_to(coursework.root).as_posix()
        for path in _walk(coursework.hidden_inputs)
        for line in _lines(path)
    }


def _lines(path: Path) -> Iterator[str]:
    try:
        _, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
    except UnicodeDecodeError:  # a picture, which is recognised as a whole file
        return iter(())
    return _telling(lines)  # without the first line, which names columns


def _telling(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that can only come from one place."""
    for line in map(str.strip, lines):
        is_import = re.match(r"(from [\w.]+ )?import ", line)
        if len(line) >= SHORTEST_LINE and not is_import:
            yield line


def _unpack(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in files.items():
        yield name, data
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inner = {
                    f"{name}/{info.filename}": archive.read(info)
                    for info in archive.infolist()
                    if not info.is_dir()
                }
            yield from _unpack(inner)


def _look_at_file(secrets: Secrets, name: str, data: bytes) -> Iterator[str]:
    for folder in secrets.folders:
        if f"/{folder}/" in f"/{name}":
            yield f"{name} lies in a folder {folder}"
    if original := secrets.files.get(_digest(data)):
        yield f"{name} is a copy of {original}"


def _look_at_text(secrets: Secrets, name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if original := secrets.lines.get(line.strip()):
            yield f"{name}:{number} is a line of {original}"
    for each in sorted(secrets.names.intersection(_WORD.findall(text))):
        yield f"{name} names the hidden check {each}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read_text(name: str, data: bytes) -> str:
    """Return the text of a file; for a notebook, everything in its cells."""
    text = data.decode("utf-8", errors="replace")
    if not name.endswith(".ipynb"):
        return text
    try:
        return "\n".join(_strings(json.loads(text)))
    except ValueError:
        return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.rstrip("\n")
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
