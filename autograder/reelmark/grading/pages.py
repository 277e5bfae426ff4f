"""Pages: the feedback that one student reads, and the class that an instructor sees.

Each page is one HTML file that can be read without anything else, even without
network, scripts or colours. Everything a student controls (names, notes, messages) is
hostile text; jinja2 escapes it, and a content security policy keeps a browser from
running what might slip through.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reelmark.files import write_whole
from reelmark.grading import plots
from reelmark.grading.groups import TRIED, describe_finding
from reelmark.grading.items import FEW, WAITING, analyse
from reelmark.intake.submissions import file_stem
from reelmark.manifest import Coursework, Task
from reelmark.results import (
    CheckResult,
    Result,
    Status,
    TaskResult,
    for_student,
    list_parts,
)
from reelmark.rulings.decisions import list_met
from reelmark.states import STATES, describe_submission
from reelmark.text import show_controls

MOST_GROUPS = 8
"""How many groups of a check are shown; the others are folded."""

MOST_LOSSES = 50
"""How many lost marks are listed in print: at most three sheets with all the rest."""

TEMPLATES = Path(__file__).parent / "templates"

# The student's own output may contain such a line too; the author's is the last.
_NEXT = re.compile(r"^ +Next +(\S.*(?:\n {8,}\S.*)*)", re.MULTILINE)


Adjusted = tuple[str, TaskResult | CheckResult, str]

_HEAD = 2_000
"""How many bytes at a page's start hold its digest."""


@dataclass(frozen=True)
class Loss:
    """What lost marks, in one line: one check, or all checks of a task in one state."""

    task_id: str
    title: str
    reason: str
    marks: float


@dataclass(frozen=True)
class Step:
    """One thing to do next: begin a task, or fix its ``check``."""

    task: TaskResult
    spec: Task | None
    check: CheckResult | None


def write_feedback(result: Result, coursework: Coursework, path: Path) -> None:
    """Write the page that the author of one submission reads.

    What is only for instructors is removed before it is written.

    Args:
        result: The result of the submission.
        coursework: Names the functions and modules of tasks that are not started.
        path: The HTML file to write.
    """
    result = for_student(result)
    steps, losses = plan_steps(result, coursework), list_losses(result)
    page = environment().get_template("feedback.html.jinja")
    html = page.render(
        result=result,
        coursework=coursework,
        specs={task.id: task for task in coursework.tasks},
        checks=[check for task in result.tasks for check in task.checks],
        steps=steps[:5],
        num_more=len(steps[5:]),
        losses=losses,
        most_lost=sorted(losses, key=lambda loss: -loss.marks)[:MOST_LOSSES],
        adjusted=list_adjusted([result]),
        digest=sign_page(result),
    )
    write_whole(path, html)


def write_class_page(
    results: Sequence[Result], coursework: Coursework, path: Path, digest: str = ""
) -> None:
    """Write the page on which an instructor sees the whole class.

    Args:
        results: The results of all submissions, in any order.
        coursework: Defines the order of the tasks.
        path: The HTML file to write. The page links to ``instructor/`` beside it.
        digest: A digest by which `shows` recognises the page.
    """
    results = sorted(results, key=lambda result: _sort_name(result.student))
    script = (TEMPLATES / "class.js").read_text(encoding="utf-8")
    page = environment().get_template("class.html.jinja")
    html = page.render(
        coursework=coursework,
        script=Markup(script),  # the kit's own file, not a student's words
        script_hash=_hash_script(script),
        digest=digest,
        **_summarise_class(results, coursework),
    )
    write_whole(path, html)


def plan_steps(result: Result, coursework: Coursework) -> list[Step]:
    """Order what is left to do, the quickest things first.

    Existing work is fixed before new work is begun: first the task with the fewest
    minutes left (the minutes of its manifest entry times the share of checks that
    do not pass). Tasks that are not started follow in the coursework's order.
    """
    specs = {task.id: task for task in coursework.tasks}
    steps = [
        Step(task, specs.get(task.id), _first_missed(task)) for task in result.tasks
    ]
    mend = [step for step in steps if step.check]
    begin = [step for step in steps if not step.check and _is_waiting(step.task)]
    return sorted(mend, key=_estimate_minutes) + begin


def list_losses(result: Result) -> list[Loss]:
    """Return what lost marks, task by task, one line each."""
    return [loss for task in result.tasks for loss in _list_losses_of(task)]


def _list_losses_of(task: TaskResult) -> Iterator[Loss]:
    for status in WAITING:
        waiting = [check for check in task.checks if check.status == status]
        if lost := _count_lost(waiting):
            title = f"{len(waiting)} {'check' if len(waiting) == 1 else 'checks'}"
            yield Loss(task.id, title, f"{status}. {STATES[status].advice}", lost)
    for check in task.checks:
        if check.status not in WAITING and (lost := _count_lost([check])):
            found = describe_finding(check.message)
            is_title = check.title in found  # a hidden check may have nothing else
            yield Loss(task.id, check.title, "" if is_title else found, lost)


