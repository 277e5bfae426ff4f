"""Shards: the parts of a class that several machines mark, each on its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from reelmark.errors import UsageError
from reelmark.intake.submissions import Upload


@dataclass(frozen=True)
class Shard:
    """One of the parts that a class is divided into.

    Attributes:
        number: Which part, from 1.
        count: How many parts there are.
    """

    number: int
    count: int

    def select(self, uploads: Sequence[Upload]) -> list[Upload]:
        """Return the submissions of this part, in their order.

        Each submission is in exactly one part; sizes differ by at most one. Which part
        depends only on students' names, not on who marks it.
        """
        ordered = sorted(uploads, key=_shuffled)
        first = (self.number - 1) * len(ordered) // self.count
        last = self.number * len(ordered) // self.count
        own = {upload.stem for upload in ordered[first:last]}
        return [upload for upload in uploads if upload.stem in own]

    def __str__(self) -> str:
        return f"{self.number}-of-{self.count}"


def read_shard(text: str) -> Shard:
    """Read ``K/N``.

    Raises:
        UsageError: It does not have this form, or there is no such part.
    """
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip(), re.ASCII)
    if found:
        shard = Shard(*map(int, found.groups()))
        if 1 <= shard.number <= shard.count:
            return shard
    raise UsageError(
        f"--shard {text!r} names no part of a class. Expected K/N, the K-th of N parts "
        "from 1: --shard 2/8."
    )


def _shuffled(upload: Upload) -> tuple[bytes, str]:
    """Spread neighbours in the list, whose work may be alike, over the parts."""
    return hashlib.sha256(upload.student.encode()).digest(), upload.student
