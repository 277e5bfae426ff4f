"""The rule table: each rule with its checks and its mistakes, and what is wanting."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from reelmark.files import write_whole
from reelmark.manifest import Coursework
from reelmark.results import Status
from reelmark.states import STATES
from reelmark.verification import rules
from reelmark.verification.proofs import Proof, Proofs, count, find_proofs
from reelmark.verification.rules import Rulebook

FILE = "rules.csv"
"""The table that is written beside the kill matrix."""


def tell(console: Console, coursework: Coursework, out: Path) -> bool:
    """Print the rules of a coursework and what proves each; write them as a table.

    Nothing is marked: what was kept of the mistakes says which checks caught them.

    Returns:
        Whether every rule stands in docstring or brief, has checks and mistakes, a
        subtle one among them, and whether checks and mistakes are about the rules
        that they name. A coursework that states no rules has none to hold.

    Raises:
        UsageError: A rule, a check or a mistake is not declared as it should be.
    """
    book = rules.read_rules(coursework)
    if book is None:
        return True
    proofs = find_proofs(coursework, book)
    drift = rules.find_drift(coursework, book)
    _print_table(console, coursework, proofs)
    _print_unchecked(console, book)
    write_whole(out / FILE, proofs.to_csv())
    console.print(f"The same as a table: {out / FILE}\n", soft_wrap=True)
    _print_verdict(console, proofs, drift)
    return proofs.holds and not drift


def _print_table(console: Console, coursework: Coursework, proofs: Proofs) -> None:
    heading = f"{'':30}{'public':>8}{'hidden':>8}{'mistakes':>10}{'subtle':>8}"
    console.print(heading, style="dim")
    for task, group in itertools.groupby(proofs.proofs, lambda one: one.rule.task):
        console.print(f"{task}  {coursework.task(task).function}", style="bold")
        for proof in group:
            console.print(_line(proof), soft_wrap=True)


def _line(proof: Proof) -> Text:
    public, hidden, mistakes, subtle = count(proof)
    line = Text(f"  {proof.rule.id:<28}{public:>8}{hidden:>8}{mistakes:>10}{subtle:>8}")
    if not (public and mistakes and subtle):
        line.append("  WANTING", "bold red")
    return line


def _print_unchecked(console: Console, book: Rulebook) -> None:
    for rule in book.unchecked:
        console.print(f"  {rule.name} is not checked: {rule.because}", style="dim")


def _print_verdict(console: Console, proofs: Proofs, drift: Sequence[str]) -> None:
    holds = proofs.holds and not drift
    sign = STATES[Status.PASSED if holds else Status.FAILED]
    sentence = (
        f"Rules      {len(proofs.proofs)} rules, {proofs.num_checks} checks that are "
        f"about them, {len(proofs.trials)} mistakes that break them."
    )
    console.print(
        Text.assemble((sign.sign, sign.colour), " ", sentence), soft_wrap=True
    )
    _list(console, "rules without a public check", proofs.without_check)
    _list(console, "rules without a mistake", proofs.without_mistake)
    _list(console, "rules without a subtle mistake", proofs.without_subtle)
    _list(console, "checks that catch no mistake of their rule", proofs.unmoved)
    _list(console, "mistakes that no check of their rule catches", proofs.astray)
    _list(console, "rules and texts that do not agree", drift)
    _list(console, "mistakes that break several rules", proofs.several)


def _list(console: Console, title: str, names: Sequence[str]) -> None:
    console.print(f"  {len(names):>4}  {title}", soft_wrap=True)
    for name in names:
        console.print(f"        {name}", style="dim", soft_wrap=True)
