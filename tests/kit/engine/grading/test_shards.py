"""Shards: each submission is marked by one machine, whichever it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelmark.errors import UsageError
from reelmark.grading.shards import Shard, read_shard
from reelmark.intake.submissions import Upload

CLASS = [Upload(f"student {n:03}", Path(f"{n}")) for n in range(103)]


@pytest.mark.parametrize("count", [1, 2, 7, 103, 200])
def test_every_submission_is_in_one_part(count: int) -> None:
    """Nobody is marked twice, and nobody is forgotten."""
    parts = [Shard(number, count).select(CLASS) for number in range(1, count + 1)]
    students = [upload.student for part in parts for upload in part]
    assert sorted(students) == [upload.student for upload in CLASS]


@pytest.mark.parametrize("count", [2, 7, 200])
def test_parts_are_of_one_size(count: int) -> None:
    """No machine has more than one submission more than another."""
    sizes = {len(Shard(n, count).select(CLASS)) for n in range(1, count + 1)}
    assert max(sizes) - min(sizes) <= 1


def test_part_does_not_depend_on_the_order_of_a_folder() -> None:
    """Machines may list a folder in different orders."""
    shard = Shard(2, 5)
    assert shard.select(CLASS) == shard.select(CLASS[::-1])[::-1]


def test_late_submission_moves_few_others() -> None:
    """A latecomer goes to one part; few others change theirs."""
    late = [*CLASS, Upload("zoe", Path("zoe"))]
    moved = 0
    for number in range(1, 6):
        shard = Shard(number, 5)
        moved += len(set(shard.select(late)) - set(shard.select(CLASS)))
    assert moved <= 5


@pytest.mark.parametrize("text", ["1/2", " 8/8 ", "1/1"])
def test_parts_are_counted_from_one(text: str) -> None:
    """The K-th of N parts is written K/N."""
    assert str(read_shard(text)).replace("-of-", "/") == text.strip()


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1/0", "1", "a/b", "-1/2", "1/2/3"])
def test_what_is_no_part_is_told_in_words(text: str) -> None:
    """The sentence says what was expected."""
    with pytest.raises(UsageError, match="--shard 2/8"):
        read_shard(text)
