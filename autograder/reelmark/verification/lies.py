"""Lies: recorded answers with one change, as a worker could send them.

A worker may send anything that the wire carries, and even bytes that it does not. So an
answer is taken apart, one thing in it is changed (`changes`), and it is packed again.
Which things are changed, and in which order, depends on a seed.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reelmark.verification.changes import FRAME_CHANGES, PART_CHANGES, Change, Unfit
from reelmark.verification.recordings import Exchange
from reelmark.wire.codec import Record, Table, WireError, pack, unpack

Path = tuple[tuple[str, Any], ...]
"""How to get to a part: pairs of ``item``, ``key`` or ``field``, and which one."""


@dataclass(frozen=True)
class Lie:
    """One change in a recorded conversation.

    Attributes:
        label: The kind of request that is lied to.
        occurrence: Which of the requests of that kind; None for all of them.
        pattern: The place in the answer, with indices of items left out.
        change: The change that is made there.
        seed: The seed for any random choices.
    """

    label: str
    occurrence: int | None
    pattern: str
    change: Change
    seed: str

    @property
    def place(self) -> str:
        """Where it is told."""
        return f"{self.label}{self.pattern}"

    def __str__(self) -> str:
        """Return it in words."""
        nth = self.occurrence
        when = "always" if nth is None else f"time {nth + 1}"
        return f"{self.place}: {self.change.name} ({when})"

    def tell(self, answer: bytes) -> bytes:
        """Return what is sent instead of an answer.

        It is the answer itself if that has no such place.
        """
        rng = random.Random(self.seed)
        try:
            if self.change in FRAME_CHANGES:
                return bytes(self.change.make(answer, rng))
            whole = unpack(answer)
            paths = [path for path, _ in walk(whole) if describe(path) == self.pattern]
            path = rng.choice(paths)
            return pack(put(whole, path, self.change.make(get(whole, path), rng)))
        except (IndexError, Unfit, WireError):
            return answer


class Lies(Sequence[Lie]):
    """Every change in every kind of place, told once or every time.

    Args:
        exchanges: What was recorded in a check.
        seed: Decides their order, and all random choices.
    """

    def __init__(self, exchanges: Sequence[Exchange], seed: str) -> None:
        self._seed = seed
        rng = random.Random(seed)
        counts = Counter(exchange.label for exchange in exchanges)
        times = {label: _choose_times(count, rng) for label, count in counts.items()}
        places: dict[tuple[str, str], Any] = {}
        for exchange in exchanges:
            for path, part in walk(unpack(exchange.answer)):
                places.setdefault((exchange.label, describe(path)), part)
        # There are thousands: each is made only when it is told.
        self._lies = [
            (label, time, pattern, change)
            for (label, pattern), part in places.items()
            for change in PART_CHANGES
            if change.fits(part)
            for time in times[label]
        ]
        self._lies += [
            (label, time, "", change)
            for label in counts
            for change in FRAME_CHANGES
            for time in times[label]
        ]
        rng.shuffle(self._lies)

    def __len__(self) -> int:
        return len(self._lies)

    def __getitem__(self, number: Any) -> Any:
        label, time, pattern, change = self._lies[number]
        seed = f"{self._seed}/{label}{pattern}/{change.name}"
        return Lie(label, time, pattern, change, seed)


def _choose_times(count: int, rng: random.Random) -> list[int | None]:
    return [rng.randrange(count), None] if count > 1 else [0]


def walk(part: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield a part and the parts in it; only some items of long lists."""
    yield path, part
    for step, inner in _list_parts(part):
        yield from walk(inner, (*path, step))


def _list_parts(part: Any) -> Iterator[tuple[tuple[str, Any], Any]]:
    if type(part) in (list, tuple):
        places = {*range(3), *range(0, len(part), 1 + len(part) // 8), len(part) - 1}
        some = sorted(places & {*range(len(part))})
        yield from ((("item", place), part[place]) for place in some)
    elif type(part) is dict:
        yield from ((("key", key), item) for key, item in part.items())
    elif isinstance(part, Record | Table):
        yield from ((("field", name), item) for name, item in vars(part).items())


def describe(path: Path) -> str:
    """Return where a part is, with indices of items left out.

    Examples:
        >>> describe((("key", "value"), ("item", 3), ("field", "handle")))
        '.value[].handle'
    """
    return "".join("[]" if how == "item" else f".{which}" for how, which in path)


def get(whole: Any, path: Path) -> Any:
    """Return the part at a path."""
    for how, which in path:
        whole = getattr(whole, which) if how == "field" else whole[which]
    return whole


def put(whole: Any, path: Path, part: Any) -> Any:
    """Return a whole with the part at a path replaced, whether it fits or not."""
    if not path:
        return part
    (how, which), *rest = path
    inner = put(get(whole, path[:1]), tuple(rest), part)
    if how == "field":
        changed = copy.copy(whole)
        object.__setattr__(changed, which, inner)
        return changed
    if how == "key":
        return {**whole, which: inner}
    items = [*whole]
    items[which] = inner
    return type(whole)(items)
