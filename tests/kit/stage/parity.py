"""Parity: what is found of the same work at home, in the watch and when it is marked.

    PYTHONPATH=tests:fixtures .venv/bin/python -m kit.stage.parity [--every N]

has every habit (``tests/kit/habits/``), every accepted submission and every mistake
checked in four ways, and prints what they disagree about. The last way takes minutes
for each, so ``--every 20`` leaves most of the mistakes to the other three.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from kit.stage.classes import real_coursework
from reelmark.files import open_temporary
from reelmark.grading.reference import FILE
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, SpawningBackend, choose_backend
from reelmark.practice.copies import Copy, Found
from reelmark.practice.rounds import Rounds
from reelmark.results import CheckResult, Status, TaskResult
from reelmark.verification import cases
from reelmark.verification.bundles import make_bundles, write_bundle
from sample_class import Recipe, module_texts

HABITS = Path(__file__).parents[1] / "habits"
NEWER_SYNTAX = "callbacks/writes_newer_python"

Verdicts = dict[tuple[str, str], tuple[Status, float]]
"""State and marks, by the ids of task and check."""

_TASK = re.compile(r"^ *task (\S+): ([\d.]+), ([a-z ]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Habit:
    """What some students' programs do besides what is asked for.

    Attributes:
        name: Its module, and the name of its file.
        about: What it does.
        lost: What it costs: marks and state by task; nothing, in most cases.
    """

    name: str
    about: str
    lost: Mapping[str, tuple[float, Status]]

    @property
    def module(self) -> str:
        """The module that it is a habit of."""
        return self.name.partition("/")[0]


def read_habits() -> list[Habit]:
    """Read the habits; a docstring says what one is, and what it costs, if anything."""
    return [
        _read_habit(path, f"{path.parent.name}/{path.stem}")
        for path in sorted(HABITS.glob("*/*.py"))
    ]


def _read_habit(path: Path, name: str) -> Habit:
    # Not by parsing: one is of another Python.
    doc = path.read_text("utf-8").split('"""')[1]
    lost = {t: (float(marks), Status(state)) for t, marks, state in _TASK.findall(doc)}
    if name == NEWER_SYNTAX and sys.version_info >= (3, 12):
        lost = {}
    return Habit(name, doc.partition("\n")[0], lost)


@dataclass(frozen=True)
class Work:
    """A submission, and the tasks that are checked of it."""

    name: str
    folder: Path
    tasks: tuple[str, ...]


def write_habits(coursework: Coursework, habits: Sequence[Habit], into: Path) -> Work:
    """Write the reference, with habits of one module in it; named after the first."""
    texts = module_texts(Recipe())
    first = habits[0]
    for habit in habits:
        text = (HABITS / f"{habit.name}.py").read_text("utf-8")
        texts[f"{first.module}.py"] += f"\n\n{text}"
    into.mkdir(parents=True)
    for name, source in texts.items():
        (into / name).write_text(source, encoding="utf-8")
    tasks = tuple(task.id for task in coursework.tasks_of(first.module))
    return Work(first.name, into, tasks)


class Ways:
    """Checks work in several ways; use it in a ``with`` statement.

    Args:
        coursework: What it is checked by.
    """

    def __init__(self, coursework: Coursework) -> None:
        self._coursework = coursework
        self._practice = choose_backend(coursework, is_practice=True, hidden=True)
        self._opened = contextlib.ExitStack()
        # Its result is not asked for; each class would have it marked again.
        self._reference = ""

    def __enter__(self) -> Ways:
        self._opened.enter_context(self._practice)
        self._practice.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def try_all(
        self, works: Sequence[Work], *, has_spawned: bool
    ) -> dict[str, dict[str, Verdicts]]:
        """Check work in every way.

        Args:
            works: What is checked.
            has_spawned: Whether processes that are started anew are one of the ways.

        Returns:
            What each way found, by the name of the work.
        """
        found = {
            "grade": self.grade(works),
            "check": {work.name: self.check(work) for work in works},
            "watch": {work.name: self.watch(work) for work in works},
        }
        if has_spawned:
            found["spawned"] = self.grade(works, is_spawned=True)
        return found

    def check(self, work: Work) -> Verdicts:
        """Return what `reelmark check --hidden` finds."""
        with open_temporary() as folder:
            copy = Copy(self._coursework, work.folder, folder)
            found = copy.check(self._practice, work.tasks, _ignore, hidden=True)
        assert found is not None
        return _verdicts(found.results)

    def watch(self, work: Work) -> Verdicts:
        """Return what `reelmark watch` finds: the public checks."""
        listener = _Listener()
        with tempfile.TemporaryDirectory() as scratch:
            # Its backend is not ended with it: others use it too.
            backend: Backend = _Lent(self._practice)  # type: ignore[assignment]
            place = Path(scratch).resolve()
            place.chmod(0o711)
            with Rounds(
                self._coursework, work.folder, backend, listener, place
            ) as rounds:
                rounds.begin(work.tasks)
                rounds.wait()
        return _verdicts(listener.results)

    def grade(
        self, works: Sequence[Work], *, is_spawned: bool = False
    ) -> dict[str, Verdicts]:
        """Return what `reelmark grade` finds, and where no process can be forked."""
        backend = SpawningBackend(self._coursework) if is_spawned else None
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder)
            if self._reference:
                (out / FILE).write_text(self._reference, encoding="utf-8")
            run = ClassRun(
                self._coursework,
                out,
                is_unsafe=True,
                tasks={work.name: work.tasks for work in works},
                backend=backend,
            )
            uploads = [Upload(work.name, work.folder) for work in works]
            results = [one.result for one in run.mark_class(uploads)]
            self._reference = (out / FILE).read_text("utf-8")
        return {result.student: _verdicts(result.tasks) for result in results}


