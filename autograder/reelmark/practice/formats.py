"""Formats: findings as lines that editors and Git hosts show beside the code.

GitHub, Forgejo and Gitea read ``github`` in a workflow's output, and the bundle's
``.vscode/tasks.json`` turns it into problems. ``json`` is for everything else.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reelmark.manifest import Coursework, Task
from reelmark.practice.check import tell_total
from reelmark.practice.copies import Found
from reelmark.practice.form import Form
from reelmark.results import BROKEN, CheckResult, Status

SCHEMA = 1

_PLACE = re.compile(r"^ +at +(\S+\.py), line (\d+):", re.MULTILINE)


def format_found(
    form: Form, coursework: Coursework, work: Path, found: Found
) -> Iterator[str]:
    """Yield findings as lines.

    Args:
        form: `Form.GITHUB` or `Form.JSON`.
        coursework: What was checked.
        work: The folder of the student's modules.
        found: The findings.
    """
    if form is Form.JSON:
        yield json.dumps(_describe(coursework, work, found), indent=1)
        return
    for task in found.results:
        for check in task.checks:
            if check.status not in (Status.PASSED, Status.NOT_CHECKED):
                yield _annotate(coursework.task(task.id), work, check)
    for note in found.notes:
        yield f"::warning::{_escape(note)}"
    for line, _ in tell_total(found.results):
        yield line


def locate(task: Task, work: Path, message: str = "") -> tuple[Path, int]:
    """Return the file and the line that a message is about.

    It is the line that the message names or, if it names none, the first line of the
    task's function. The path is relative to the working directory, if possible.
    """
    path, line = work / f"{task.module}.py", 1
    if match := _PLACE.search(message):
        path, line = work / match[1], int(match[2])
    else:
        line = _find_function(path, task.function)
    return (path.relative_to(Path.cwd()) if _is_below(path) else path), line


def _describe(coursework: Coursework, work: Path, found: Found) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "coursework": coursework.title,
        "notes": list(found.notes),
        "tasks": [
            {
                **asdict(task),
                "function": coursework.task(task.id).function,
                "checks": [
                    _describe_check(coursework.task(task.id), work, check)
                    for check in task.checks
                ],
            }
            for task in found.results
        ],
    }


def _describe_check(task: Task, work: Path, check: CheckResult) -> dict[str, Any]:
    path, line = locate(task, work, check.message)
    return {**asdict(check), "file": path.as_posix(), "line": line}


def _annotate(task: Task, work: Path, check: CheckResult) -> str:
    path, line = locate(task, work, check.message)
    level = "warning" if check.status in BROKEN else "error"
    level = "notice" if check.status is Status.NOT_STARTED else level
    title = _escape_property(f"{task.id} {check.title}")
    place = f"file={_escape_property(path.as_posix())},line={line}"
    return f"::{level} {place},title={title}::{_escape(check.message.strip())}"


def _find_function(path: Path, function: str) -> int:
    try:
        body = ast.parse(path.read_bytes()).body
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return 1
    found = [
        node.lineno
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name == function
    ]
    return found[-1] if found else 1


def _is_below(path: Path) -> bool:
    return path.is_relative_to(Path.cwd())


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
