"""Pages: the feedback one student reads, and the class an instructor sees.

Each page is one HTML file that needs nothing else: no network, no script to be
read, no colour to be understood. Everything a student controls (names, notes,
messages) is hostile text; jinja2 escapes it, and a content security policy
keeps a browser from running what might slip through.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reelmark.files import write_whole
from reelmark.grading import plots
from reelmark.grading.decisions import list_met
from reelmark.intake.submissions import file_stem
from reelmark.manifest import Coursework, Task
from reelmark.results import CheckResult, Result, Status, TaskResult
from reelmark.states import STATES
from reelmark.text import show_controls

TEMPLATES = Path(__file__).parent / "templates"

# The student's own output may hold such a line too; the author's comes last.
_NEXT = re.compile(r"^ +Next +(\S.*(?:\n {8,}\S.*)*)", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One thing to do next: begin a task, or mend ``check`` of it."""

    task: TaskResult
    spec: Task | None
    check: CheckResult | None


def write_feedback(result: Result, coursework: Coursework, path: Path) -> None:
    """Write the page that the author of one submission reads.

    Args:
        result: What marking the submission found.
        coursework: Names the functions and modules of tasks not begun.
        path: The HTML file to write.
    """
    steps = plan_steps(result, coursework)
    page = make_environment().get_template("feedback.html.jinja")
    html = page.render(
        result=result,
        coursework=coursework,
        specs={task.id: task for task in coursework.tasks},
        checks=[check for task in result.tasks for check in task.checks],
        steps=steps[:5],
        num_more=len(steps[5:]),
    )
    write_whole(path, html)


def write_class_page(
    results: Sequence[Result], coursework: Coursework, path: Path
) -> None:
    """Write the page on which an instructor sees the whole class.

    Args:
        results: What marking each submission found, in any order.
        coursework: Gives the tasks their order.
        path: The HTML file to write. The page links to ``feedback/`` and
            ``results/`` beside it.
    """
    results = sorted(results, key=lambda result: _sort_name(result.student))
    script = (TEMPLATES / "sort.js").read_text(encoding="utf-8")
    page = make_environment().get_template("class.html.jinja")
    html = page.render(
        coursework=coursework,
        script=Markup(script),  # the kit's own file, not a student's words
        script_hash=_hash_script(script),
        **_summarise_class(results, coursework),
    )
    write_whole(path, html)


def plan_steps(result: Result, coursework: Coursework) -> list[Step]:
    """Order what is left to do, the cheapest thing first.

    Work that exists is mended before work is begun: first the task with the
    fewest minutes left (those of its manifest entry, by the share of checks
    that do not pass). Tasks not begun follow in the coursework's order.
    """
    specs = {task.id: task for task in coursework.tasks}
    steps = [
        Step(task, specs.get(task.id), _first_missed(task)) for task in result.tasks
    ]
    mend = [step for step in steps if step.check]
    begin = [step for step in steps if not step.check and _is_waiting(step.task)]
    return sorted(mend, key=_estimate_minutes) + begin


def find_advice(check: CheckResult) -> str:
    """Return what to do next: the message's own words, else its state's."""
    found = _NEXT.findall(check.message)
    return " ".join(found[-1].split()) if found else STATES[check.status].advice


def link_student(student: str, folder: str, suffix: str) -> str:
    """Return the address of a student's file, from the class page.

    Examples:
        >>> link_student("Zoë #1", "feedback", ".html")
        'feedback/Zo%C3%AB%20%231.html'
    """
    return f"{folder}/{quote(file_stem(student) + suffix, safe='')}"


def format_marks(marks: float) -> str:
    """Return marks as a reader writes them: ``7.5``, and ``3`` for ``3.0``."""
    return f"{round(marks, 2):.2f}".rstrip("0").rstrip(".")


def tell_earned(counted: TaskResult | CheckResult) -> str:
    """Return marks earned of those there are, and how many nobody has decided on.

    Examples:
        >>> from reelmark.results import summarise_task
        >>> tell_earned(summarise_task("1a", "Weigh", []))
        '0 of 0'
    """
    earned = f"{format_marks(counted.marks)} of {format_marks(counted.max)}"
    return earned + (f", {format_marks(counted.open)} open" if counted.open else "")


def count_passed(checks: Iterable[CheckResult], *, hidden: bool) -> str:
    """Return such as ``"41 of 44"``, of the hidden or of the public checks."""
    counted = [
        check.status == Status.PASSED for check in checks if check.hidden is hidden
    ]
    return f"{sum(counted)} of {len(counted)}"


def _first_missed(task: TaskResult) -> CheckResult | None:
    # A public check comes first: its inputs are there to be looked at.
    missed = [check for check in task.checks if check.status in plots.TRIED]
    return min(missed, key=lambda check: check.hidden, default=None)


def _is_waiting(task: TaskResult) -> bool:
    return any(check.status == Status.NOT_STARTED for check in task.checks)


def _estimate_minutes(step: Step) -> float:
    left = sum(check.status != Status.PASSED for check in step.task.checks)
    minutes = step.spec.minutes if step.spec else 1
    return minutes * left / len(step.task.checks)


def _summarise_class(
    results: Sequence[Result], coursework: Coursework
) -> dict[str, object]:
    figures = plots.describe_totals(results)
    faults = plots.group_faults(results)
    totals = [result.total for result in results]
    most = max((result.max for result in results), default=coursework.max_marks)
    return {
        "results": results,
        "most": most,
        "figures": figures,
        "passes": plots.count_passes(results),
        "histogram": plots.plan_histogram(totals, most, figures["median"]),
        "states": Counter(result.status for result in results),
        "task_shares": [plots.share_task(task, results) for task in coursework.tasks],
        "missed": plots.rank_missed(results),
        "open": list_met(results, Status.NEEDS_A_LOOK),
        "decided": list_met(results, Status.DECIDED),
        "faults": faults,
        "faulty": sorted({s for fault in faults for s in fault.students}),
        "rows": [(result, _list_cells(result, coursework)) for result in results],
    }


def _list_cells(result: Result, coursework: Coursework) -> list[tuple[str, str]]:
    """Return the letter and the marks of each task, in the coursework's order."""
    found = {
        task.id: (STATES[task.status].letter, format_marks(task.marks))
        for task in result.tasks
    }
    missing = (STATES[Status.NOT_CHECKED].letter, "0")
    return [found.get(task.id, missing) for task in coursework.tasks]


def _sort_name(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _hash_script(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _text(text: str) -> str:
    return show_controls(text, keep="\n\t")


def _clip(text: str, length: int = 300) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


@cache
def make_environment(*folders: Path) -> Environment:
    """Return what fills in templates: the pages' own, and those of other folders."""
    environment = Environment(
        loader=FileSystemLoader((*folders, TEMPLATES)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "advice": find_advice,
        "clip": _clip,
        "earned": tell_earned,
        "link": link_student,
        "marks": format_marks,
        "name": show_controls,
        "passed": count_passed,
        "text": _text,
    }
    environment.tests["pointing"] = _NEXT.search
    environment.globals |= {
        "HEIGHT": plots.HEIGHT,
        "STATES": STATES,
        "Status": Status,
        "WAITING": plots.WAITING,
        "WIDTH": plots.WIDTH,
    }
    return environment
