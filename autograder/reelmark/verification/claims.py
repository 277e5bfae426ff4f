"""Claims: which rules each check is about, as its marker says.

They are read from the text of the suites, so that nothing is run or imported::

    @pytest.mark.check("1a-i", marks=0.5, rules="range", after="test_returns_an_image")
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import read_text
from reelmark.manifest import Coursework


@dataclass(frozen=True)
class Claim:
    """A check, and the rules that it is about.

    Attributes:
        check: The check's id, as in results.
        task: The id of its task.
        rules: Ids of rules of that task.
        after: Names of the checks that it waits for.
        hidden: Whether it is a hidden check.
    """

    check: str
    task: str
    rules: tuple[str, ...]
    after: tuple[str, ...]
    hidden: bool

    @property
    def name(self) -> str:
        """The name of the test function."""
        return self.check.partition("::")[2]


def read_claims(coursework: Coursework) -> list[Claim]:
    """Read what the checks of both suites claim, in their order.

    Raises:
        UsageError: A marker holds something else than literals.
    """
    return [
        claim
        for hidden, suite in enumerate(
            (coursework.public_suite, coursework.hidden_suite)
        )
        for path in sorted(suite.glob("test_*.py"))
        for claim in _read_module(path, hidden=bool(hidden))
    ]


def _read_module(path: Path, *, hidden: bool) -> Iterator[Claim]:
    place = f"{'hidden' if hidden else 'public'}/{path.stem.removeprefix('test_')}"
    for node in ast.parse(read_text(path)).body:
        if isinstance(node, ast.FunctionDef) and (marker := _find_marker(node)):
            try:
                task, rules, after = _read_marker(marker)
            except ValueError as error:
                raise UsageError(
                    f"{path}, line {node.lineno}: the marker of {node.name} must hold "
                    "literals only, to be read without running it."
                ) from error
            yield Claim(f"{place}::{node.name}", task, rules, after, hidden)


def _find_marker(node: ast.FunctionDef) -> ast.Call | None:
    """Return the call of the marker that makes a test a check."""
    for one in node.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.mark.check":
            return one
    return None


def _read_marker(marker: ast.Call) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    values = {each.arg: ast.literal_eval(each.value) for each in marker.keywords}
    rules, after = (_names(values.get(key, ())) for key in ("rules", "after"))
    return ast.literal_eval(marker.args[0]), rules, after


def _names(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
