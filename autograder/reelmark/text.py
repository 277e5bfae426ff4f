"""Text: making a stranger's text safe to show in a terminal, a page or a table."""

from __future__ import annotations

import re

# Control characters, line ends, and characters that change the writing direction.
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F)]
_CONTROLS += range(0x2066, 0x206A)
_ESCAPES = {code: repr(chr(code))[1:-1] for code in _CONTROLS}


def show_controls(text: str, keep: str = "") -> str:
    r"""Return ``text`` with control characters as escapes, except those in ``keep``.

    Examples:
        >>> print(show_controls("a\rb"))
        a\rb
    """
    kept = {ord(char): char for char in keep}
    return text.translate(_ESCAPES | kept)


def printable(text: str) -> str:
    r"""Return ``text`` with escapes for whatever must not reach a terminal.

    Examples:
        >>> print(printable("a\x1b[2J.py"))
        a\x1b[2J.py
    """
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode()
        for each in text
    )


def both_ends(text: str, most: int) -> str:
    """Return a text in one line; if it is long, only its beginning and end.

    What a library says about an error is at either end, but for a sentence that only
    points to a page: of a long text, that one goes first.

    Examples:
        >>> both_ends("Wrong: " + "a" * 90 + " for b", 60)
        'Wrong: ... (92 characters) ... for b'
    """
    flat = " ".join(text.split())
    if len(flat) > most:
        flat = _without_links(flat)
    if len(flat) <= most:
        return flat
    room = most - len(" ... (10,000 characters) ... ")
    start = room // 3
    head, tail = flat[:start], flat[start - room :]
    # Between words, where there are any: half a word is none.
    head, tail = head.rpartition(" ")[0] or head, tail.partition(" ")[2] or tail
    left_out = len(flat) - len(head) - len(tail)
    return f"{head} ... ({left_out:,} characters) ... {tail}"


def _without_links(text: str) -> str:
    sentences = re.split(r"(?<=[.!?]) ", text)
    return " ".join(each for each in sentences if "://" not in each) or text


def both_halves(text: str, most: int, most_lines: int) -> str:
    r"""Return a text with its lines; of a long one the first and the last of them.

    Examples:
        >>> both_halves("a\nb\nc\nd\ne", 100, 4)
        'a\nb\n... (1 lines) ...\nd\ne'
    """
    lines, half = text.splitlines(), most_lines // 2
    if len(lines) > most_lines:
        told = f"... ({len(lines) - 2 * half:,} lines) ..."
        text = "\n".join([*lines[:half], told, *lines[-half:]])
    if len(text) > most:
        half = most // 2
        told = f"... ({len(text) - 2 * half:,} characters) ..."
        text = f"{text[:half]}\n{told}\n{text[-half:]}"
    return text


_RAISED = re.compile(r"^(?:E +)?([\w.]*(?:Error|Exception|Warning)\b.*)", re.MULTILINE)
_MARKED = re.compile(r"^E +(\S.*)", re.MULTILINE)


def find_essence(trace: str) -> str:
    r"""Return the line of a traceback, or of pytest's, that says what went wrong.

    Examples:
        >>> find_essence("Traceback (...):\n  File ...\nKeyError: 'flour'")
        "KeyError: 'flour'"
    """
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    raised, marked = _RAISED.findall(trace), _MARKED.findall(trace)
    return (raised[-1:] or marked[:1] or lines[-1:] or [""])[0]
