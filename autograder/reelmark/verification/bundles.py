"""Bundles: several mistakes in one submission, which saves most of the time.

Mistakes share a submission only where none can hide what another does: no two are in
one task or in tasks that need each other, and no two in a module define the same name.
Most tasks of a submission hold no mistake: what one costs elsewhere shows there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reelmark.manifest import Coursework
from reelmark.verification.cases import (
    Mistake,
    find_assigned,
    put_behind,
    read_reference,
    write_modules,
)

Bundle = tuple[Mistake, ...]

PER_MODULE = 2
"""How many mistakes a module may hold: its other tasks show what they cost there."""


def make_bundles(
    mistakes: Sequence[Mistake], coursework: Coursework
) -> dict[str, Bundle]:
    """Put mistakes into as few submissions as may be; return them by name."""
    assigned = {one.path: find_assigned(one.path) for one in mistakes}
    bundles: list[list[Mistake]] = []
    for mistake in mistakes:
        fitting = (b for b in bundles if _fits(mistake, b, coursework, assigned))
        if home := next(fitting, None):
            home.append(mistake)
        else:
            bundles.append([mistake])
    return {
        f"mistakes-{number:03}": tuple(one)
        for number, one in enumerate(bundles, start=1)
    }


def _fits(
    mistake: Mistake,
    others: Sequence[Mistake],
    coursework: Coursework,
    assigned: Mapping[Path, set[str]],
) -> bool:
    """Return whether a mistake may share a submission with others."""
    near = [other for other in others if other.module == mistake.module]
    return (
        len(near) < PER_MODULE
        and not any(_is_related(mistake, other, coursework) for other in others)
        and all(assigned[mistake.path].isdisjoint(assigned[o.path]) for o in near)
    )


def _is_related(one: Mistake, other: Mistake, coursework: Coursework) -> bool:
    """Return whether two mistakes are in one task, or one's task needs the other's."""
    return (
        one.task == other.task
        or one.task in coursework.task(other.task).needs
        or other.task in coursework.task(one.task).needs
    )


def write_bundle(bundle: Bundle, coursework: Coursework, folder: Path) -> None:
    """Write the submission that holds the mistakes of a bundle, and no other module."""
    texts: dict[str, str] = {}
    for mistake in bundle:
        before = texts.get(mistake.module)
        reference = before or read_reference(coursework, mistake.module)
        texts[mistake.module] = put_behind(reference, mistake.read())
    write_modules(texts, folder)
