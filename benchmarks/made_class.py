"""A made-up class: results in the form that marking writes, without any marking.

Its students make the mistakes in ``solutions/mistakes``, some of them often, and get
the messages kept for these, with other numbers. The same seed gives the same class.
"""

from __future__ import annotations

import ast
import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reelmark.manifest import Coursework, Task
from reelmark.results import CheckResult, Result, Status, summarise, summarise_task
from reelmark.verification import golden

FIRST_NAMES = ("Ada", "Ben", "Chloé", "Dmitri", "Esra", "Farid", "Grace", "Hugo")
LAST_NAMES = ("Lovelace", "Øster", "O'Neill", "Nguyễn", "van der Berg", "Žižek", "Li")
MOST_MISTAKES = 9
IDLE = 0.12
"""The share of the class that has not started some of the last tasks."""

_TOLD = re.compile(r"^\[(.+)\]$", re.MULTILINE)
_NUMBER = re.compile(r"(?<= )\d+\.\d+")


@dataclass(frozen=True)
class Mistake:
    """One misconception, and the messages for its author by the id of the check."""

    task: str
    name: str
    told: Mapping[str, str]


def list_checks(coursework: Coursework) -> dict[str, list[CheckResult]]:
    """Return the checks of each task, all passed, as the suites declare them."""
    checks: dict[str, list[CheckResult]] = {task.id: [] for task in coursework.tasks}
    for suite in (coursework.public_suite, coursework.hidden_suite):
        for path in sorted(suite.glob("test_*.py")):
            for task, check in _read_suite(path, is_hidden=suite.name == "hidden"):
                checks[task].append(check)
    return checks


def list_mistakes(coursework: Coursework) -> list[Mistake]:
    """Return the kept mistakes, and what their authors are told."""
    folder = coursework.solutions / "mistakes"
    return [
        Mistake(task.id, name, _split(text))
        for task in coursework.tasks
        for name, text in golden.read(folder / task.id).items()
    ]


def as_result(mistake: Mistake, checks: Sequence[CheckResult]) -> list[CheckResult]:
    """Return the checks of a task as the mistake's author gets them."""
    return [_miss(check, mistake.told.get(check.id, "")) for check in checks]


def make_class(coursework: Coursework, number: int, seed: int = 1) -> list[Result]:
    """Return the results of a class of ``number`` students."""
    chance = random.Random(seed)
    checks, mistakes = list_checks(coursework), list_mistakes(coursework)
    # Few mistakes are common, most are rare.
    weights = [1 / place for place in range(1, len(mistakes) + 1)]
    chance.shuffle(mistakes)
    results = []
    for student in itertools.islice(_name_students(), number):
        count = round((1 - chance.betavariate(2.5, 1.5)) * MOST_MISTAKES)
        made = {m.task: m for m in chance.choices(mistakes, weights, k=count)}
        begun = len(coursework.tasks)
        if chance.random() < IDLE:
            begun -= chance.randrange(1, begun)
        tasks = [
            summarise_task(task.id, task.title, _mark(task, place, begun, made, checks))
            for place, task in enumerate(coursework.tasks)
        ]
        results.append(_vary(summarise(student, tasks), chance))
    return results


def _mark(
    task: Task,
    place: int,
    begun: int,
    made: Mapping[str, Mistake],
    checks: Mapping[str, Sequence[CheckResult]],
) -> list[CheckResult]:
    if place >= begun:
        return [
            replace(check, status=Status.NOT_STARTED, marks=0.0)
            for check in checks[task.id]
        ]
    if task.id in made:
        return as_result(made[task.id], checks[task.id])
    return [*checks[task.id]]


def _miss(check: CheckResult, told: str) -> CheckResult:
    if not told:
        return check
    return replace(check, status=Status.FAILED, marks=0.0, message=told)


def _vary(result: Result, chance: random.Random) -> Result:
    """Return a result with other numbers in its messages."""
    tasks = tuple(
        replace(task, checks=tuple(vary_check(check, chance) for check in task.checks))
        for task in result.tasks
    )
    return replace(result, tasks=tasks)


def vary_check(check: CheckResult, chance: random.Random) -> CheckResult:
    """Return a missed check with other numbers in its message."""
    if check.status is not Status.FAILED:
        return check
    told = _NUMBER.sub(lambda _: f"{chance.random():.4f}", check.message)
    seen = _NUMBER.sub(lambda _: f"{chance.random():.4f}", check.detail)
    return replace(check, message=told, detail=seen or told * check.hidden)


def _name_students() -> Iterator[str]:
    for number in itertools.count(10_001):
        first = FIRST_NAMES[number % len(FIRST_NAMES)]
        last = LAST_NAMES[number % len(LAST_NAMES)]
        yield f"{last}, {first} {number:07}"


def _split(text: str) -> dict[str, str]:
    _, *parts = _TOLD.split(text)
    return {
        check: told.strip("\n")
        for check, told in zip(parts[::2], parts[1::2], strict=True)
    }


def _read_suite(path: Path, *, is_hidden: bool) -> Iterator[tuple[str, CheckResult]]:
    """Yield the checks of one file; parametrised ones only once, by function."""
    suite = "hidden" if is_hidden else "public"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef) or not (marker := _find_marker(node)):
            continue
        task = ast.literal_eval(marker.args[0])
        settings = {each.arg: each.value for each in marker.keywords}
        marks = float(ast.literal_eval(settings["marks"]))
        title = (ast.get_docstring(node) or node.name).splitlines()[0]
        check_id = f"{suite}/{path.stem.removeprefix('test_')}::{node.name}"
        passed = Status.PASSED
        yield (
            task,
            CheckResult(check_id, title, is_hidden, passed, marks, marks, "", 0.1),
        )


def _find_marker(function: ast.FunctionDef) -> ast.Call | None:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(
            "mark.check"
        ):
            return decorator
    return None
