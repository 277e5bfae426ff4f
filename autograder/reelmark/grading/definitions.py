"""Definitions: what a Python file defines, and what each definition uses.

They are read from the syntax tree, so comments and layout do not matter; nothing is
run. If it is not clear what a name stands for, it counts as everything it may be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from reelmark.files import read_text

BODY = ""
"""The name for what a file does besides defining: all who use the file use that."""

ALL = "*"
"""As the name of an import: everything in the file."""


class Imported(NamedTuple):
    """What an import asks for: a file by its dotted name, and a name in it."""

    module: str
    name: str


@dataclass
class Definition:
    """What is defined under one name at the top of a file.

    Attributes:
        text: Its source, without comments and layout.
        names: The names that occur in it.
        words: The strings and the attributes that occur in it.
        imports: What it imports.
        checks: For a check, the ids of the tasks that it names.
    """

    text: str = ""
    names: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    imports: set[Imported] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)

    def add(self, node: ast.stmt, module: str) -> None:
        """Take in a statement.

        Args:
            node: The statement.
            module: The dotted name of its file.
        """
        self.text += ast.dump(node) + "\n"
        for each in ast.walk(node):
            match each:
                case ast.Name(id=name) | ast.arg(arg=name):
                    # An argument may be the name of a pytest fixture.
                    self.names.add(name)
                case ast.Attribute(attr=word) | ast.Constant(value=str(word)):
                    self.words.add(word)
                case ast.Import() | ast.ImportFrom():
                    self.imports |= {what for _, what in _read_import(each, module)}
            self.checks |= _read_marker(each)


def read_definitions(path: Path, module: str) -> dict[str, Definition]:
    """Read what a file defines.

    Args:
        path: The file.
        module: Its dotted name for imports.

    Returns:
        The definitions by name, in their order. A file that does not parse has only
            one, which is `BODY`.
    """
    text = read_text(path)
    try:
        statements = ast.parse(text).body
    except SyntaxError:
        return {BODY: Definition(text)}
    found: dict[str, Definition] = {}
    for node in (one for each in statements for one in _split(each)):
        for name in _names_of(node, module):
            found.setdefault(name, Definition()).add(node, module)
    return found


def _split(node: ast.stmt) -> Iterable[ast.stmt]:
    """Return a statement, or each import of it as a statement."""
    match node:
        case ast.Import():
            return (ast.Import([alias]) for alias in node.names)
        case ast.ImportFrom():
            return (
                ast.ImportFrom(node.module, [alias], node.level) for alias in node.names
            )
    return (node,)


def _names_of(node: ast.stmt, module: str) -> Iterable[str]:
    """Return the names that a statement at the top of a file defines."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return (node.name,)
        case ast.Assign(targets=[ast.Name(id=name)]):
            # pytest reads these on its own.
            return (BODY if name.startswith("pytest") else name,)
        case ast.AnnAssign(target=ast.Name(id=name)):
            return (name,)
        case ast.Import() | ast.ImportFrom(module=str()):
            return (name for name, _ in _read_import(node, module))
    return (BODY,)


def _read_import(
    node: ast.Import | ast.ImportFrom, module: str
) -> Iterator[tuple[str, Imported]]:
    """Yield each name that an import defines, and what it stands for."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield (
                alias.asname or alias.name.partition(".")[0],
                Imported(alias.name, ALL),
            )
        return
    package = ".".join(module.split(".")[: -node.level]) if node.level else ""
    source = ".".join(filter(None, (package, node.module)))
    for alias in node.names:
        name = BODY if alias.name == ALL else alias.asname or alias.name
        yield name, Imported(source, alias.name)


def _read_marker(node: ast.AST) -> set[str]:
    """Return the task that a marker ``check`` names; `ALL` if it is not a string."""
    match node:
        case ast.Call(func=ast.Attribute(attr="check"), args=[ast.Constant(value), *_]):
            return {value} if isinstance(value, str) else {ALL}
        case ast.Call(func=ast.Attribute(attr="check")):
            return {ALL}
    return set()
