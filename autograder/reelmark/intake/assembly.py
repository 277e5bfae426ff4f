"""Assembly: modules put together from the cells of notebooks, without running any.

A cell that is marked ``%%module NAME`` is that module. For the other modules, the
functions that the coursework asks for are taken from the cells, along with the
imports, functions, classes and plain constants that they need; if a name is defined
several times, the last definition counts. Notes say what was used for which module,
and what was left out.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reelmark.intake import telling
from reelmark.intake.cells import Notebook
from reelmark.intake.composing import compose
from reelmark.intake.kinds import show
from reelmark.intake.scopes import Part, Scope, list_definitions
from reelmark.intake.statements import Kind, Statement

Functions = Mapping[str, Sequence[str]]
"""The functions that a coursework asks for, by module."""

_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}
_OF_NOTEBOOKS = frozenset({"get_ipython", "In", "Out"})


@dataclass
class Assembled:
    """What was put together.

    Attributes:
        modules: The text of each module, by name; the student's own helpers included.
        notes: Sentences for the author and for the marker.
        origins: The names of the notebooks that something was taken from.
    """

    modules: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)


def assemble(notebooks: Sequence[Notebook], functions: Functions) -> Assembled:
    """Put together those modules of a coursework that notebooks hold."""
    return _Assembly(list(map(Scope, notebooks)), functions).run()


def compare(
    notebooks: Sequence[Notebook], functions: Functions, modules: Mapping[str, str]
) -> list[str]:
    """Say where notebooks differ from the modules that were handed in.

    Args:
        notebooks: The notebooks.
        functions: The functions that are asked for.
        modules: The texts of the modules that were handed in.
    """
    notes = []
    for scope in map(Scope, notebooks):
        others = [
            told
            for module, names in functions.items()
            for told in _list_others(scope, module, names, modules.get(module, ""))
        ]
        if others:
            notes.append(
                "Modules were handed in, and they count; "
                f"{show(scope.name)} holds another {telling.enumerate_words(others)}."
            )
    return notes


def _list_others(
    scope: Scope, module: str, names: Iterable[str], text: str
) -> Iterator[str]:
    marked = scope.find_marked(module)
    if marked is not None:
        if marked.strip() != text.strip():
            yield f"{module}.py"
        return
    own = list_definitions(text)
    for name in names:
        found = scope.find(name)
        if found and found.form and found.form != own.get(name):
            yield f"{name}() of {module}.py"


class _Assembly:
    """Puts together what one submission's notebooks hold."""

    def __init__(self, scopes: Sequence[Scope], functions: Functions) -> None:
        self._scopes = scopes
        self._functions = functions
        self._result = Assembled()
        self._used: dict[str, set[int]] = {scope.name: set() for scope in scopes}
        self._owners: dict[str, str] = {}

    def run(self) -> Assembled:
        """Put together whatever there is."""
        marked = self._take_marked()
        chosen = {
            module: self._choose(module, names)
            for module, names in self._functions.items()
            if module not in marked
        }
        for module in marked:
            text = self._result.modules.get(module, "")
            self._owners |= dict.fromkeys(list_definitions(text), module)
        for module, found in chosen.items():
            self._owners |= dict.fromkeys(found, module)
        for module, found in chosen.items():
            self._build(module, found)
        self._tell_rest(marked)
        return self._result

    def _take_marked(self) -> set[str]:
        """Take the marked cells; return the names of their modules."""
        marked: dict[str, list[Scope]] = {}
        for scope in self._scopes:
            for module in scope.list_marked():
                marked.setdefault(module, []).append(scope)
        for module, scopes in marked.items():
            texts = {scope.find_marked(module) for scope in scopes}
            if len(texts) > 1:
                self._tell(telling.tell_twice(f"{module}.py", scopes))
                continue
            self._take(module, str(texts.pop()), scopes[0], set())
            self._tell(telling.tell_marked(module, scopes[0]))
        return set(marked)

    def _choose(self, module: str, names: Sequence[str]) -> dict[str, Scope]:
        """Return which notebook each function of a module is taken from."""
        chosen = {}
        for name in names:
            found = [scope for scope in self._scopes if _find_function(scope, name)]
            if len({_form(scope.find(name)) for scope in found}) > 1:
                self._tell(telling.tell_twice(f"{name}() of {module}.py", found))
            elif found:
                chosen[name] = found[0]
        return chosen

    def _build(self, module: str, chosen: Mapping[str, Scope]) -> None:
        """Put one module together from a part of each notebook that has some of it."""
        parts: list[Part] = []
        for scope in dict.fromkeys(chosen.values()):
            part = Part(scope, [name for name, own in chosen.items() if own is scope])
            self._collect(module, part)
            if twice := _find_twice(part, parts):
                both = [parts[0].scope, scope]
                self._tell(telling.tell_twice(f"{twice!r}, for {module}.py,", both))
                continue
            parts.append(part)
            text = self._result.modules.get(module, "")
            text += compose(module, part)
            self._take(module, text, scope, telling.list_used(part))
            self._tell(*telling.tell_part(module, part))

    def _collect(self, module: str, part: Part) -> None:
        """Collect some functions, and whatever they need from the notebook."""
        seen: set[int] = set()
        waiting = [(name, name, True) for name in part.names]
        while waiting:
            name, user, is_early = waiting.pop()
            owner = self._owners.get(name, module)
            if owner != module:
                part.siblings.setdefault(owner, set()).add(name)
                part.early_siblings |= {name} if is_early else set()
                continue
            found = [s for s in part.scope.find_all(name) if self._leads(s, module)]
            if not found:
                _note_missing(part, name, user)
            user = name if name in part.names else user
            for statement in found:
                if id(statement) not in seen:
                    seen.add(id(statement))
                    part.taken.append(statement)
                    waiting += [(n, user, True) for n in sorted(statement.early)]
                    waiting += [(n, user, False) for n in sorted(statement.late)]

    def _leads(self, statement: Statement, module: str) -> bool:
        """Whether an import leads anywhere: a module's import of itself does not."""
        source = statement.module.partition(".")[0]
        if statement.kind is not Kind.IMPORT or source not in self._functions:
            return True
        is_made = source in self._owners.values()
        # If nothing was found for a module, its stub is imported.
        is_whole = statement.text.startswith("import ")
        return source != module and (is_whole or not is_made)

    def _take(self, module: str, text: str, scope: Scope, used: set[int]) -> None:
        self._result.modules[module] = text
        self._used[scope.name] |= used
        if scope.name not in self._result.origins:
            self._result.origins.append(scope.name)

    def _tell(self, *notes: str) -> None:
        self._result.notes += notes

    def _tell_rest(self, marked: set[str]) -> None:
        """Say what was not found, and what was left out."""
        missing = [
            f"{name}()"
            for module, names in self._functions.items()
            for name in names
            if module not in marked and name not in self._owners
        ]
        if missing and self._result.modules:
            self._tell(f"No cell defines {telling.enumerate_words(missing)}.")
        for scope in self._scopes:
            self._tell(*telling.tell_problems(scope))
            if scope.name in self._result.origins:
                self._tell(*telling.tell_left_out(scope, self._used[scope.name]))


def _find_function(scope: Scope, name: str) -> bool:
    """Whether a notebook defines a function itself instead of importing it."""
    found = scope.find(name)
    return found is not None and found.kind is not Kind.IMPORT


def _find_twice(part: Part, earlier: Sequence[Part]) -> str:
    """Return a name that an earlier part of the module defines differently."""
    known = {
        name: _form(each)
        for other in earlier
        for each in other.taken
        for name in each.names
    }
    for each in part.taken:
        for name in each.names:
            if known.get(name, _form(each)) != _form(each):
                return name
    return ""


def _note_missing(part: Part, name: str, user: str) -> None:
    if name in _BUILTINS or name in _OF_NOTEBOOKS:
        return
    if left := part.scope.find_left(name):
        where = telling.place(part.scope.notebook, left.place)
        part.missing[name] = (
            f"{user}() uses {name!r}, which {where} makes by running something; that "
            "was left out."
        )
    elif name == "display":
        part.needs_display = True
    elif part.scope.stars:
        part.needs_stars = True
    else:
        part.missing[name] = f"{user}() uses {name!r}, which no cell defines."


def _form(statement: Statement | None) -> str:
    return (statement.form or statement.text) if statement else ""
