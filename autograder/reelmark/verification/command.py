"""The command ``reelmark verify``: are the checks right about right and wrong work?"""

from __future__ import annotations

import itertools
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from reelmark.errors import UsageError
from reelmark.files import write_whole
from reelmark.manifest import Coursework
from reelmark.results import Result, Status
from reelmark.states import STATES
from reelmark.terminal.console import make_console
from reelmark.verification import cases, golden, mutants
from reelmark.verification.bundles import make_bundles
from reelmark.verification.cases import Style
from reelmark.verification.fuzzing import Fuzzer
from reelmark.verification.matrix import Matrix, Verdict
from reelmark.verification.trials import (
    MutationScore,
    Trials,
    judge_mistakes,
    score_mutants,
)

LEAST_SCORE = 0.95
"""The part of the mutants that are wrong that must be caught."""


def verify(
    coursework: Coursework, out: Path, *, is_updating: bool, has_mutants: bool
) -> bool:
    """Mark all cases and print what that says of the checks.

    Args:
        coursework: The coursework whose checks are tested.
        out: Where submissions, results and the kill matrix are written.
        is_updating: Whether the messages that are kept are written anew.
        has_mutants: Whether the reference is mutated too.

    Returns:
        Whether the checks are right about everything.

    Raises:
        UsageError: A case does not declare what it is.
    """
    console = make_console()
    trials = Trials(coursework, out, console)
    styles = cases.read_styles(coursework)
    accepted = trials.mark_accepted(styles)
    mistakes = cases.read_mistakes(coursework)
    bundles = make_bundles(mistakes, coursework)
    results = trials.mark_mistakes(bundles)
    verdicts = judge_mistakes(bundles, results)
    needy = [one for one in mistakes if coursework.task(one.task).needs]
    others = make_bundles(needy, coursework)
    replaced = judge_mistakes(others, trials.mark_replaced(others))
    score = _score(trials, None) if has_mutants else None
    table = Matrix(tuple(verdicts), score.killed if score else {})
    write_whole(out / "kill-matrix.csv", table.to_csv())
    _print_matrix(console, coursework, verdicts)
    console.print(f"The same as a table: {out / 'kill-matrix.csv'}\n", soft_wrap=True)
    holds = [
        _tell_accepted(console, styles, accepted),
        _tell_mistakes(console, table),
        _tell_replaced(console, replaced),
        _tell_messages(console, verdicts, is_updating),
    ]
    _tell_checks(console, table)
    if score:
        holds.append(_tell_mutants(console, score))
    return all(holds)


def fuzz(coursework: Coursework, out: Path, *, minutes: float, seed: int) -> bool:
    """Lie to the checks for a time and print how they took it.

    Args:
        coursework: The coursework whose checks are tested.
        out: Where recordings and verdicts are kept.
        minutes: How long.
        seed: Decides which lies are told, in which order.

    Returns:
        Whether every check ended in a way that its author foresaw.
    """
    console = Console(highlight=False)
    fuzzer = Fuzzer(coursework, out, seed, console)
    fuzzer.run(seconds=60 * minutes)
    return tell_fuzzed(console, fuzzer)


def tell_fuzzed(console: Console, fuzzer: Fuzzer) -> bool:
    """Print what lying to the checks has shown; return whether they are all sound."""
    known, broken = fuzzer.tried, fuzzer.broken()
    number, of = (sum(getattr(t, n) for t in known.values()) for n in ("number", "of"))
    ends: Counter[str] = Counter()
    for tried in known.values():
        ends.update(tried.ends)
    told = f"Seed {fuzzer.seed}: {number:,} of {of:,} lies were told"
    console.print(f"{told} to {len(known)} checks, which ended so:")
    for end, count in ends.most_common():
        console.print(f"  {count:>9,}  {end}")
    count = sum(one.count for one in broken)
    sentence = f"Unforeseen {count} ends, {len(broken)} of them different."
    _say(console, not broken, sentence)
    for one in broken:
        console.print(f"  {one.check}\n    {one.lies[0]}", markup=False)
        console.print(textwrap.indent(one.end, "    "), markup=False, style="dim")
    faulty = {check: tried.fault for check, tried in known.items() if tried.fault}
    _say(console, not faulty, f"Lied to    {len(known) - len(faulty)} checks.")
    for check, fault in faulty.items():
        console.print(f"  {check}: {fault}", markup=False)
    console.print(
        f"  Unnoticed  {len(fuzzer.unnoticed())} wrong values passed where others did "
        "not. Judge them one by one:"
    )
    for table in fuzzer.write_tables():
        console.print(f"    {table}", markup=False, soft_wrap=True)
    return not (broken or faulty)


def verify_styles(coursework: Coursework, out: Path, names: Sequence[str]) -> bool:
    """Mutate accepted styles and print what that says of the checks.

    Args:
        coursework: The coursework whose checks are tested.
        out: Where mutants and results are written.
        names: The styles.

    Returns:
        Whether the mutants of each are caught.

    Raises:
        UsageError: A style has another name.
    """
    console = make_console()
    trials = Trials(coursework, out, console)
    scores = {style.name: _score(trials, style) for style in _find(coursework, names)}
    told = []
    for name, score in scores.items():
        console.print(name, style="bold")
        told.append(_tell_mutants(console, score))
    return all(told)


def _find(coursework: Coursework, names: Sequence[str]) -> list[Style]:
    """Return the styles of some names."""
    styles = {style.name: style for style in cases.read_styles(coursework)}
    if wrong := [name for name in names if name not in styles]:
        known = ", ".join(styles)
        raise UsageError(f"There is no style {wrong[0]!r}. Choose from: {known}.")
    return [styles[name] for name in names]


