"""Text: what of a stranger's text can be shown, on a terminal, a page or a table."""

from __future__ import annotations

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