class _Lent:
    """A backend that stays when a round ends."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> object:
        return getattr(self._backend, name)

    def __enter__(self) -> _Lent:
        return self

    def __exit__(self, *_: object) -> None: ...


class _Listener:
    """Keeps what rounds find."""

    def __init__(self) -> None:
        self.results: list[TaskResult] = []

    def begin(self, saved: Sequence[str]) -> None: ...

    def tell(self, task_id: str, result: CheckResult) -> None: ...

    def take(self, found: Found) -> None:
        self.results += found.results

    def end(self) -> None: ...

    def fail(self, reason: str) -> None:
        raise AssertionError(reason)

    def stop(self) -> None: ...


def _ignore(*_: object) -> None: ...


def _verdicts(tasks: Sequence[TaskResult]) -> Verdicts:
    return {
        (task.id, check.id): (check.status, check.marks)
        for task in tasks
        for check in task.checks
    }


def find_disagreements(
    found: Mapping[str, Mapping[str, Verdicts]],
) -> Iterator[str]:
    """Yield what ways disagree about, in words; each is held against `grade`."""
    for way, name in itertools.product(found, found["grade"]):
        marked = found["grade"][name]
        for check, verdict in found[way].get(name, {}).items():
            if verdict != marked.get(check):
                yield f"{name}: {check}: {way} {verdict}, grade {marked.get(check)}"
        expected = {
            (task, check)
            for task, check in marked
            if way != "watch" or check.startswith("public/")
        }
        if missing := expected - set(found[way].get(name, marked)):
            yield f"{name}: {way} says nothing of {sorted(missing)}"


def write_works(coursework: Coursework, into: Path) -> dict[str, list[Work]]:
    """Write everything that is kept; return it by kind."""
    every = tuple(task.id for task in coursework.tasks)
    habits = [
        write_habits(
            coursework, [habit], into / "habits" / habit.name.replace("/", "-")
        )
        for habit in read_habits()
    ]
    styles = []
    for style in cases.read_styles(coursework):
        folder = into / "accepted" / style.name
        cases.write_style(style, coursework, folder)
        styles.append(Work(style.name, folder, every))
    mistakes = []
    bundles = make_bundles(cases.read_mistakes(coursework), coursework)
    for name, bundle in bundles.items():
        folder = into / "mistakes" / name
        write_bundle(bundle, coursework, folder)
        modules = {mistake.module for mistake in bundle}
        tasks = tuple(t.id for t in coursework.tasks if t.module in modules)
        mistakes.append(Work(name, folder, tasks))
    return {"habits": habits, "accepted": styles, "mistakes": mistakes}


def main() -> None:
    """Check everything in every way, and print what they disagree about."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="of so many, one spawned")
    parser.add_argument("--only", default="", help="part of names")
    options = parser.parse_args()
    console, coursework = Console(markup=False), real_coursework()
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        works = write_works(coursework, Path(folder).resolve())
        for kind, them in works.items():
            chosen = [work for work in them if options.only in work.name]
            parts = (chosen[:: options.every], chosen)
            for part, has_spawned in zip(parts, (True, False), strict=True):
                rest = [w for w in part if has_spawned or w not in parts[0]]
                if not rest:
                    continue
                with Ways(coursework) as ways:
                    found = ways.try_all(rest, has_spawned=has_spawned)
                lines = list(find_disagreements(found))
                console.print(
                    f"{kind}: {len(rest)} in {3 + has_spawned} ways, "
                    f"{len(lines)} disagreements"
                )
                for line in lines:
                    console.print(f"  {line}", soft_wrap=True)
                total += len(lines)
    raise SystemExit(bool(total))


if __name__ == "__main__":
    main()
