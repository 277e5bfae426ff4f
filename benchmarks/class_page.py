"""The class page of a large class in a browser: its size, and how long it takes.

    python benchmarks/class_page.py [--students 1000] [--repeat 5] [--to DIR]

A made-up class (`made_class`) is written as `reelmark grade` writes it: with students
whose marks are open, decided or set by hand. A headless Chromium opens the page;
actions are timed from the first event until the page is painted. The processor time of
the page's thread is counted, too, which does not depend on how busy the machine is.
With ``--to``, screenshots are kept there: on a desktop, on a phone, in dark colours and
on paper.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from browser import Browser, open_browser
from machine import describe_machine
from made_class import make_class
from reelmark.grading.publishing import open_publisher
from reelmark.manifest import Coursework, find_coursework
from reelmark.results import (
    CheckResult,
    Result,
    Status,
    summarise_task,
    total_up,
    write_result,
)
from reelmark.rulings.adjustments import HEADER, NAME

ACTS = {
    "find a student": "type('student', 'lovelace 10')",
    "filter by state": "choose('state', 'failed')",
    "filter by task": "choose('task', document.querySelector("
    "'[data-control=task]').options[5].value)",
    "sort by name": "press('.sortable thead th:nth-child(1) button')",
    "sort by total": "press('.sortable thead th:nth-child(2) button')",
    "show a group": "press('[data-members]')",
    "find a check": "type('check', 'pool')",
    "sort checks": "choose('order', 'gap')",
    "show all students": "press('#rest button')",
}
HELPERS = """
const control = (name) => document.querySelector(`[data-control="${name}"]`);
const choose = (name, value) => {
  control(name).value = value;
  control(name).dispatchEvent(new Event("input", { bubbles: true }));
};
const type = choose;
const press = (selector) => document.querySelector(selector).click();
"""
SEEN = {"desktop": (1280, 900), "phone": (390, 844), "paper": (794, 1123)}
"""The size of a sheet of A4 in CSS pixels."""

EVERY = {"open": 60, "decided": 45, "adjusted": 80}
"""One in how many students has a check that needs a look, and so on."""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--to", type=Path, help="a folder for pictures and a PDF")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = write_page(Path(folder), options.students)
        print(describe_machine(("jinja2",)))
        print(f"{options.students} students, {page.stat().st_size / 1e6:.2f} MB")
        with open_browser() as browser:
            browser.resize(*SEEN["desktop"])
            browser.open(page)
            for act, script in {"open": "", **ACTS}.items():
                taken = [take(browser, page, script) for _ in range(options.repeat)]
                seconds, work = map(statistics.median, zip(*taken, strict=True))
                print(f"{act:<20} {seconds:6.3f} s, {work:.3f} s of a processor")
            if options.to:
                look(browser, page, options.to)


def write_page(out: Path, number: int) -> Path:
    """Write a class as `reelmark grade` does; return its page."""
    coursework = find_coursework()
    results = list(spoil(make_class(coursework, number)))
    for place, result in enumerate(results[:: max(1, number // 50)]):
        write_result(result, out / "results" / f"{place}.json")
    rows = [
        f'"{result.student}",{result.tasks[-1].id},1,Seen in the lab.,Dr Lee\n'
        for result in results[:: EVERY["adjusted"]]
    ]
    (out / NAME).write_text(HEADER + "".join(rows), encoding="utf-8")
    decided = f"check,end,marks,because\n{find_fault(results, 'KeyError')}"
    (out / "decisions.csv").write_text(decided, encoding="utf-8")
    publish(coursework, out, results)
    return out / "index.html"


def publish(coursework: Coursework, out: Path, results: Sequence[Result]) -> None:
    """Write the class page, with the marks that count."""
    students = [result.student for result in results]
    publisher = open_publisher(coursework, out, students)
    publisher.publish_class([publisher.rulings.apply(found) for found in results])


def spoil(results: Sequence[Result]) -> Iterator[Result]:
    """Yield a class in which some students' answers broke a check."""
    for number, result in enumerate(results):
        if number % EVERY["open"] == 1:
            yield break_check(result, 3, "TypeError")
        elif number % EVERY["decided"] == 2:
            yield break_check(result, 5, "KeyError")
        else:
            yield result


def break_check(result: Result, place: int, end: str) -> Result:
    """Return a result in which the first check of a task needs a look."""
    task = result.tasks[place]
    first, *others = task.checks
    checks: list[CheckResult] = [
        replace(
            first,
            status=Status.NEEDS_A_LOOK,
            marks=0.0,
            fault=f"{first.id}: {end}",
            detail=f"{end}: what the check met",
        ),
        *others,
    ]
    tasks = list(result.tasks)
    tasks[place] = summarise_task(task.id, task.title, checks)
    return total_up(result, tasks)


def find_fault(results: Sequence[Result], end: str) -> str:
    """Return the row that decides the fault with this end."""
    checks = itertools.chain.from_iterable(t.checks for r in results for t in r.tasks)
    check = next(check for check in checks if check.fault.endswith(f": {end}"))
    return f"{check.id},{end},full,The answer is right.\n"


def take(browser: Browser, page: Path, script: str) -> tuple[float, float]:
    """Open the page and perform an action; return wall seconds and processor seconds.

    They are those of the action or, without one, of opening.
    """
    before, seconds = 0.0, browser.open(page)  # work is counted from here on
    if script:
        before = browser.count_work()
        seconds = browser.time(f"{HELPERS}{script}")
    return seconds, browser.count_work() - before


def look(browser: Browser, page: Path, to: Path) -> None:
    """Take screenshots of the page as people see it."""
    to.mkdir(parents=True, exist_ok=True)
    sections = ("", "checks", "adjusted", "students")
    for device, scheme in itertools.product(SEEN, ("light", "dark")):
        browser.resize(*SEEN[device], is_mobile=device == "phone")
        medium = "print" if device == "paper" else ""
        browser.show_as(medium=medium, scheme=scheme)
        browser.open(page)
        for section in sections:
            at = f"document.getElementById('{section}')?.scrollIntoView()"
            browser.run(at if section else "scrollTo(0, 0)")
            browser.photograph(to / f"{device}-{scheme}-{section or 'top'}.png")
    browser.show_as()
    sheets = browser.print_to(to / "paper.pdf")
    print(f"On paper: {sheets} sheets. Pictures: {to}")


if __name__ == "__main__":
    main()
