"""Tracebacks: the parts of an exception that help a student.

TensorFlow traces functions before it runs them, and passes on what they raise as a
text with a traceback inside; its messages begin and end with names of operations.
Students want the message, and the line in their own code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_IN_USER_CODE = "in user code:"
_LINE = re.compile(r'^ *File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<name>\S+)')
_STYLE = re.compile(r"\x1b\[[\d;]*m")
_ITERATOR = re.compile(
    r"^Error in user-defined function passed to \S+ transformation with iterator: \S+: "
)
_NODES = re.compile(r"\s*\[\[\]\]\s*$")
_KERAS_CALL = re.compile(r"^Exception encountered when calling [^\n]*\n+")
_KERAS_ARGUMENTS = re.compile(r"\n+Arguments received by .*", re.DOTALL)
_OPERATION = re.compile(r"\{\{\w+ [^}]*\}\}\s*|\s*\[Op:\w*\](?:\s*name:\s*\S*)?\s*$")


@dataclass(frozen=True)
class TracedFrame:
    """A line on the way to an exception, as given in TensorFlow's text."""

    file: str
    line: int
    name: str
    text: str


def without_styles(text: str) -> str:
    """Return a text without the codes by which terminals make it bold or red."""
    return _STYLE.sub("", text)


def read_message(text: str, type_name: str) -> str:
    """Return the message in an exception's text, without what libraries add around it.

    TensorFlow adds where it was; Keras adds where it was, in bold, and its arguments.

    Args:
        text: The text of the exception.
        type_name: The name of its class, which a traced message repeats.

    Examples:
        >>> read_message("{{function_node f}} Wrong type [Op:Cast] name: ", "TypeError")
        'Wrong type'
    """
    text = without_styles(text)
    if text.startswith(_IN_USER_CODE):
        text = re.split(r"\n[ \t]*\n", text.strip())[-1].strip()
        text = text.removeprefix(f"{type_name}: ")
    for wrapping in (_KERAS_ARGUMENTS, _KERAS_CALL, _OPERATION, _ITERATOR, _NODES):
        text = wrapping.sub("", text).strip() or text
    return text


def read_frames(text: str) -> list[TracedFrame]:
    """Return the lines that a traced message names, outermost first."""
    if not text.startswith(_IN_USER_CODE):
        return []
    lines = text.splitlines()
    pairs = zip(map(_LINE.match, lines), [*lines[1:], ""], strict=True)
    return [
        TracedFrame(found["file"], int(found["line"]), found["name"], code.strip())
        for found, code in pairs
        if found
    ]
