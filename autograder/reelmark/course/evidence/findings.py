"""Findings: what students' trained weights show, kept and put into words.

A marker sees the validation loss that a student's history reports beside the one that
was recomputed (`reproduction`). If they agree, history, weights and modules belong
together. That does not prove who trained them, or that the modules, which are the
student's code, do not make the answers up. No mark depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from reelmark.course.folder import Course
from reelmark.files import write_whole
from reelmark.text import show_controls

CELL = "evidence"
"""The ``grade_id`` of the report's cell that shows the findings to the marker."""

TOLERANCE = 0.002
"""How far apart the losses may be. Other processors and GPUs round differently, which
changes the fourth decimal; another epoch's weights change the second or third."""

NOTHING = "No evidence was handed in, or none was looked at yet."


@dataclass(frozen=True)
class Finding:
    """What there is to say about one model.

    Attributes:
        model: Its name.
        losses: The validation loss of each epoch, according to the student's history.
        reproduced: The recomputed loss; None if it was not recomputed.
        examples: How many validation examples were used, and how many there are.
        notes: What is missing or wrong, one sentence each.
        is_fault: Whether the kit itself failed.
    """

    model: str
    losses: tuple[float, ...] = ()
    reproduced: float | None = None
    examples: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()
    is_fault: bool = False

    @property
    def best(self) -> int:
        """The epoch with the lowest reported loss, from 0."""
        return min(range(len(self.losses)), key=self.losses.__getitem__)

    @property
    def is_same(self) -> bool:
        """Whether what was reported was reproduced."""
        return bool(self.losses) and self._is_near(self.losses[self.best])

    def find_epochs(self) -> list[int]:
        """Return the epochs, from 1, whose reported loss equals the reproduced one."""
        epochs = enumerate(self.losses, start=1)
        return [epoch for epoch, loss in epochs if self._is_near(loss)]

    def _is_near(self, loss: float) -> bool:
        return self.reproduced is not None and (
            abs(loss - self.reproduced) <= TOLERANCE
        )


def add_note(finding: Finding, note: str) -> Finding:
    """Return a finding with one more sentence."""
    return replace(finding, notes=(*finding.notes, note))


def describe_findings(findings: Sequence[Finding]) -> str:
    """Return what a marker reads, one paragraph per model.

    Examples:
        >>> print(describe_findings([Finding("CNN", (0.3, 0.23), 0.23, (1265, 1265))]))
        CNN: reported 0.2300 (epoch 2 of 2), reproduced 0.2300.
        >>> print(describe_findings([Finding("LSTM", (0.21, 0.289), 0.289, (6, 7))]))
        LSTM: reported 0.2100 (epoch 1 of 2), reproduced 0.2890: they differ by 0.0790.
          The reproduced loss is that of epoch 2.
          The validation dataset gives 6 of 7 examples.
    """
    if not findings:
        return NOTHING
    lines = [line for finding in findings for line in _describe_model(finding)]
    return show_controls("\n".join(lines), keep="\n")


def _describe_model(finding: Finding) -> Iterator[str]:
    reported = "nothing reported"
    if finding.losses:
        epoch, epochs = finding.best + 1, len(finding.losses)
        loss = finding.losses[finding.best]
        reported = f"reported {loss:.4f} (epoch {epoch} of {epochs})"
    yield f"{finding.model}: {reported}, {_describe_loss(finding)}."
    if finding.losses and finding.reproduced is not None and not finding.is_same:
        yield f"  {_describe_epochs(finding.find_epochs())}"
    given, of = finding.examples
    if given < of:
        yield f"  The validation dataset gives {given:,} of {of:,} examples."
    yield from (f"  {note}" for note in finding.notes)


def _describe_loss(finding: Finding) -> str:
    if finding.reproduced is None:
        return "not reproduced"
    told = f"reproduced {finding.reproduced:.4f}"
    if finding.is_same or not finding.losses:
        return told
    gap = abs(finding.losses[finding.best] - finding.reproduced)
    return f"{told}: they differ by {gap:.4f}"


def _describe_epochs(epochs: Sequence[int]) -> str:
    if not epochs:
        return "No epoch of the history has the reproduced loss."
    which = ", ".join(map(str, epochs[:5])) + (" ..." if len(epochs) > 5 else "")
    return f"The reproduced loss is that of epoch {which}."


class FoundRecords:
    """What was found, kept in one file per student.

    Args:
        course: The course.
    """

    def __init__(self, course: Course) -> None:
        self._folder = course.marks / CELL

    def read(self, stem: str) -> tuple[str, list[Finding]]:
        """Return what was found, and the fingerprint of what it was found in."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            text = (self._folder / f"{stem}.json").read_text("utf-8")
            table = json.loads(text)
            return table["fingerprint"], [_finding_of(each) for each in table["found"]]
        return "", []

    def write(self, stem: str, fingerprint: str, found: Sequence[Finding]) -> None:
        """Keep what was found."""
        table = {"fingerprint": fingerprint, "found": [asdict(each) for each in found]}
        write_whole(self._folder / f"{stem}.json", json.dumps(table, indent=1))

    def remove(self, stem: str) -> None:
        """Forget a student who no longer hands in evidence."""
        (self._folder / f"{stem}.json").unlink(missing_ok=True)


def show_evidence(nb: NotebookNode, text: str) -> None:
    """Put what was found below the cell for it, and nothing of the student's."""
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == CELL:
            cell.outputs = [new_output("stream", name="stdout", text=f"{text}\n")]


def _finding_of(table: dict[str, Any]) -> Finding:
    lists = {name: tuple(table[name]) for name in ("losses", "examples", "notes")}
    return Finding(**{**table, **lists})
