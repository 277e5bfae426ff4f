"""How a check sees an object, without a worker in between."""

from __future__ import annotations

from typing import Any

from reelmark.checks.observations import build_observation
from reelmark.wire.codec import Record, pack, unpack
from reelmark.wire.tables import table_of
from reelmark.worker.observe import observe
from reelmark.worker.runner import QUESTIONS


def see(value: Any) -> Any:
    """Observe a value as a check does: through the codec, and able to ask."""
    objects: list[Any] = []

    def keep(kept: Any) -> int:
        objects.append(kept)
        return len(objects) - 1

    def ask(handle: int, question: str, args: tuple[Any, ...], _kind: Any) -> Any:
        sent = unpack(pack(list(args)))
        return see(QUESTIONS[question](objects[handle], *sent))

    def build(part: Any) -> Any:
        is_record = isinstance(part, Record)
        return build_observation(part, ask) if is_record else table_of(part)

    return unpack(pack(observe(value, keep)), build)
