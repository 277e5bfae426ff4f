"""Dependencies: the parts of a coursework that decide the verdict on one task.

A task is marked again if something that its checks use has changed: a definition in a
suite or in what suites share, an ingredient, a stand-in, the checks' data, its stub.
What uses what is read from the sources, definition by definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from reelmark.files import read_text
from reelmark.grading.definitions import (
    ALL,
    BODY,
    Definition,
    Imported,
    read_definitions,
)
from reelmark.grading.fingerprint import (
    NO_SUFFIX,
    describe_files,
    fingerprint_engine,
    hash_texts,
)
from reelmark.manifest import Coursework, Task

DATA = "fixtures"
"""Code that names this folder uses the data in it."""

HOOKS = "conftest"
"""pytest runs the code in such a file for every check."""


class Unit(NamedTuple):
    """A definition: the name of its file, and its own."""

    module: str
    name: str


class Dependencies:
    """The parts of a coursework on which the verdicts on its tasks depend.

    Args:
        coursework: The coursework.
    """

    def __init__(self, coursework: Coursework) -> None:
        self._coursework = coursework
        self._root = coursework.support.parent
        self._files = dict(self._read())
        self._units = {
            Unit(module, name): definition
            for module, definitions in self._files.items()
            for name, definition in definitions.items()
        }

    def has_checks(self, task: Task) -> bool:
        """Return whether there may be checks of a task."""
        found = (self._find_checks(task, hidden=hidden) for hidden in (False, True))
        return any(True for checks in found for _ in checks)

    def fingerprint(self, task: Task) -> str:
        """Return a hash of everything that decides the verdict on a task."""
        parts = [repr(task), self._stub_of(task), *self._shared]
        for hidden in (False, True):
            parts += self._describe_checks(task, hidden=hidden)
        return hash_texts(parts)

    def _read(self) -> Iterator[tuple[str, dict[str, Definition]]]:
        coursework = self._coursework
        folders = (coursework.public_suite, coursework.hidden_suite, coursework.support)
        for path in (path for each in folders for path in sorted(each.rglob("*.py"))):
            module = self._name(path.with_suffix("")).removesuffix(".__init__")
            yield module, read_definitions(path, module)

    def _name(self, path: Path) -> str:
        return ".".join(path.relative_to(self._root).parts)

    def _stub_of(self, task: Task) -> str:
        stub = self._coursework.stubs / f"{task.module}.py"
        return read_text(stub) if stub.is_file() else ""

    def _describe_checks(self, task: Task, *, hidden: bool) -> Iterator[str]:
        """Yield what the public or the hidden checks of a task depend on."""
        checks = list(self._find_checks(task, hidden=hidden))
        used = self._follow([*checks, *self._stand_ins(task)]) if checks else set()
        yield repr(checks)  # the order of results follows their order
        for unit in sorted(used):
            yield f"{unit}\n{self._units[unit].text}"
        if any(DATA in self._units[unit].words for unit in used):
            yield from self._data[hidden]

    def _find_checks(self, task: Task, *, hidden: bool) -> Iterator[Unit]:
        coursework = self._coursework
        suite = coursework.hidden_suite if hidden else coursework.public_suite
        prefix = f"{self._name(suite)}."
        for unit, definition in self._units.items():
            is_of_suite = unit.module.startswith(prefix)
            if is_of_suite and {task.id, ALL} & self._checked_by(unit, definition):
                yield unit

    def _checked_by(self, unit: Unit, definition: Definition) -> set[str]:
        """Return the tasks that a definition checks; `ALL` if it does not say."""
        if not unit.name.lower().startswith("test"):
            return set()
        body = self._files[unit.module].get(BODY, Definition())
        return (definition.checks | body.checks) or {ALL}

    def _stand_ins(self, task: Task) -> Iterator[Unit]:
        module = self._name(self._coursework.worker_support / "stand_ins")
        for need in task.needs:
            unit = Unit(module, self._coursework.task(need).function)
            if unit in self._units:
                yield unit

    def _follow(self, starts: Iterable[Unit]) -> set[Unit]:
        """Return some definitions and everything they use, directly or indirectly."""
        waiting = list(starts)
        found = set(waiting)
        while waiting:
            new = set(self._used_by(waiting.pop())) - found
            found |= new
            waiting += new
        return found

    def _used_by(self, unit: Unit) -> Iterator[Unit]:
        definition = self._units[unit]
        own = self._files[unit.module]
        for name in own.keys() & {*definition.names, BODY}:
            yield Unit(unit.module, name)
        for name in self._ingredients.keys() & (definition.words | definition.names):
            yield Unit(self._kit, name)
        for imported in definition.imports:
            yield from self._resolve(imported)

    def _resolve(self, imported: Imported) -> Iterator[Unit]:
        """Yield what an import brings in, if it belongs to the coursework."""
        whole = f"{imported.module}.{imported.name}"
        if whole in self._files:
            yield from self._all_of(whole)
        named = Unit(*imported)
        if named in self._units:
            yield from (named, *self._body_of(imported.module))
        elif imported.module in self._files:
            yield from self._all_of(imported.module)

    def _all_of(self, module: str) -> Iterator[Unit]:
        return (Unit(module, name) for name in self._files[module])

    def _body_of(self, module: str) -> Iterator[Unit]:
        return (Unit(module, name) for name in self._files[module] if name == BODY)

    @cached_property
    def _kit(self) -> str:
        return self._name(self._coursework.ingredients.with_suffix(""))

    @cached_property
    def _ingredients(self) -> Mapping[str, Definition]:
        """What checks ask for by name."""
        made = self._files.get(self._kit, {})
        return {name: each for name, each in made.items() if name != BODY}

    @cached_property
    def _data(self) -> Mapping[bool, list[str]]:
        """The fixtures for public checks (False), and those for hidden ones (True)."""
        return {
            hidden: _describe_all(self._coursework.inputs(hidden=hidden))
            for hidden in (False, True)
        }

    @cached_property
    def _shared(self) -> list[str]:
        """What may affect the verdict on any task."""
        coursework = self._coursework
        suites = (coursework.public_suite, coursework.hidden_suite)
        hooks = [u for u in self._units if u.module.rpartition(".")[2] == HOOKS]
        used = sorted(self._follow(hooks))
        given = [coursework.stubs / name for name in coursework.given]
        return [
            *_describe_all((*suites, coursework.support), besides=".py"),
            *(self._units[unit].text for unit in used),
            *map(read_text, given),
        ]


def fingerprint_tasks(coursework: Coursework) -> dict[str, str]:
    """Return, by task, a hash of everything that decides its marks except a submission.

    A task without checks has none.
    """
    dependencies, engine = Dependencies(coursework), fingerprint_engine()
    return {
        task.id: hash_texts([engine, dependencies.fingerprint(task)])
        for task in coursework.tasks
        if dependencies.has_checks(task)
    }


def fingerprint_kit(coursework: Coursework) -> str:
    """Return a hash of everything that decides marks, except a submission."""
    return hash_texts(fingerprint_tasks(coursework).values())


def _describe_all(folders: Iterable[Path], *, besides: str = NO_SUFFIX) -> list[str]:
    return [line for each in folders for line in describe_files(each, besides=besides)]
