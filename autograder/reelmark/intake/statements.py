"""Statements: what a cell of a notebook defines, and what that needs in turn.

Imports, functions, classes and plain constants can be taken out of a notebook: all
they do is define a name. Everything else in a cell is left there.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from reelmark.intake.cells import Cell, Notebook, parse


class Kind(Enum):
    """What a statement is."""

    FUTURE = "an import of the language's future"
    STAR = "an import of all names of a module"
    IMPORT = "an import"
    DEFINITION = "a function or a class"
    CONSTANT = "a plain constant"
    OTHER = "anything else"


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a notebook.

    Attributes:
        text: Its source.
        kind: What it is.
        place: The number of its cell, or of its line in an export.
        names: The names that it defines.
        changes: Names of the objects that it changes in place.
        early: Names that it needs when it is executed.
        late: Names that its functions need when they are called.
        module: The module that it imports from, or imports whole.
        is_risky: Whether it calls something that may fail on another machine.
        form: A form that is equal for two statements that differ only in layout.
    """

    text: str
    kind: Kind
    place: int
    names: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    early: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    module: str = ""
    is_risky: bool = False
    form: str = ""

    @property
    def can_be_taken(self) -> bool:
        """Whether all it does is define a name."""
        return self.kind is not Kind.OTHER


def list_statements(notebook: Notebook) -> list[Statement]:
    """Return the statements in the cells of a notebook that are not marked as a module.

    A cell that is not Python defines nothing, just as in a notebook; it is listed
    among the notebook's problems.
    """
    found: list[Statement] = []
    for cell in notebook.cells:
        if not cell.module:
            found += _list_cell(notebook, cell)
    return found


def _list_cell(notebook: Notebook, cell: Cell) -> list[Statement]:
    try:
        return _read_cell(notebook, cell)
    except SyntaxError as error:
        if notebook.word == "line":
            # An export from Colab does not show where its cells begin.
            return list(_recover(notebook, cell))
        line = f"line {error.lineno}: " if error.lineno else ""
        notebook.problems[cell.number] = f"{line}{error.msg}"
    return []


def _read_cell(notebook: Notebook, cell: Cell) -> list[Statement]:
    """Return the statements of a cell.

    Raises:
        SyntaxError: It is not Python, or is nested too deeply to be looked at.
    """
    tree, text = parse(cell.source)
    lines = text.split("\n")
    try:
        return [
            statement
            for node in tree.body
            for statement in _describe(
                node, _cut(node, tree.body, lines), notebook.locate(cell, node.lineno)
            )
        ]
    except RecursionError as error:
        raise SyntaxError("it is nested too deeply") from error


MOST_JOINED = 40
"""The most pieces of a text that are joined to make a statement that parses."""


def _recover(notebook: Notebook, cell: Cell) -> Iterator[Statement]:
    """Read those statements that parse in a text that does not parse as a whole."""
    lines = cell.source.split("\n")
    starts = [n for n, line in enumerate(lines) if _STARTS.match(line)]
    ends = [*starts[1:], len(lines)]
    at = 0
    while at < len(starts):
        problem = ""
        for last in range(at, min(at + MOST_JOINED, len(starts))):
            text = "\n".join(lines[starts[at] : ends[last]])
            piece = Cell(text, cell.number + starts[at])
            try:
                found = _read_cell(notebook, piece)
            except SyntaxError as error:
                problem = problem or error.msg
                continue
            yield from found
            at = last + 1
            break
        else:
            notebook.problems[cell.number + starts[at]] = problem
            at += 1


_STARTS = re.compile(r"[^\s#)\]}]")


def _cut(node: ast.stmt, all_nodes: list[ast.stmt], lines: list[str]) -> str:
    """Return the source of a statement, unless it shares a line with another."""
    first = min([node.lineno, *(each.lineno for each in _decorators(node))])
    last = node.end_lineno or first
    for other in all_nodes:
        is_beside = other.lineno <= last and (other.end_lineno or 0) >= first
        if is_beside and other is not node:
            return ast.unparse(node)
    return "\n".join(lines[first - 1 : last])


def _decorators(node: ast.stmt) -> list[ast.expr]:
    return getattr(node, "decorator_list", [])


def _describe(node: ast.stmt, text: str, place: int) -> Iterator[Statement]:
    """Describe a statement; each name of an import counts as a statement of its own."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from _describe_import(node, place)
    elif not _is_silent(node):
        kind = _find_kind(node)
        early, late = find_names(text) if kind is not Kind.OTHER else (_NONE, _NONE)
        yield Statement(
            text,
            kind,
            place,
            tuple(_bound(node)),
            tuple(_changed(node)) if kind is Kind.OTHER else (),
            early,
            late,
            is_risky=kind is Kind.CONSTANT and _is_risky(node),
            form=ast.dump(node) if kind is Kind.DEFINITION else "",
        )


_NONE: frozenset[str] = frozenset()


def _describe_import(
    node: ast.Import | ast.ImportFrom, place: int
) -> Iterator[Statement]:
    source = getattr(node, "module", None) or ""
    dots = "." * getattr(node, "level", 0)
    for alias in node.names:
        named = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
        name = alias.asname or alias.name.partition(".")[0]
        if isinstance(node, ast.Import):
            text = f"import {named}"
            yield Statement(text, Kind.IMPORT, place, (name,), module=alias.name)
            continue
        kind = Kind.STAR if alias.name == "*" else Kind.IMPORT
        kind = Kind.FUTURE if source == "__future__" else kind
        text = f"from {dots}{source} import {named}"
        names = (name,) if kind is Kind.IMPORT else ()
        yield Statement(text, kind, place, names, module=source)


def _is_silent(node: ast.stmt) -> bool:
    """Whether a statement does nothing: a string, ``pass``, a name to be displayed."""
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant | ast.Name | ast.Attribute)
    )


def _find_kind(node: ast.stmt) -> Kind:
    if isinstance(node, _DEFINITIONS):
        return Kind.DEFINITION
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(
        node.value, ast.Lambda
    ):
        return Kind.DEFINITION
    return Kind.CONSTANT if _is_simple(node) else Kind.OTHER


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_simple(node: ast.stmt) -> bool:
    """Whether a statement only gives names to plain values, in one way or another."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return all(map(_is_name, targets)) and is_plain(node.value)
    if isinstance(node, ast.If):
        parts = [*node.body, *node.orelse]
        return is_plain(node.test) and all(map(_is_part, parts))
    if isinstance(node, ast.Try):
        handlers = [part for handler in node.handlers for part in handler.body]
        parts = [*node.body, *handlers, *node.orelse, *node.finalbody]
        return all(map(_is_part, parts))
    return False


