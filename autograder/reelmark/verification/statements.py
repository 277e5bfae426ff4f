"""Statements: what a docstring or the brief says, cut into clauses.

Whatever stands between two marks of punctuation is a clause. A rule quotes clauses
word for word, so that a clause which nobody quotes is found.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator

_SECTION = re.compile(r"^(\w+):$")
_ITEM = re.compile(r"^    [*\w.]+(?: \([^)]*\))?: ")
_SHOWN = frozenset({"Example", "Examples", "Source"})
"""Sections of a docstring that state nothing: they show, or say where it stands."""

# Where a clause ends: after punctuation, or after a row of a table.
_END = re.compile(r"(?<=[.;:,]) (?=\S)|(?<=\|) (?=\|)")


def flatten(text: str) -> str:
    """Return a text in one line, with one blank between words."""
    return " ".join(text.split())


def read_docstring(docstring: str) -> str:
    """Return what a docstring states, in one line.

    Headings and names of arguments are left out, and so are sections that only show
    (examples) or say where something stands (the source).
    """
    return flatten("\n".join(_stated_lines(inspect.cleandoc(docstring))))


def _stated_lines(docstring: str) -> Iterator[str]:
    section = ""
    for line in docstring.splitlines():
        heading = _SECTION.match(line)
        section = heading[1] if heading else section
        if not heading and section not in _SHOWN:
            yield _ITEM.sub("", line)


def read_section(page: str, heading: str) -> str:
    """Return what stands under a heading of a Markdown page, in one line.

    Returns:
        An empty text if there is no such heading, or nothing under it.
    """
    parts = re.split(r"^#+ (.+)$", page, flags=re.MULTILINE)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return flatten(next((text for name, text in found if name == heading), ""))


def find_unquoted(text: str, quotes: Iterable[str]) -> list[str]:
    """Return the clauses of a text that no quotation touches.

    Args:
        text: The text, in one line.
        quotes: What is quoted of it; what it does not hold is left out of account.
    """
    spans = [span for quote in quotes for span in _find_spans(text, flatten(quote))]
    return [
        text[start:end]
        for start, end in _cut(text)
        if not any(first < end and start < last for first, last in spans)
    ]


def _find_spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in re.finditer(re.escape(quote), text))


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each clause begins and ends; one without a word is none."""
    ends = [found.start() for found in _END.finditer(text)]
    starts = [0, *(end + 1 for end in ends)]
    for start, end in zip(starts, [*ends, len(text)], strict=True):
        if re.search(r"\w", text[start:end]):
            yield start, end
