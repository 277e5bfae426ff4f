"""Whether the class page groups students by what they did: on the kept mistakes.

    python benchmarks/misconceptions.py [--mark]

Every mistake of ``solutions/mistakes`` is a student of a made-up class, who is told
what is kept of it; with ``--mark``, what marking them in ``build/verify`` finds, which
takes minutes and knows what hidden checks saw. Two mistakes of one task have different
causes, so that they should be in different groups at the checks that both miss. Two
students who made the same mistake, and got other numbers, should be in one. Both are
counted.
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections import Counter
from collections.abc import Iterable, Mapping

from made_class import as_result, list_checks, list_mistakes, vary_check
from reelmark.grading.groups import TRIED, sign_message
from reelmark.manifest import Coursework, find_coursework
from reelmark.results import CheckResult
from reelmark.terminal.console import make_console
from reelmark.verification import cases
from reelmark.verification.bundles import make_bundles
from reelmark.verification.trials import Trials

Missed = dict[str, CheckResult]
"""The checks that somebody tried and missed, by id."""

Class = dict[str, dict[str, Missed]]
"""What each mistake missed of its task, by task and name."""


def main() -> None:
    """Count, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mark", action="store_true", help="mark them, for minutes")
    options = parser.parse_args()
    coursework = find_coursework()
    made = (mark_class if options.mark else make_class)(coursework)
    print(f"{sum(map(len, made.values()))} mistakes of {len(made)} tasks")
    counts, alike = count_pairs(made)
    print(f"Pairs of one task, with different causes:  {counts['pairs']}")
    tell("told apart by some check", counts["apart"], counts["pairs"])
    tell("of those that miss a check in common", counts["split"], counts["common"])
    tell("of their checks in common, in two groups", counts["two"], counts["checks"])
    for pair in alike:
        print(f"    never told apart: {pair}")
    same, both = count_same(made)
    tell("same mistake, other numbers: in one group", same, both)


def tell(what: str, count: int, of: int) -> None:
    """Print a share."""
    print(f"  {what:<44} {count} of {of} ({count / max(1, of):.1%})")


def make_class(coursework: Coursework) -> Class:
    """Return what the kept messages tell of every mistake."""
    checks = list_checks(coursework)
    made: Class = {}
    for mistake in list_mistakes(coursework):
        found = as_result(mistake, checks[mistake.task])
        made.setdefault(mistake.task, {})[mistake.name] = choose_missed(found)
    return made


def mark_class(coursework: Coursework) -> Class:
    """Return what marking finds of every mistake, in its own task."""
    bundles = make_bundles(cases.read_mistakes(coursework), coursework)
    trials = Trials(coursework, coursework.root / "build" / "verify", make_console())
    results = trials.mark_mistakes(bundles)
    made: Class = {}
    for name, bundle in bundles.items():
        tasks = {task.id: task.checks for task in results[name].tasks}
        for mistake in bundle:
            found = choose_missed(tasks[mistake.task])
            made.setdefault(mistake.task, {})[mistake.path.stem] = found
    return made


def choose_missed(checks: Iterable[CheckResult]) -> Missed:
    """Return those that were tried and missed."""
    return {check.id: check for check in checks if check.status in TRIED}


def count_pairs(made: Class) -> tuple[Counter[str], list[str]]:
    """Count pairs of mistakes, and list those that nothing tells apart."""
    counts: Counter[str] = Counter()
    alike = []
    for task, mistakes in made.items():
        for (name, one), (other_name, other) in itertools.combinations(
            mistakes.items(), 2
        ):
            common = one.keys() & other.keys()
            two = sum(sign_message(one[i]) != sign_message(other[i]) for i in common)
            counts += Counter(
                pairs=1,
                apart=two > 0 or one.keys() != other.keys(),
                common=bool(common),
                split=two > 0,
                checks=len(common),
                two=two,
            )
            if not two and one.keys() == other.keys():
                alike.append(f"{task}: {name}, {other_name}")
    return counts, alike


def count_same(made: Mapping[str, Mapping[str, Missed]]) -> tuple[int, int]:
    """Return how many checks put a mistake and itself, with other numbers, together."""
    chance = random.Random(1)
    missed = [
        check
        for mistakes in made.values()
        for checks in mistakes.values()
        for check in checks.values()
    ]
    same = [sign_message(c) == sign_message(vary_check(c, chance)) for c in missed]
    return sum(same), len(same)


if __name__ == "__main__":
    main()
