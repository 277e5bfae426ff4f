"""Mutants: right work with one small change each, made by cosmic-ray.

The reference is mutated, or an accepted style: its structure is another one, and so
are the places at which it can go wrong.

A mutation tester usually changes a file, runs the tests beside it and changes it
back. Here the changed text is a submission like any other and is marked sealed,
many at a time, so only cosmic-ray's operators are used, and three of our own: what
students leave out is a keyword argument or a step of a chain, what they mistype is a
string.

Changes that only break the syntax of types (a bit-wise operator for ``+``) are not
made: every suite would catch them, and they would flatter the score.
"""

from __future__ import annotations

import ast
import copy
import itertools
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

from reelmark.errors import UsageError
from reelmark.files import read_text
from reelmark.handout.regions import find_regions
from reelmark.manifest import Coursework
from reelmark.verification.cases import BOM, Style, compose_module, read_reference
from reelmark.verification.reach import find_parts, lines_of

_OPERATORS = re.compile(
    r"""core/(
      AddNot | NumberReplacer | ZeroIterationForLoop | RemoveDecorator
    | Replace(True|False|And|Or|Break|Continue)With\w+
    | ReplaceUnaryOperator_(USub_UAdd|Delete_Not)
    | ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|Div_FloorDiv|FloorDiv_Div)
    | ReplaceBinaryOperator_(Mod_Mul|Pow_Mul|BitAnd_BitOr|BitOr_BitAnd)
    | ReplaceComparisonOperator_(Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Lt_Gt|Gt_Lt|LtE_Gt|GtE_Lt)
    | ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Is_IsNot|IsNot_Is)
    )""",
    re.VERBOSE,
)
"""Those of cosmic-ray's that are used."""

EQUIVALENT = Path("mutants.toml")
"""Below ``solutions/``: mutants that no check can tell from right work, and why."""


