"""Scopes: the names in a notebook, what defines them, and how often."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from reelmark.intake.cells import Notebook
from reelmark.intake.statements import Kind, Statement, list_statements


class Scope:
    """The names in one notebook, and the statements that define them.

    Attributes:
        notebook: The notebook.
        statements: What its cells hold, in order.
        stars: Its imports of all names of a module.
        changed: Where names are changed in place, by name.
    """

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.statements = list_statements(notebook)
        self.stars = [s for s in self.statements if s.kind is Kind.STAR]
        self.changed = {
            name: each.place for each in self.statements for name in each.changes
        }
        self._by_name: dict[str, list[Statement]] = {}
        for each in self.statements:
            for name in each.names:
                self._by_name.setdefault(name, []).append(each)

    @property
    def name(self) -> str:
        """What the notebook is called in the submission."""
        return self.notebook.name

    def find(self, name: str) -> Statement | None:
        """Return the last statement that defines a name and can be taken."""
        found = [s for s in self._by_name.get(name, ()) if s.can_be_taken]
        return found[-1] if found else None

    def find_left(self, name: str) -> Statement | None:
        """Return the last statement that defines a name and cannot be taken."""
        found = [s for s in self._by_name.get(name, ()) if not s.can_be_taken]
        return found[-1] if found else None

    def find_all(self, name: str) -> list[Statement]:
        """Return the statements that are taken for a name, in order.

        That is the last one that defines it; but ``import a.b`` does not undo
        ``import a.c``, and ``size = size + 1`` needs the statement before it.
        """
        found: list[Statement] = []
        for each in reversed(self._by_name.get(name, ())):
            if each.can_be_taken and (not found or _continues(found[-1], each, name)):
                found.append(each)
        return found[::-1]

    def find_marked(self, module: str) -> str | None:
        """Return the text of the cells marked as a module; None if there are none."""
        text = None
        for cell in self.notebook.cells:
            if cell.module == module:
                before = text if cell.is_more and text is not None else ""
                text = before + cell.source.rstrip("\n") + "\n"
        return text

    def list_marked(self) -> list[str]:
        """Return the modules that cells are marked as."""
        return list(dict.fromkeys(c.module for c in self.notebook.cells if c.module))


@dataclass
class Part:
    """What one notebook contributes to one module.

    Attributes:
        scope: The notebook.
        names: The functions that are taken from it.
        taken: The statements that define them, and those that they need.
        siblings: Functions of other modules that they need, by module.
        early_siblings: Those of ``siblings`` that are needed at once.
        missing: Names that they need but that cannot be taken, each with a sentence.
        needs_stars: Whether a name may come from an ``import *``.
        needs_display: Whether they use what is built into notebooks.
    """

    scope: Scope
    names: list[str]
    taken: list[Statement] = field(default_factory=list)
    siblings: dict[str, set[str]] = field(default_factory=dict)
    early_siblings: set[str] = field(default_factory=set)
    missing: dict[str, str] = field(default_factory=dict)
    needs_stars: bool = False
    needs_display: bool = False


def list_definitions(text: str) -> dict[str, str]:
    """Return the functions of a module, in a form in which they can be compared."""
    try:
        body = ast.parse(text).body
        return {
            node.name: ast.dump(node)
            for node in body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


def _continues(later: Statement, earlier: Statement, name: str) -> bool:
    """Whether a statement needs an earlier one that defines the same name."""
    texts = {f"import {later.module}", f"import {earlier.module}"}
    return name in later.early or {later.text, earlier.text} == texts
