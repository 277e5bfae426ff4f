"""What attacks name of the engine exists: else they would patch nothing, unnoticed."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.stage import attack_uploads
from kit.stage.attack_class import ATTACKS, HELPER

BY_TEXT = {"setattr", "getattr", "delattr"}
SOURCES = [*ATTACKS.glob("*/*.py"), HELPER, Path(attack_uploads.__file__)]


def find_names(source: str) -> set[str]:
    """Return what a source names of the engine, in texts that are source too."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return set()  # it runs nothing, or is no source
    known = {"reelmark": "reelmark"}
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
            known |= {each.asname: each.name for each in node.names if each.asname}
        elif isinstance(node, ast.ImportFrom):
            names = {e.asname or e.name: f"{node.module}.{e.name}" for e in node.names}
            known |= names
            found |= {*names.values()}
    for path in _paths(nodes):
        root, _, rest = path.partition(".")
        if root in known and re.fullmatch(r"[\w.]+", rest):
            found.add(f"{known[root]}.{rest}")
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= find_names(node.value)
    return {name for name in found if name.startswith("reelmark.")}


def _paths(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield each attribute as it is written, and ``setattr(a, "b", ...)`` as a.b."""
    for node in nodes:
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in BY_TEXT:
            match node.args:
                case [owner, ast.Constant(value=str(name)), *_]:
                    yield f"{ast.unparse(owner)}.{name}"


NAMES = {
    (str(path.relative_to(ATTACKS.parent)), name)
    for path in SOURCES
    for name in find_names(path.read_text("utf-8"))
}


@pytest.mark.parametrize(("attack", "name"), sorted(NAMES))
def test_name_exists(attack: str, name: str) -> None:
    """Whoever renames a part of the engine renames it in the attacks on it."""
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError) as error:
        pytest.fail(f"{attack} names {name}, which is not there: {error}")


@pytest.mark.parametrize(
    "source",
    [
        "import reelmark.errors\nreelmark.errors.gone = 1",
        "import reelmark.errors as theirs\ntheirs.gone = 1",
        "from reelmark import errors\nerrors.gone = 1",
        "from reelmark.errors import gone",
        "from reelmark import errors\nsetattr(errors, 'gone', 1)",
        "import sys\nsys.modules['reelmark.errors'].x = 1\n'reelmark.errors.gone'",
        "'''\nimport reelmark.errors\nreelmark.errors.gone = 1\n'''",
    ],
)
def test_every_way_to_name_is_found(source: str) -> None:
    """Imported, under another name, in a text: what is named is asked for."""
    assert "reelmark.errors.gone" in find_names(source)
