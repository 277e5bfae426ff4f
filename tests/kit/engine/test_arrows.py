"""The arrows of the engine: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from sample_class import ROOT

FLOORS = """
__main__
__init__ cli
doctor training
cluster course notebook verification
desk lms
grading practice
rulings
marking
processes
confinement handout
checks intake worker
wire
states
manifest results
files terminal
errors
text
"""
"""From the top: each imports only from the floors below, and from itself."""

MAY_LOAD_WORKER = {"practice.local", "processes.spawned_worker", "processes.zygote"}
"""What runs student code. Nothing else loads what stands beside it."""

ENGINE = ROOT / "autograder" / "reelmark"
FLOOR = {
    package: number
    for number, floor in enumerate(FLOORS.splitlines())
    for package in floor.split()
}


def _package(module: str) -> str:
    return module.partition(".")[0]


def _imports() -> Iterator[tuple[str, str]]:
    """Yield each module, and what it imports of the engine, in its functions too."""
    for path in ENGINE.rglob("*.py"):
        module = ".".join(path.relative_to(ENGINE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{each.name}" for each in node.names]
            else:
                continue
            for name in names:
                if name.startswith("reelmark."):
                    yield module, name.removeprefix("reelmark.")


ARROWS = {(by, of) for by, of in _imports() if _package(by) != _package(of)}


def test_every_package_has_a_floor() -> None:
    """A package that is added or removed must be added or removed here."""
    found = {path.stem for path in ENGINE.glob("*.py")}
    found |= {path.parent.name for path in ENGINE.glob("*/__init__.py")}
    assert found ^ set(FLOOR) == set()


def test_tests_lie_as_the_packages_lie() -> None:
    """The tests of a package are in a folder of the same name."""
    tested = {path.parent.name for path in Path(__file__).parent.glob("*/test_*.py")}
    packages = {path.parent.name for path in ENGINE.glob("*/__init__.py")}
    assert tested ^ packages == set()


def test_arrows_run_down() -> None:
    """Nothing imports from a floor above its own, or from a neighbour."""
    wrong = [
        f"{module} imports {imported}"
        for module, imported in sorted(ARROWS)
        if FLOOR[_package(module)] >= FLOOR[_package(imported)]
    ]
    assert not wrong, "\n".join(wrong)


def test_worker_is_loaded_by_what_runs_student_code() -> None:
    """Above all, the process that decides a mark never loads it."""
    loaders = {module for module, imported in ARROWS if _package(imported) == "worker"}
    assert sorted(loaders - MAY_LOAD_WORKER) == []
    assert sorted(MAY_LOAD_WORKER - loaders) == []
