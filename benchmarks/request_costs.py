"""Where a submission's processor time goes, request by request.

    python benchmarks/request_costs.py [--top 20]

marks the reference twice in one process, without any of the kit's safety, and tells
of the second time what a worker was asked, how often, and the seconds of processor
time that it took: calls of the student's functions and of ingredients, questions about
what came back, and observing (by the class of what is observed). The rest is the
judge's: collecting, pytest, Hypothesis, comparing.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from in_process import mark_here
from machine import describe_machine
from reelmark.manifest import Coursework, find_coursework
from reelmark.wire.codec import unpack
from reelmark.worker import runner
from reelmark.worker.observe import observe

LIBRARIES = ("tensorflow", "keras", "matplotlib", "pytest", "hypothesis")


@dataclass
class Costs:
    """What requests took.

    Attributes:
        seconds: Processor time by kind of request, in seconds.
        times: How many there were of each kind.
        whole: Processor time of all of marking, in seconds.
    """

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    times: Counter[str] = field(default_factory=Counter)
    whole: float = 0.0

    @property
    def counted(self) -> float:
        """Processor time of all that was counted, in seconds."""
        return sum(self.seconds.values())

    @contextmanager
    def count(self, kind: str) -> Iterator[None]:
        """Count what happens as one request; what is counted within it is not its."""
        before, started = self.counted, time.process_time()
        try:
            yield
        finally:
            within = self.counted - before
            self.seconds[kind] += time.process_time() - started - within
            self.times[kind] += 1


def main() -> None:
    """Mark, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--top", type=int, default=20, help="rows (default 20)")
    options = parser.parse_args()
    print(describe_machine(LIBRARIES))
    print(format_table(find_costs(find_coursework()), options.top))


def find_costs(coursework: Coursework) -> Costs:
    """Return what the requests of marking the reference take, once all is imported."""
    mark_here(coursework, coursework.solutions)
    costs = Costs()
    with _counting(costs):
        started = time.process_time()
        mark_here(coursework, coursework.solutions)
        costs.whole = time.process_time() - started
    return costs


@contextmanager
def _counting(costs: Costs) -> Iterator[None]:
    answer = runner.Worker.answer

    def counted_answer(worker: runner.Worker, frame: bytes) -> bytes:
        with costs.count(_name(unpack(frame))):
            return answer(worker, frame)

    def counted_observe(value: Any, *rest: Any) -> Any:
        with costs.count(f"observing: {type(value).__name__}"):
            return observe(value, *rest)

    with (
        patch.object(runner.Worker, "answer", counted_answer),
        patch.object(runner, "observe", counted_observe),
    ):
        yield


def _name(request: dict[str, Any]) -> str:
    match request["do"]:
        case "call":
            return f"call: {request['module']}.{request['function']}()"
        case "ask":
            return f"question: {request['question']}"
        case other:
            return str(other)


def format_table(costs: Costs, top: int) -> str:
    """Lay the dearest requests out as a table, with their share of the whole."""
    dearest = sorted(costs.seconds.items(), key=lambda cost: -cost[1])[:top]
    rows = [(kind, costs.times[kind], seconds) for kind, seconds in dearest]
    left = costs.counted - sum(seconds for _, seconds in dearest)
    num_left = costs.times.total() - sum(times for _, times, _ in rows)
    rows.append(("all other requests", num_left, left))
    rows.append(("the judge", 1, costs.whole - costs.counted))
    lines = [
        f"| {kind} | {times} | {seconds:.2f} | {seconds / costs.whole:.0%} |"
        for kind, times, seconds in rows
    ]
    head = ["| | times | seconds | share |", "|---|--:|--:|--:|"]
    total = f"| **together** | | {costs.whole:.2f} | 100% |"
    return "\n".join([*head, *lines, total])


if __name__ == "__main__":
    main()
