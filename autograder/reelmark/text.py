"""Text: what of a stranger's text can be shown, on a terminal, a page or a table."""

from __future__ import annotations

import re

# Control characters, ends of lines, and what turns the direction of writing.
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F)]
_CONTROLS += range(0x2066, 0x206A)
_ESCAPES = {code: repr(chr(code))[1:-1] for code in _CONTROLS}


def show_controls(text: str, keep: str = "") -> str:
    r"""Return ``text`` with control characters, but those in ``keep``, as escapes.

    Examples:
        >>> print(show_controls("a\rb"))
        a\rb
    """
    kept = {ord(char): char for char in keep}
    return text.translate(_ESCAPES | kept)


def printable(text: str) -> str:
    r"""Return ``text`` with escapes for what a terminal must not be sent.

    Examples:
        >>> print(printable("a\x1b[2J.py"))
        a\x1b[2J.py
    """
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode()
        for each in text
    )


_RAISED = re.compile(r"^(?:E +)?([\w.]*(?:Error|Exception|Warning)\b.*)", re.MULTILINE)
_MARKED = re.compile(r"^E +(\S.*)", re.MULTILINE)


def find_essence(trace: str) -> str:
    r"""Return the one line of a traceback, or of pytest's, that says what went wrong.

    Examples:
        >>> find_essence("Traceback (...):\n  File ...\nKeyError: 'flour'")
        "KeyError: 'flour'"
    """
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    raised, marked = _RAISED.findall(trace), _MARKED.findall(trace)
    return (raised[-1:] or marked[:1] or lines[-1:] or [""])[0]
