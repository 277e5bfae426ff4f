"""Composing: the text of a module, made of what was taken from a notebook for it."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterator, Mapping

from reelmark.intake.kinds import show
from reelmark.intake.scopes import Part
from reelmark.intake.statements import Kind, Statement

_DISPLAY = "display = print  # a notebook has a function of this name built in"


def compose(module: str, part: Part) -> str:
    """Write what was taken, with everything before the code that needs it at once."""
    scope = part.scope
    futures = [each.text for each in scope.statements if each.kind is Kind.FUTURE]
    lines = [f"# {module}.py, put together from {show(scope.name)}."]
    lines += dict.fromkeys(futures)
    if part.needs_stars:
        lines += [each.text for each in scope.stars]
    if part.needs_display:
        lines.append(_DISPLAY)
    early = part.early_siblings
    lines += _write_siblings(part.siblings, lambda name: name in early)
    lines += _write_statements(part)
    # At the end, so that two modules may need each other.
    if below := _write_siblings(part.siblings, lambda name: name not in early):
        lines += ["", *below]
    return "\n".join(lines) + "\n"


def _write_statements(part: Part) -> Iterator[str]:
    place, word = 0, part.scope.notebook.word
    risky: set[str] = set()
    for statement in _sort(part):
        if statement.place != place:
            place = statement.place
            yield f"\n# {word} {place}"
        if statement.is_risky or statement.early & risky:
            risky.update(statement.names)
        is_guarded = statement.kind is Kind.CONSTANT and risky.issuperset(
            statement.names
        )
        yield _guard(statement.text) if is_guarded else statement.text


def _write_siblings(
    siblings: Mapping[str, set[str]], choose: Callable[[str], bool]
) -> list[str]:
    return [
        f"from {module} import {', '.join(chosen)}"
        for module, names in sorted(siblings.items())
        if (chosen := sorted(filter(choose, names)))
    ]


def _guard(text: str) -> str:
    """Let code that fails on another machine fail only where it is needed."""
    body = textwrap.indent(ast.unparse(ast.parse(text)), "    ")
    return f"try:\n{body}\nexcept Exception:\n    pass"


def _sort(part: Part) -> Iterator[Statement]:
    """Yield statements in their order, but each after what it needs at once."""
    order = {id(each): n for n, each in enumerate(part.scope.statements)}
    taken = sorted(part.taken, key=lambda each: order[id(each)])
    waiting, asked, done = taken[::-1], set[int](), set[int]()
    while waiting:
        each = waiting[-1]
        needed = [
            other
            for other in taken
            if id(other) not in done and _comes_first(other, each, order)
        ]
        # Reached a second time: it waits for something that waits for it.
        if needed and id(each) not in asked:
            asked.add(id(each))
            waiting += needed[::-1]
            continue
        waiting.pop()
        if id(each) not in done:
            done.add(id(each))
            yield each


def _comes_first(first: Statement, second: Statement, order: dict[int, int]) -> bool:
    """Whether a statement is needed by another when the other is executed."""
    if second.early.isdisjoint(first.names) or first is second:
        return False
    gives_same = not set(second.names).isdisjoint(first.names)
    return not gives_same or order[id(first)] < order[id(second)]
