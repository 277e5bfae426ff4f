"""Layout: messages of 88 columns in terminals that have fewer.

A terminal would break a line wherever it ends, in the middle of a number too.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from rich.console import Console

from reelmark.marking.messages import LABEL

_LABELLED = re.compile(r"  \S+ +\S")
_REMARK = re.compile(r" +\(.*\)$")


def print_message(console: Console, message: str) -> None:
    """Print a message below an empty line, no wider than the terminal is."""
    fitting = fit_message(message, console.width) if console.is_terminal else message
    console.print(f"\n{fitting}", soft_wrap=True)


def fit_message(message: str, width: int) -> str:
    r"""Return a message whose lines, where they are too long, break between words.

    Examples:
        >>> print(fit_message("1a  weigh(): too much flour.\n\n  got       2 kg", 20))
        1a  weigh(): too
            much flour.
        <BLANKLINE>
          got       2 kg
    """
    if all(len(line) <= width for line in message.splitlines()):
        return message
    blocks = [_join(block.splitlines()) for block in message.split("\n\n")]
    return "\n\n".join(
        "\n".join(part for line in block for part in _wrap(line, width))
        for block in blocks
    )


def _join(lines: Sequence[str]) -> list[str]:
    """Return the lines of a block as they were before they were wrapped."""
    joined: list[str] = []
    for line in lines:
        if joined and _indent(line) == _hang(joined[-1]) and not _REMARK.match(line):
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line)
    return joined


def _wrap(line: str, width: int) -> Iterator[str]:
    """Yield a line in parts; a word that is too long for one has a line of its own."""
    yield from textwrap.wrap(
        line,
        width,
        subsequent_indent=" " * min(_hang(line), width // 3),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def _hang(line: str) -> int:
    """Return how far the lines are indented that go on with one."""
    if _LABELLED.match(line):
        return LABEL + 2
    head = re.match(r"\S+  (?=\S)", line)
    return len(head[0]) if head else _indent(line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
