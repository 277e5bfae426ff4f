"""Every summary that a check can write is in a message that was read and kept.

A student reads only a message. So some mistake in ``solutions/mistakes`` triggers each
summary of the suites, and somebody has read it in the file beside the mistakes.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from kit.stage.classes import real_coursework
from reelmark.verification import golden

COURSEWORK = real_coursework()

SUMMARIES = {
    "expect.that": (1, ""),
    "expect.rows": (2, ""),
    "expect.equal": (2, r" is not what the brief asks for\."),
    "expect.close": (2, r" is wrong.*\."),
    "Mismatch": (0, ""),
}
"""What writes a summary: which argument begins it, and what follows in the message."""

UNSEEN = {
    "the model gives too few numbers a film.": "Only a hidden check asks, which shows "
    "its advice without a summary: see one_output of 2a-i.",
    "the history of a training run of two epochs lacks some of its curves.": "Then a "
    "task that 4a-i needs has not passed, and stand-ins take its place.",
    "the models are named too often to tell whose lists these are.": "It bounds how "
    "much is read: nobody's page names a model a hundred times.",
    "the network does not compute what its layers do one after the other.": "It finds "
    "descriptions of networks that there are none of (test_networks).",
    'f\'"{layer.name}" does not compute what a {layer.class_name} of its settings '
    "does.'": "The same.",
    "the probabilities of a film add up to 1.": "Only a hidden check asks, which shows "
    "its advice without a summary: see softmax of 2a-i.",
}
"""Summaries that no message can show, each with the reason."""

EVIDENCE = "evidence.py"
"""Not a check: what it says is for a marker (test_evidence)."""

TO_DO = """
No mistake in solutions/mistakes draws these summaries. For each of them write the
mistake that a student would make (CONTRIBUTING, "To add a task"), let `reelmark
verify --update` write its message, and read it. What nobody can draw is no check:
take it away, or say in UNSEEN why it has to stay.
"""


def test_every_summary_was_read() -> None:
    """Every summary of the suites stands in the message of a kept mistake."""
    kept = "\n".join(_kept_heads())
    unread = [
        f"  {one.place}: {one.words}"
        for one in _find_summaries(_suites())
        if one.words not in UNSEEN and not one.is_in(kept)
    ]
    assert not unread, TO_DO + "\n".join(unread)


def test_reasons_are_needed() -> None:
    """Only summaries of the suites that no message contains are excused."""
    kept = "\n".join(_kept_heads())
    unread = {one.words for one in _find_summaries(_suites()) if not one.is_in(kept)}
    assert set(UNSEEN) <= unread


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('expect.that(x, "has no layers.")', ["has no layers."]),
        ('expect.that(x, f"has no {name}.")', ["has no Conv0."]),
        ('expect.that(x, "is cut." if y else "is gone.")', ["is cut.", "is gone."]),
        ('expect.rows(a, b, "row 2 is wrong.")', ["row 2 is wrong."]),
        ('expect.equal(a, b, "dtype")', ["dtype is not what the brief asks for."]),
        ('expect.close(a, b, "loss", atol=1)', ["loss is wrong (first at (2,))."]),
        ('raise Mismatch("is too slow.")', ["is too slow."]),
        ('expect_names(words, "is not named.")', ["is not named."]),
        ('expect_names(words, summary="is not named.")', ["is not named."]),
    ],
    ids=[
        *("text", "value", "either", "rows", "equal", "close", "raised"),
        *("passed-on", "passed-on-by-name"),
    ],
)
def test_summaries_are_found(code: str, shown: list[str]) -> None:
    """A summary is found however it is written; computed parts match anything."""
    passing_on = "def expect_names(words, summary):\n    expect.that(words, summary)\n"
    caller = f"def check():\n    {code}\n"
    found = _find_summaries([("a.py", passing_on), ("b.py", caller)])
    assert len(found) == len(shown)
    heads = [f"1a  f(3): {text}" for text in shown]
    assert all(one.is_in(head) for one, head in zip(found, heads, strict=True))
    assert not any(one.is_in("1a  f(3): has another fault.") for one in found)


def test_wrapped_summary_is_read_whole() -> None:
    """A summary on two lines is read as it was written, without what follows it."""
    message = """\
        [public/cnn::test_names]
        2a-i  build_cnn(): the names of the layers are in another order than those in
              the table.

          expected  Conv0
    """
    summary = "the names of the layers are in another order than those in the table."
    assert _heads(textwrap.dedent(message)) == [f"2a-i  build_cnn(): {summary}"]


# --- what is kept ------------------------------------------------------------------


def _kept_heads() -> Iterator[str]:
    for path in sorted((COURSEWORK.solutions / "mistakes").glob(f"*/{golden.FILE}")):
        yield from _heads(path.read_text("utf-8"))


def _heads(messages: str) -> list[str]:
    """Return what each message begins with, up to the end of its summary."""
    # What follows is set off by an empty line, or by less than four blanks.
    found = re.findall(r"^\[.*\]\n(.*(?:\n {4,}\S.*)*)", messages, re.MULTILINE)
    return [re.sub(r"\n +", " ", head) for head in found]


# --- what can be written -----------------------------------------------------------

Source = tuple[str, str]
"""The name of a file, and what is in it."""


@dataclass(frozen=True)
class Summary:
    """A summary of a check: the line it is in, its words, and what they match."""

    place: str
    words: str
    pattern: str

    def is_in(self, heads: str) -> bool:
        """Return whether a message begins with this summary."""
        return bool(re.search(rf"\): {self.pattern}$", heads, re.MULTILINE))


def _suites() -> list[Source]:
    folders = (COURSEWORK.public_suite, COURSEWORK.hidden_suite, COURSEWORK.support)
    return [
        (f"tests/{path.parent.name}/{path.name}", path.read_text("utf-8"))
        for folder in folders
        for path in sorted(folder.glob("*.py"))
        if path.name != EVIDENCE
    ]


def _find_summaries(sources: Sequence[Source]) -> list[Summary]:
    trees = {name: ast.parse(text) for name, text in sources}
    writers = SUMMARIES | dict(_find_writers(trees.values()))
    return [
        Summary(f"{name}, line {call.lineno}", words, pattern + ending)
        for name, tree in trees.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in writers
        for place, ending in [writers[ast.unparse(call.func)]]
        for words, pattern in _read(_argument(call, place))
    ]


def _find_writers(trees: Iterable[ast.AST]) -> Iterator[tuple[str, tuple[int, str]]]:
    """Find functions that pass a summary on, an argument of that name."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            if "summary" in names:
                yield node.name, (names.index("summary"), "")


def _argument(call: ast.Call, place: int) -> ast.expr:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    return named["summary"] if "summary" in named else call.args[place]


def _read(written: ast.expr) -> Iterator[tuple[str, str]]:
    """Read the words of a summary, and the pattern of what they may become."""
    if isinstance(written, ast.IfExp):
        yield from _read(written.body)
        yield from _read(written.orelse)
    elif isinstance(written, ast.JoinedStr):
        patterns = [
            re.escape(part.value) if isinstance(part, ast.Constant) else ".+?"
            for part in written.values
        ]
        yield ast.unparse(written), "".join(patterns)
    elif isinstance(written, ast.Constant):
        yield str(written.value), re.escape(str(written.value))
    elif ast.unparse(written) != "summary":  # there it is only passed on
        pytest.fail(f"Write the summary where it is used: {ast.unparse(written)}")
