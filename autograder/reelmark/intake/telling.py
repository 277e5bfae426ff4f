"""Telling: what was taken from a notebook, for which module, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reelmark.intake.cells import Cell, Notebook
from reelmark.intake.kinds import show
from reelmark.intake.scopes import Part, Scope
from reelmark.intake.statements import Kind


def tell_marked(module: str, scope: Scope) -> str:
    """Say which cells are a module."""
    cells = [cell for cell in scope.notebook.cells if cell.module == module]
    used = _list_last(cells)
    told = f"{module}.py is {places(scope.notebook, [c.number for c in used])}"
    replaced = [cell.number for cell in cells if cell not in used]
    if replaced:
        told += f", in place of {places(scope.notebook, replaced)}"
    return f"{told}."


def tell_part(module: str, part: Part) -> Iterator[str]:
    """Say which cells gave a module its functions, and what is missing."""
    notebook = part.scope.notebook
    told = enumerate_words(
        f"{enumerate_words(f'{name}()' for name in names)} from "
        f"{place(notebook, number)}"
        for number, names in _group(part).items()
    )
    others = sorted(list_used(part) - set(_group(part)))
    more = f", with helpers from {places(notebook, others)}" if others else ""
    yield f"{module}.py: {told}{more}."
    yield from part.missing.values()
    for statement in part.taken:
        for name in statement.names if statement.kind is Kind.CONSTANT else ():
            if name in part.scope.changed:
                where = place(notebook, part.scope.changed[name])
                yield f"{name!r} is changed by {where}; that was left out."


def tell_left_out(scope: Scope, used: set[int]) -> Iterator[str]:
    """Say what was left out of a notebook.

    Args:
        scope: The notebook.
        used: The numbers of the places that something was taken from.
    """
    notebook = scope.notebook
    left = {each.place for each in scope.statements if each.kind is Kind.OTHER}
    told = []
    if whole := sorted(left - used):
        told.append(places(notebook, whole))
    if partly := sorted(left & used):
        told.append(f"parts of {places(notebook, partly)}")
    if told:
        yield (
            f"Left out of {show(scope.name)}: {' and '.join(told)}; only imports, "
            "functions, classes and plain constants are taken, and nothing is run."
        )


def tell_problems(scope: Scope) -> Iterator[str]:
    """Say which cells are not Python."""
    for number, problem in sorted(scope.notebook.problems.items()):
        where = place(scope.notebook, number).capitalize()
        yield f"{where} was left out: it is not Python ({problem})."


def tell_twice(what: str, scopes: Sequence[Scope]) -> str:
    """Say that two notebooks hold different versions of one thing."""
    first, second = (show(scope.name) for scope in scopes[:2])
    return (
        f"{first} and {second} hold a different {what} each; it cannot be told which "
        "is meant, so neither counts: hand in one notebook."
    )


def list_used(part: Part) -> set[int]:
    """Return the numbers of the places that something was taken from."""
    used = {each.place for each in part.taken}
    return used | {s.place for s in part.scope.stars if part.needs_stars}


def place(notebook: Notebook, number: int) -> str:
    """Say where: ``cell 3``."""
    return f"{notebook.word} {number}"


def places(notebook: Notebook, numbers: Sequence[int]) -> str:
    """Say where: ``cells 1, 2 and 5 to 9``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told: list[str] = []
    for run in runs:
        told += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)
    plural = "s" if len(numbers) > 1 else ""
    return f"{notebook.word}{plural} {enumerate_words(told)}"


def enumerate_words(words: Iterable[str]) -> str:
    """Return words as listed in a sentence; there must be at least one."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _group(part: Part) -> dict[int, list[str]]:
    """Return the functions that each place defines."""
    found: dict[int, list[str]] = {}
    for name in part.names:
        if statement := part.scope.find(name):
            found.setdefault(statement.place, []).append(name)
    return found


def _list_last(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that count, of those that write a module."""
    used: list[Cell] = []
    for cell in cells:
        used = [*used, cell] if cell.is_more else [cell]
    return used