def _score(trials: Trials, style: Style | None) -> MutationScore:
    """Mark the mutants of the reference, or of a style."""
    made = mutants.make_mutants(trials.coursework, style)
    name = style.name if style else ""
    known = mutants.read_equivalences(trials.coursework)
    reasons = [reason for reason in known if reason.style == name]
    kind = f"mutants-of-{name}" if name else "mutants"
    return score_mutants(made, trials.mark_mutants(made, kind), reasons)


def _print_matrix(
    console: Console, coursework: Coursework, verdicts: Sequence[Verdict]
) -> None:
    """Print a line a mistake, a sign a check: public ones, then hidden ones."""
    for task, group in itertools.groupby(verdicts, lambda one: one.mistake.task):
        console.print(f"{task}  {coursework.task(task).function}", style="bold")
        for verdict in group:
            console.print(_matrix_line(verdict), soft_wrap=True)
    console.print(
        "✗ caught, ⊘ not reached, · passed; public checks, then hidden ones.",
        style="dim",
    )


def _matrix_line(verdict: Verdict) -> Text:
    line = Text(f"  {verdict.mistake.path.stem[:44]:<46}")
    was_hidden = False
    for check in verdict.checks:
        if check.hidden and not was_hidden:
            line.append(" ")
        was_hidden = check.hidden
        is_passed = check.status is Status.PASSED
        state = STATES[check.status]
        line.append(
            "·" if is_passed else state.sign, "dim" if is_passed else state.colour
        )
    if not verdict.is_right:
        line.append("  WRONG", "bold red")
    return line


def _tell_accepted(
    console: Console, styles: Sequence[Style], results: Mapping[str, Result]
) -> bool:
    full = [one for one in results.values() if one.total == one.max]
    num_functions = sum(len(style.tasks) for style in styles)
    _say(
        console,
        len(full) == len(results),
        f"Accepted   {len(full)} of {len(results)} right submissions have full marks; "
        f"they write {num_functions} functions another way than the reference.",
    )
    for result in results.values():
        for task in result.tasks:
            for check in task.checks:
                if check.status is not Status.PASSED:
                    console.print(f"\n{result.student}: {check.message}")
    return len(full) == len(results) > 0


def _tell_mistakes(console: Console, table: Matrix) -> bool:
    right = sum(one.is_right for one in table.verdicts)
    _say(
        console,
        right == len(table.verdicts),
        f"Mistakes   {right} of {len(table.verdicts)} cost marks in their own task and "
        "in no other.",
    )
    for one in table.verdicts:
        if not one.is_right:
            states = sorted({str(check.status) for check in one.checks})
            console.print(
                f"  {one.mistake.name} ({one.mistake.task}): {', '.join(states)}; "
                f"marks lost elsewhere: {', '.join(one.lost) or 'none'}"
            )
    return right == len(table.verdicts)


def _tell_replaced(console: Console, verdicts: Sequence[Verdict]) -> bool:
    caught = sum(bool(one.catching) for one in verdicts)
    _say(
        console,
        caught == len(verdicts),
        f"Stand-ins  {caught} of {len(verdicts)} mistakes in tasks that need others "
        "are caught with stand-ins for those, too.",
    )
    for one in verdicts:
        if not one.catching:
            console.print(f"  {one.mistake.name}")
    return caught == len(verdicts)


def _tell_messages(
    console: Console, verdicts: Sequence[Verdict], is_updating: bool
) -> bool:
    told = {one.mistake: golden.collect(one.checks) for one in verdicts}
    if is_updating:
        written = golden.update(told)
        console.print(
            f"Messages   {len(written)} written. Read them before you commit."
        )
        return True
    other = [case for case, text in told.items() if not golden.is_expected(case, text)]
    _say(
        console,
        not other,
        f"Messages   {len(told) - len(other)} of {len(told)} mistakes are told what is "
        "kept of them.",
    )
    for case in other:
        console.print(f"  {case.name}: says now\n{told[case]}")
    return not other


def _tell_checks(console: Console, table: Matrix) -> None:
    """Tell which checks and which mistakes deserve another look."""
    busy = len(table.checks) - len(table.idle)
    console.print(
        f"  Checks     {busy} of {len(table.checks)} caught something; "
        f"{len(table.idle)} never decided anything."
    )
    for check in table.idle:
        console.print(f"    {check}", style="dim")
    console.print(
        f"  Fragile    {len(table.fragile)} mistakes are caught by one check alone "
        "(a single ✗ above)."
    )


def _tell_mutants(console: Console, score: MutationScore) -> bool:
    total = len(score.killed) + len(score.survivors)
    holds = score.value >= LEAST_SCORE and not (score.faulty or score.stale)
    _say(
        console,
        holds,
        f"Mutants    {len(score.killed)} of {total} caught: {score.value:.1%}; "
        f"{len(score.equivalent)} more are no mistakes, for reasons given in "
        f"{mutants.EQUIVALENT}.",
    )
    for each in score.survivors:
        console.print(
            f"  {each.name}, line {each.line}\n    - {each.before}\n    + {each.after}",
        )
    for each in score.faulty:
        console.print(
            f"  {each.name} made a check fail as the kit's fault: {each.after}"
        )
    for reason in score.stale:
        console.print(f"  A reason speaks of no survivor: {reason.before}")
    return holds


def _say(console: Console, holds: bool, sentence: str) -> None:
    sign = STATES[Status.PASSED if holds else Status.FAILED]
    console.print(
        Text.assemble((sign.sign, sign.colour), " ", sentence), soft_wrap=True
    )
