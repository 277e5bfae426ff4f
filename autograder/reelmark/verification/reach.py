"""Reach: which tasks can notice a change of a line of a module.

A module's functions share helpers. A change in one can be noticed by the tasks whose
functions use it, directly or through others; checking the rest would only cost time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from reelmark.manifest import Task

Part = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Reach:
    """What the tasks of one module use of it.

    Args:
        tasks: The module's tasks.
        source: The module's text.
    """

    def __init__(self, tasks: Sequence[Task], source: str) -> None:
        parts = {node.name: node for node in find_parts(ast.parse(source))}
        uses = {name: _find_names(node) & parts.keys() for name, node in parts.items()}
        self._lines = {name: lines_of(node) for name, node in parts.items()}
        self._used = {task.id: _follow(task.function, uses) for task in tasks}

    def find_tasks(self, line: int) -> tuple[str, ...]:
        """Return the tasks that a change of one line can reach.

        Args:
            line: The line, from 1.

        Returns:
            Their ids; all of them where the line is in no function or class, or in
            one that none of them is seen to use.
        """
        changed = next((n for n, lines in self._lines.items() if line in lines), "")
        reached = [task for task, used in self._used.items() if changed in used]
        return tuple(reached or self._used)


def find_parts(module: ast.Module) -> Iterator[Part]:
    """Yield the functions and classes that stand in no other."""
    return (node for node in module.body if isinstance(node, Part))


def lines_of(part: Part) -> range:
    """Return the lines of a function or class, from 1, decorators included."""
    first = min(node.lineno for node in (part, *part.decorator_list))
    return range(first, (part.end_lineno or part.lineno) + 1)


def _find_names(part: Part) -> set[str]:
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}


def _follow(start: str, uses: Mapping[str, set[str]]) -> set[str]:
    """Return a function and all that it uses, directly or not."""
    found, waiting = {start}, [start]
    while waiting:
        new = uses.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found
