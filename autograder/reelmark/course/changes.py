"""Changes: what marking again gave or took, and because of which checks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reelmark.files import write_whole
from reelmark.results import CheckResult, Result, read_result, write_result


@dataclass(frozen=True)
class Change:
    """How a student's marks for code differ from those recorded before.

    ``checks`` are pairs of a check before and after; of one that is new, or gone,
    one side is None.
    """

    student: str
    before: float
    after: float
    checks: tuple[tuple[CheckResult | None, CheckResult | None], ...]
    is_handed_in_again: bool


@dataclass(frozen=True)
class Recorded:
    """What nbgrader took in of a submission.

    Attributes:
        result: Its sealed result; None if it took in nothing yet.
        files: A digest of what was handed in.
        evidence: What the marker was told of its evidence.
    """

    result: Result | None = None
    files: str = ""
    evidence: str = ""


class Records:
    """What was copied into the gradebook, kept to tell what has changed since.

    Args:
        folder: Where it is kept, a result and two digests a student.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, stem: str) -> Recorded:
        """Return what was recorded last."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            result = read_result(self._folder / f"{stem}.json")
            table = json.loads((self._folder / f"{stem}.files").read_text("utf-8"))
            return Recorded(result, str(table["files"]), str(table["evidence"]))
        return Recorded()

    def write(self, stem: str, recorded: Recorded) -> None:
        """Remember what is in the gradebook now."""
        assert recorded.result is not None, "nothing is recorded without a result"
        write_result(recorded.result, self._folder / f"{stem}.json")
        digests = {"files": recorded.files, "evidence": recorded.evidence}
        write_whole(self._folder / f"{stem}.files", json.dumps(digests))


def compare(before: Result | None, after: Result, *, again: bool) -> Change | None:
    """Return how a result differs from the one before; None if it does not."""
    if before is None:
        return None
    old, new = _by_id(before), _by_id(after)
    changed = [
        (old.get(name), new.get(name))
        for name in dict.fromkeys([*new, *old])
        if _marks(old.get(name)) != _marks(new.get(name))
    ]
    if not changed and before.total == after.total:
        return None
    return Change(after.student, before.total, after.total, tuple(changed), again)


def describe_changes(changes: Sequence[Change]) -> list[str]:
    """Return the lines that tell who changed, by how much and because of what."""
    lines = []
    for change in changes:
        why = "  (handed in again)" if change.is_handed_in_again else ""
        difference = change.after - change.before
        lines.append(
            f"{change.student}: {change.before:g} -> {change.after:g} "
            f"({difference:+g}){why}"
        )
        lines += [f"    {_describe_check(*pair)}" for pair in change.checks]
    return lines


def _describe_check(before: CheckResult | None, after: CheckResult | None) -> str:
    known = after or before
    assert known is not None
    was = f"{before.status} {before.marks:g}" if before else "new"
    now = f"{after.status} {after.marks:g}" if after else "gone"
    kind = "hidden check" if known.hidden else "check"
    return f"{kind} {known.title}: {was} -> {now}"


def _marks(check: CheckResult | None) -> tuple[str, float, float] | None:
    return (check.status, check.marks, check.max) if check else None


def _by_id(result: Result) -> dict[str, CheckResult]:
    return {check.id: check for task in result.tasks for check in task.checks}
