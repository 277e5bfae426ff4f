"""Bounds: how much a message may hold, counted while it is read.

Bytes are not a good measure: a megabyte of one-byte numbers becomes eight megabytes
when somebody computes with them, and a megabyte of line breaks is a million lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy.typing as npt


class TooMuch(ValueError):
    """A message holds more than it may."""


@dataclass(frozen=True)
class Bounds:
    """The most that is accepted.

    Attributes:
        items: In all lists, tuples and mappings together; each container counts as
            one more.
        records: Observations.
        characters: In all texts together.
        breaks: Line breaks in all texts together.
        numbers: In all arrays together, whatever their size in bytes.
        text: Characters of one text.
        lines: Line breaks in one text.
        array: Numbers in one array.
    """

    items: int
    records: int
    characters: int
    breaks: int
    numbers: int
    text: int
    lines: int
    array: int

    def times(self, factor: int) -> Self:
        """Return bounds for several messages together; those for single things stay."""
        return replace(
            self,
            items=self.items * factor,
            records=self.records * factor,
            characters=self.characters * factor,
            breaks=self.breaks * factor,
            numbers=self.numbers * factor,
        )


_MOST = 2**62
UNBOUNDED = Bounds(1_000_000, _MOST, _MOST, _MOST, _MOST, _MOST, _MOST, _MOST)
"""For what the kit itself sends. Small items take little room on the wire but
gigabytes here, so even these are bounded."""


@dataclass
class Tally:
    """What was counted so far; adding more than the bounds allow raises `TooMuch`.

    Attributes:
        bounds: The most that is accepted.
    """

    bounds: Bounds
    items: int = 0
    records: int = 0
    characters: int = 0
    breaks: int = 0
    numbers: int = 0

    def add_items(self, count: int) -> None:
        """Count a list, a tuple or a mapping, and what is in it."""
        self.items += 1 + count
        self._expect("items", self.bounds.items)

    def add_record(self) -> None:
        """Count an observation."""
        self.records += 1
        self._expect("records", self.bounds.records)

    def add_text(self, text: str | bytes) -> None:
        """Count a text."""
        if len(text) > self.bounds.text:
            raise TooMuch(f"a text of {len(text):,} characters")
        self.characters += len(text)
        self._expect("characters", self.bounds.characters)
        # Nearly every text is printable, and so has only one line.
        if isinstance(text, str) and not text.isprintable():
            breaks = len(text.splitlines())
            if breaks > self.bounds.lines:
                raise TooMuch(f"a text of {breaks:,} lines")
            self.breaks += breaks
            self._expect("breaks", self.bounds.breaks)

    def add_array(self, array: npt.NDArray[Any]) -> None:
        """Count an array of numbers."""
        if array.size > self.bounds.array:
            raise TooMuch(f"an array of {array.size:,} numbers")
        self.numbers += array.size
        self._expect("numbers", self.bounds.numbers)

    def add(self, other: Tally) -> None:
        """Add what another tally has counted."""
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
            self._expect(name, getattr(self.bounds, name))

    def _expect(self, name: str, most: int) -> None:
        if getattr(self, name) > most:
            raise TooMuch(f"more than {most:,} {_WORDS.get(name, name)}")


_COUNTED = ("items", "records", "characters", "breaks", "numbers")
_WORDS = {"records": "observations", "breaks": "lines"}
