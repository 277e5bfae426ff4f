"""Rules: what a coursework asks of a function, each with an id and its own words.

``solutions/rules.toml`` lists them by task. A rule quotes the docstring of its
function, or the brief, word for word; what is quoted by no rule is said not to be
checked, with a reason, or to explain. So neither a rule without its sentence nor a
sentence without its rule goes unnoticed. A coursework without that file states no
rules, and has none to hold.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reelmark.errors import UsageError
from reelmark.files import read_text
from reelmark.handout.brief import BRIEF
from reelmark.manifest import Coursework, Task
from reelmark.verification.statements import (
    find_unquoted,
    flatten,
    read_docstring,
    read_section,
)

FILE = "rules.toml"
"""What the rules stand in, in the folder of the solutions."""


@dataclass(frozen=True)
class Rule:
    """One thing that a function must do.

    Attributes:
        task: The id of the function's task.
        id: A short noun phrase, unlike that of any other rule of the task.
        says: Where it stands: words of the docstring or of the brief.
        because: Why no check looks at it; empty if checks do.
    """

    task: str
    id: str
    says: tuple[str, ...]
    because: str = ""

    @property
    def name(self) -> str:
        """Its name, unlike any other's."""
        return f"{self.task}/{self.id}"


@dataclass(frozen=True)
class Rulebook:
    """All rules of a coursework.

    Attributes:
        stated: What it states, in the order of the tasks, checked or not.
        explained: What explains, by task; that of the brief alone by an empty id.
        headings: Headings of the brief under which rules stand.
    """

    stated: tuple[Rule, ...]
    explained: Mapping[str, tuple[str, ...]]
    headings: tuple[str, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that checks look at."""
        return tuple(rule for rule in self.stated if not rule.because)

    @property
    def unchecked(self) -> tuple[Rule, ...]:
        """The rules that no check looks at, for a reason."""
        return tuple(rule for rule in self.stated if rule.because)

    def rules_of(self, task: str) -> tuple[str, ...]:
        """Return the ids of a task's rules that checks look at."""
        return tuple(rule.id for rule in self.rules if rule.task == task)

    def quotes(self, task: Task | None = None) -> list[str]:
        """Return all that is quoted: for a task, or for any."""
        stated = [
            q for r in self.stated if not task or r.task == task.id for q in r.says
        ]
        kept = (e for t, e in self.explained.items() if not task or t == task.id)
        return [*stated, *(quote for quotes in kept for quote in quotes)]


def read_rules(coursework: Coursework) -> Rulebook | None:
    """Read the rules of a coursework; None if it states none.

    Raises:
        UsageError: The file is not valid TOML in UTF-8, names a task that there is
            not, or holds something of another form.
    """
    path = coursework.solutions / FILE
    if not path.is_file():
        return None
    try:
        return _read_book(coursework, tomllib.loads(read_text(path)))
    except (tomllib.TOMLDecodeError, TypeError, ValueError) as error:
        raise UsageError(f"{path} cannot be used: {error}") from error


def _read_book(coursework: Coursework, table: Mapping[str, Any]) -> Rulebook:
    tasks = {task.id: table.get(task.id, {}) for task in coursework.tasks}
    if unknown := table.keys() - tasks.keys() - {"headings", "explained"}:
        raise ValueError(f"there is no task {min(unknown)!r}")
    stated = [rule for task, of in tasks.items() for rule in _read_task(task, of)]
    explained = {task: _texts(of.get("explained", [])) for task, of in tasks.items()}
    explained[""] = _texts(table.get("explained", []))
    return Rulebook(tuple(stated), explained, _texts(table.get("headings", [])))


def _read_task(task: str, table: Mapping[str, Any]) -> Iterator[Rule]:
    if unknown := table.keys() - {"rules", "unchecked", "explained"}:
        raise ValueError(
            f"{task} has rules, unchecked, explained; not {min(unknown)!r}"
        )
    for name, says in table.get("rules", {}).items():
        yield Rule(task, name, _texts(says))
    for name, entry in table.get("unchecked", {}).items():
        if entry.keys() != {"says", "because"} or not entry["because"]:
            raise ValueError(f"{task}/{name} has not says and because, or no reason")
        yield Rule(task, name, _texts(entry["says"]), entry["because"])


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"a list of texts is expected, not {value!r}")
    return tuple(value)


def find_drift(coursework: Coursework, book: Rulebook) -> list[str]:
    """Return where rules and what they quote do not agree, a sentence each."""
    return [*_find_unsaid(coursework, book), *_find_unquoted(coursework, book)]


def _find_unsaid(coursework: Coursework, book: Rulebook) -> Iterator[str]:
    """Yield what rules quote that stands nowhere."""
    brief = flatten(_read_brief(coursework))
    said = {task.id: _read_stub(coursework, task) for task in coursework.tasks}
    stated = [
        (rule.name, rule.task, quote) for rule in book.stated for quote in rule.says
    ]
    stated += [
        (task or "brief", task, quote)
        for task, quotes in book.explained.items()
        for quote in quotes
    ]
    for name, task, quote in stated:
        if not any(flatten(quote) in text for text in (said.get(task, ""), brief)):
            yield f"{name}: neither docstring nor brief says {quote!r}."


def _find_unquoted(coursework: Coursework, book: Rulebook) -> Iterator[str]:
    """Yield what docstrings and the brief say that nothing quotes."""
    for task in coursework.tasks:
        text = _read_stub(coursework, task)
        for clause in find_unquoted(text, book.quotes(task)):
            yield f"{task.id}: nothing quotes {clause!r} of {task.function}()."
    for heading in book.headings:
        text = read_section(_read_brief(coursework), heading)
        if not text:
            yield f"brief: nothing stands under a heading {heading!r}."
        for clause in find_unquoted(text, book.quotes()):
            yield f"brief, {heading}: nothing quotes {clause!r}."


def _read_brief(coursework: Coursework) -> str:
    path = coursework.stubs / BRIEF
    return read_text(path) if path.is_file() else ""


def _read_stub(coursework: Coursework, task: Task) -> str:
    """Return what the docstring of a task's function states."""
    module = ast.parse(read_text(coursework.stubs / f"{task.module}.py"))
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name == task.function:
            return read_docstring(ast.get_docstring(node) or "")
    return ""