class KeywordRemover(Operator):  # type: ignore[misc]
    """Leaves a keyword argument of a call out."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the place of a keyword argument."""
        if _is_keyword(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 (one a node)
        """Give nothing by name: an empty unpacking takes the argument's place."""
        return _replace(node, "**{}")

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        """Return none: the tests hold some."""
        return ()


class StringChanger(Operator):  # type: ignore[misc]
    """Changes a string, unless it is one that explains the code."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the place of a string."""
        is_string = node.type == "string" and node.value.startswith(("'", '"'))
        if is_string and node.parent.type not in ("simple_stmt", "file_input"):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 (one a node)
        """Put an X before what it says."""
        return _replace(node, repr(f"X{ast.literal_eval(node.value)}"))

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        """Return none: the tests hold some."""
        return ()


class CallRemover(Operator):  # type: ignore[misc]
    """Leaves a call of a method out: what it is called on stays."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the place of each call of a method in a chain."""
        for place in _method_calls(node):
            yield node.children[place].start_pos, node.children[place + 1].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Take the name and the brackets out of the chain."""
        place = _method_calls(node)[index]
        del node.children[place : place + 2]
        return node

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        """Return none: the tests hold some."""
        return ()


def _method_calls(node: Any) -> list[int]:
    """Return where in a chain ``.name(...)`` stands behind something of its own."""
    if node.type not in ("atom_expr", "power"):
        return []
    pairs = enumerate(itertools.pairwise(node.children))
    return [
        place
        for place, (name, call) in pairs
        if place and _begins(name, ".") and _begins(call, "(")
    ]


def _begins(node: Any, sign: str) -> bool:
    return node.type == "trailer" and bool(node.children[0] == sign)


def _is_keyword(node: Any) -> bool:
    """Return whether a node is ``name=value``, not ``*values``."""
    return node.type == "argument" and bool(node.children[1] == "=")


def _replace(node: Any, text: str) -> Any:
    """Return a node of the same kind that says ``text``, with the space before it."""
    call = get_ast(f"f({text})")
    new = next(each for each in ast_nodes(call) if each.type == node.type)
    new.get_first_leaf().prefix = node.get_first_leaf().prefix
    return new


@dataclass(frozen=True)
class Mutant:
    """A module of right work with one change.

    Attributes:
        module: The module.
        number: Which of the module's mutants, from 1.
        line: The line that is changed, from 1.
        before: What the line says in the right work.
        after: What it says now.
        text: The whole module.
        style: The accepted style that was changed; empty for the reference.
    """

    module: str
    number: int
    line: int
    before: str
    after: str
    text: str
    style: str = ""

    @property
    def name(self) -> str:
        """Its name as a submission, unlike that of any other of the same work."""
        return f"{self.module}-{self.number:03}"


def make_mutants(coursework: Coursework, style: Style | None = None) -> list[Mutant]:
    """Make every mutant of what students write, each text once.

    Args:
        coursework: The coursework.
        style: The accepted style that is changed, where it differs from the
            reference; by default the reference is.
    """
    made: list[Mutant] = []
    for module in coursework.modules:
        reference = read_reference(coursework, module)
        if style is None:
            made += mutate_module(module, reference, _find_answers(reference))
        elif (style.path / f"{module}.py").is_file():
            text, first = compose_module(style, coursework, module)
            text = text.removeprefix(BOM)
            lines = _find_own(text, first, _find_given(reference))
            made += mutate_module(module, text, lines, style.name)
    return made


def _find_answers(reference: str) -> set[int]:
    """Return the lines of the reference's solution regions."""
    return {line for region in find_regions(reference) for line in region}


def _find_given(reference: str) -> set[str]:
    """Return the names of the functions that students find complete."""
    answers = _find_answers(reference)
    parts = find_parts(ast.parse(reference))
    return {part.name for part in parts if answers.isdisjoint(lines_of(part))}


def _find_own(text: str, first: int, given: Collection[str]) -> set[int]:
    """Return the lines from the first on, without the functions that are given."""
    parts = find_parts(ast.parse(text))
    others = {line for p in parts if p.name in given for line in lines_of(p)}
    return set(range(first, text.count("\n") + 2)) - others


def mutate_module(
    module: str, source: str, own: Collection[int], style: str = ""
) -> list[Mutant]:
    """Make the mutants of one module.

    Args:
        module: Its name.
        source: Its text.
        own: The lines that may be changed, from 1.
        style: The accepted style that it is of; empty for the reference.
    """
    lines = source.splitlines()
    mutants: list[Mutant] = []
    for text in dict.fromkeys(_mutate(source)):
        changed = text.splitlines()
        line = next(
            i
            for i, pair in enumerate(zip(lines, changed, strict=False))
            if pair[0] != pair[1]
        )
        if line + 1 in own and _is_code(text):
            before, after = lines[line].strip(), changed[line].strip()
            number = len(mutants) + 1
            mutant = Mutant(module, number, line + 1, before, after, text, style)
            mutants.append(mutant)
    return mutants


def _mutate(source: str) -> Iterator[str]:
    """Yield the source with one change, for each place that an operator knows.

    Only the changed piece is made anew: to parse everything for each mutant, as
    cosmic-ray does, takes a minute.
    """
    nodes = list(ast_nodes(get_ast(source)))
    starts = [0, *itertools.accumulate(map(len, source.splitlines(keepends=True)))]
    for operator, node in itertools.product(_operators(), nodes):
        for index, _ in enumerate(list(operator.mutation_positions(node))):
            line, column = node.get_first_leaf().get_start_pos_of_prefix()
            before = source[: starts[line - 1] + column]
            line, column = node.end_pos
            after = source[starts[line - 1] + column :]
            changed = operator.mutate(_copy(node), index)  # None: nothing is left
            yield before + (changed.get_code() if changed else "") + after


def _copy(node: Any) -> Any:
    """Return a copy of a node, but not of the tree that it is part of."""
    parent, node.parent = node.parent, None
    try:
        new = copy.deepcopy(node)
    finally:
        node.parent = parent
    new.parent = parent
    return new


def _operators() -> list[Any]:
    names = filter(_OPERATORS.fullmatch, sorted(operator_names()))
    return [
        *(get_operator(name)() for name in names),
        KeywordRemover(),
        StringChanger(),
        CallRemover(),
    ]


def _is_code(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@dataclass(frozen=True)
class Equivalence:
    """Why mutants are as right as what they were made of.

    Attributes:
        module: Their module.
        before: The line of the right work, or how it begins.
        after: The mutant's; empty for all mutants of such lines.
        reason: Why no check may tell them apart.
        style: The accepted style that they are mutants of; empty for the reference.
    """

    module: str
    before: str
    reason: str
    after: str = ""
    style: str = ""

    def covers(self, mutant: Mutant) -> bool:
        """Return whether it speaks of a mutant."""
        return (
            (mutant.style, mutant.module) == (self.style, self.module)
            and mutant.before.startswith(self.before)
            and self.after in ("", mutant.after)
        )


def read_equivalences(coursework: Coursework) -> list[Equivalence]:
    """Read why some mutants are no mistakes.

    Raises:
        UsageError: The file is not valid TOML, or an entry has other keys.
    """
    path = coursework.solutions / EQUIVALENT
    if not path.is_file():
        return []
    try:
        entries = tomllib.loads(read_text(path)).get("equivalent", [])
        return [Equivalence(**entry) for entry in entries]
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise UsageError(f"{path} cannot be used: {error}") from error