def _is_part(node: ast.stmt) -> bool:
    imports = (ast.Import, ast.ImportFrom)
    return (
        isinstance(node, (*_DEFINITIONS, *imports))
        or _is_silent(node)
        or _is_simple(node)
    )


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return all(map(_is_name, target.elts))
    return isinstance(target, ast.Name)


_PLAIN = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Set, ast.Dict),
    *(ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Starred),
    *(ast.Subscript, ast.Slice, ast.JoinedStr, ast.FormattedValue, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension),
    *(ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
    *(ast.keyword, ast.arguments, ast.arg),
)
_BUILTINS = frozenset(
    {
        *("abs", "bool", "bytes", "dict", "enumerate", "float", "frozenset", "int"),
        *("len", "list", "max", "min", "pow", "range", "reversed", "round", "set"),
        *("slice", "sorted", "str", "sum", "tuple", "zip"),
    }
)
_OF_TEXTS = frozenset(
    {"format", "join", "lower", "replace", "split", "splitlines", "strip", "upper"}
)
_MAKERS = frozenset(
    {
        *("partial", "functools.partial", "field", "dataclasses.field", "re.compile"),
        *("namedtuple", "collections.namedtuple", "operator.itemgetter"),
        *("os.path.join", "os.environ.get"),
        *("np.array", "np.arange", "np.linspace", "np.random.default_rng"),
        *("numpy.array", "numpy.arange", "numpy.linspace", "numpy.random.default_rng"),
        *("tf.constant", "tf.function", "tensorflow.constant", "tensorflow.function"),
    }
)


def is_plain(node: ast.expr | None) -> bool:
    """Whether an expression only states a value, and does nothing.

    It may create objects (``Rescaling(1 / 255)``) and use builtins; it calls no
    other function.
    """
    waiting: list[ast.AST] = [node] if node else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Call):
            if not _is_harmless(part.func):
                return False
        elif not isinstance(part, _PLAIN):
            return False
        if not isinstance(part, ast.Lambda):
            waiting += ast.iter_child_nodes(part)
    return True


def _is_harmless(function: ast.expr) -> bool:
    name = _dotted(function)
    if name is None:
        return isinstance(function, ast.Attribute) and function.attr in _OF_TEXTS
    last = name.rpartition(".")[2]
    is_class = last[:1].isupper() and not last.isupper()
    is_text = "." in name and last in _OF_TEXTS
    return name in _BUILTINS or name in _MAKERS or is_class or is_text


def _is_risky(node: ast.stmt) -> bool:
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(_dotted(call.func) not in _BUILTINS for call in calls)


def _dotted(node: ast.expr) -> str | None:
    """Return a dotted name, such as ``tf.data``; None for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement defines, including those in its blocks."""
    if isinstance(node, _DEFINITIONS):
        yield node.name
        return
    if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def _changed(node: ast.stmt) -> Iterator[str]:
    """Yield the names of objects that a statement visibly changes in place."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        yield from _root(called.value) if isinstance(called, ast.Attribute) else ()
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    for target in targets:
        if isinstance(target, ast.Attribute | ast.Subscript):
            yield from _root(target)
    if isinstance(node, ast.AugAssign):
        yield from _root(node.target)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


_AT_ONCE = ("listcomp", "setcomp", "dictcomp", "genexpr")


def find_names(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names from elsewhere that the source of a statement needs.

    Returns:
        Those it needs when it is executed, and those its functions need later.

    Raises:
        SyntaxError: Python cannot make sense of its names, or it is nested too deeply.
    """
    try:
        table = symtable.symtable(text, "cell", "exec")
    except (RecursionError, MemoryError) as error:
        raise SyntaxError("it is nested too deeply") from error
    early: set[str] = set()
    late: set[str] = set()
    waiting: list[tuple[symtable.SymbolTable, bool]] = [(table, True)]
    while waiting:
        scope, is_early = waiting.pop()
        used = early if is_early else late
        used.update(_needed(scope.get_symbols(), is_top=scope is table))
        for child in scope.get_children():
            runs_at_once = child.get_type() == "class" or child.get_name() in _AT_ONCE
            waiting.append((child, is_early and runs_at_once))
    return frozenset(early), frozenset(late)


def _needed(symbols: Iterable[symtable.Symbol], *, is_top: bool) -> Iterator[str]:
    for symbol in symbols:
        if symbol.is_referenced() if is_top else symbol.is_global():
            yield symbol.get_name()
