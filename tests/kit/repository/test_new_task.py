"""A new task: adding one takes the files that CONTRIBUTING lists."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reelmark.handout import generated
from reelmark.manifest import Coursework, load_coursework
from reelmark.verification import cases, golden, rules
from reelmark.verification.proofs import count, find_proofs
from sample_class import ROOT

NAMES = {
    "module": "vectorization",
    "task": "1b-iv",
    "style": "everything-in-loops",
    "misconception": "counts_spaces",
}
"""What the made-up task puts in the place of the names in CONTRIBUTING's table."""

ENTRY = """
[[task]]
id = "1b-iv"
title = "Counts the words of an overview"
section = "1.b.iv"
module = "vectorization"
function = "count_words"
marks = 1
minutes = 5
needs = []
hints = ["One.", "Two.", "Three."]
"""
FUNCTION = '''

def count_words(overview: str) -> int:
    """Count the words of an overview."""
    ### BEGIN SOLUTION
    return len(overview.split())
    ### END SOLUTION
'''
CHECK = '''

@pytest.mark.check("1b-iv", marks=0.5, rules="words")
def test_words_are_counted(submission: Submission) -> None:
    """Words are what stands between spaces, however many there are."""
    found = submission.vectorization.count_words("a  storm at sea")
    expect.equal(found, 4, "the number of words")
'''
RULES = """
["1b-iv".rules]
words = ["Count the words of an overview."]
"""
MISTAKE = '''"""Spaces are counted, not words.

Breaks: words
"""


def count_words(overview):
    return overview.count(" ") + 1
'''
STYLE = """

def count_words(overview):
    count = 0
    for word in overview.split():
        count = count + 1
    return count
"""
BY_HAND = {
    "assignment/coursework.toml": ENTRY,
    "solutions/<module>.py": FUNCTION,
    "solutions/rules.toml": RULES,
    "tests/public/test_<module>.py": CHECK,
    "tests/hidden/test_<module>.py": CHECK,
    "solutions/mistakes/<task>/<misconception>.py": MISTAKE,
    "solutions/accepted/<style>/<module>.py": STYLE,
}
"""What is put at the end of each file."""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a task is part of."""
    root = tmp_path_factory.mktemp("before")
    skipped = shutil.ignore_patterns("__pycache__", "results", "Multimodal*")
    for folder in ("assignment", "solutions", "fixtures", "tests"):
        shutil.copytree(ROOT / folder, root / folder, ignore=skipped)
    return root


@pytest.fixture(scope="module")
def after(before: Path) -> Coursework:
    """Another copy, with one more task, and with what the commands write of it."""
    root = before.with_name(f"{before.name}-and-after")
    shutil.copytree(before, root)
    for file, text in BY_HAND.items():
        path = root / _fill_in(file)
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as opened:
            opened.write(text)
    coursework = load_coursework(root)
    generated.write_drifted(generated.make_texts(coursework))
    golden.update({one: _told(one) for one in cases.read_mistakes(coursework)})
    samples = root / "fixtures" / "sample_class.py"
    subprocess.run([sys.executable, samples], check=True, capture_output=True)
    return coursework


def _told(mistake: cases.Mistake) -> str:
    """Return what is kept of a mistake, or something for the new one."""
    kept = golden.read(mistake.path.parent)
    return kept.get(mistake.path.stem, "[public/vectorization::a]\nIt is wrong.")


def _fill_in(file: str) -> str:
    return re.sub("<(.+?)>", lambda match: NAMES[match[1]], file)


def _table() -> dict[str, bool]:
    """Return the files that CONTRIBUTING names, and whether a person writes them."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("## To add a task\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.+?)` \|.*\| (.+?) \|$", section, re.MULTILINE)
    return {file: by == "you" for file, by in rows}


def _find_changes(before: Path, after: Path) -> Iterator[str]:
    for path in sorted(after.rglob("*")):
        name = path.relative_to(after)
        if path.is_file():
            old = before / name
            if not old.is_file() or old.read_bytes() != path.read_bytes():
                yield name.as_posix()


def test_files_of_a_new_task_are_those_of_the_table(
    before: Path, after: Coursework
) -> None:
    """Adding a task changes exactly the files that CONTRIBUTING lists."""
    named = {_fill_in(file) for file in _table()}
    folders = tuple(name for name in named if name.endswith("/"))
    found = {
        next((folder for folder in folders if name.startswith(folder)), name)
        for name in _find_changes(before, after.root)
    }
    assert found == named


def test_table_says_what_is_written_by_hand() -> None:
    """The files that a person writes are those that the task was added with."""
    assert {file for file, by_hand in _table().items() if by_hand} == set(BY_HAND)


def test_new_task_needs_no_edit_of_the_styles(
    after: Coursework, tmp_path: Path
) -> None:
    """The new function is in every right submission, from the reference if need be."""
    for style in cases.read_styles(after):
        is_own = style.name == NAMES["style"]
        assert (after.task(NAMES["task"]) in style.tasks) is is_own
        cases.write_style(style, after, tmp_path / style.name)
        made = _find_function(tmp_path / style.name / "vectorization.py")
        assert made == ast.dump(ast.parse(STYLE if is_own else FUNCTION).body[0])


def test_rules_of_the_new_task_agree_with_its_docstring(after: Coursework) -> None:
    """What the table asks for is all that the rules need."""
    book = rules.read_rules(after)
    assert book is not None
    assert rules.find_drift(after, book) == []
    found = {p.rule.name: p for p in find_proofs(after, book).proofs}["1b-iv/words"]
    assert count(found)[:3] == (1, 1, 1)


def _find_function(path: Path) -> str:
    """Return the code of the function that a module ends up with."""
    [*_, last] = (
        node
        for node in ast.parse(path.read_bytes()).body
        if isinstance(node, ast.FunctionDef) and node.name == "count_words"
    )
    return ast.dump(last)