def _count_lost(checks: Iterable[CheckResult]) -> float:
    return round(sum(check.max - check.marks - check.open for check in checks), 2)


def list_adjusted(results: Iterable[Result]) -> list[Adjusted]:
    """Return what has marks set by hand: student, task or check, and its name."""
    return [
        (result.student, part, task.id if part is task else f"{task.id}: {part.title}")
        for result in results
        for task in result.tasks
        for part in list_parts(task)
        if part.adjusted
    ]


def sign_page(result: Result, pictures: Sequence[object] = ()) -> str:
    """Return a digest that changes whenever the contents of a page change."""
    shown = json.dumps([asdict(result), list(map(repr, pictures))])
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()


def shows(path: Path, digest: str) -> bool:
    """Return whether a page exists and shows the contents with this digest."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return digest.encode() in file.read(_HEAD)
    return False


def find_advice(check: CheckResult) -> str:
    """Return what to do next: the advice in the message, else that of its state."""
    found = _NEXT.findall(check.message)
    return " ".join(found[-1].split()) if found else STATES[check.status].advice


def link_student(student: str, folder: str, suffix: str) -> str:
    """Return the address of a student's file, relative to the class page.

    Examples:
        >>> link_student("Zoë #1", "feedback", ".html")
        'feedback/Zo%C3%AB%20%231.html'
    """
    return f"{folder}/{quote(file_stem(student) + suffix, safe='')}"


def anchor_check(check_id: str) -> str:
    """Return the anchor of a check on a student's page.

    Examples:
        >>> anchor_check("public/cnn::test_sizes[64 x 64]")
        'public-cnn-test_sizes-64-x-64'
    """
    return re.sub(r"[^A-Za-z0-9_]+", "-", check_id).strip("-")


def format_marks(marks: float) -> str:
    """Return marks as people write them: ``7.5``, and ``3`` for ``3.0``."""
    return f"{round(marks, 2):.2f}".rstrip("0").rstrip(".")


def tell_earned(counted: TaskResult | CheckResult) -> str:
    """Return the marks earned out of the maximum, and how many are undecided.

    Examples:
        >>> from reelmark.results import summarise_task
        >>> tell_earned(summarise_task("1a", "Weigh", []))
        '0 of 0'
    """
    earned = f"{format_marks(counted.marks)} of {format_marks(counted.max)}"
    return earned + (f", {format_marks(counted.open)} open" if counted.open else "")


def count_passed(checks: Iterable[CheckResult], *, hidden: bool) -> str:
    """Return, for the hidden or the public checks, a text such as ``"41 of 44"``."""
    counted = [
        check.status == Status.PASSED for check in checks if check.hidden is hidden
    ]
    return f"{sum(counted)} of {len(counted)}"


def _first_missed(task: TaskResult) -> CheckResult | None:
    # Public checks come first: students can look at their inputs.
    missed = [check for check in task.checks if check.status in TRIED]
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
    adjusted = list_adjusted(results)
    most = max((result.max for result in results), default=coursework.max_marks)
    return {
        "results": results,
        "most": most,
        "figures": figures,
        "passes": plots.count_passes(results),
        "histogram": plots.plan_histogram(totals, most, figures["median"]),
        "states": Counter(result.status for result in results),
        "task_shares": [plots.share_task(task, results) for task in coursework.tasks],
        "items": sorted(analyse(results, coursework), key=lambda i: -i.num_missed),
        "numbers": {result.student: n for n, result in enumerate(results)},
        "adjusted": adjusted,
        "by_hand": {student for student, _, _ in adjusted},
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
def environment(*folders: Path) -> Environment:
    """Return the environment for templates of the pages, and of other folders."""
    environment = Environment(
        loader=FileSystemLoader((*folders, TEMPLATES)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "standing": describe_submission,
        "advice": find_advice,
        "anchor": anchor_check,
        "clip": _clip,
        "finding": describe_finding,
        "earned": tell_earned,
        "link": link_student,
        "marks": format_marks,
        "name": show_controls,
        "passed": count_passed,
        "text": _text,
    }
    environment.tests["pointing"] = _NEXT.search
    environment.globals |= {
        "FEW": FEW,
        "HEIGHT": plots.HEIGHT,
        "MOST_GROUPS": MOST_GROUPS,
        "STATES": STATES,
        "Status": Status,
        "WAITING": WAITING,
        "WIDTH": plots.WIDTH,
    }
    return environment
