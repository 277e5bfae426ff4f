"""Streams: standard output and error, made so that printing never ends a command.

A symbol that an encoding lacks is printed as a plain one (`PLAIN`), anything else that
it lacks as an escape. What a closed pipe does not accept is dropped; what a full disk
does not accept is dropped too, but reported when the command is done (`finish`).
"""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import select
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TextIO

PLAIN: Mapping[str, str] = MappingProxyType(
    {
        # The states of a check: each keeps a symbol of its own, one column wide.
        **dict(zip("✓✗○◐⊘◷▣↯§", "+xo%/@#*$", strict=True)),
        **dict(zip("✔✘·×", "+x.x", strict=True)),  # noqa: RUF001 (a times sign)
        **dict(zip("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--", strict=True)),
        **dict(zip("…→≤≥", ("...", "->", "<=", ">="), strict=True)),
        **dict.fromkeys("─━╸╺", "-"),  # in rules and bars
        **dict.fromkeys("│┃", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
        **dict.fromkeys(map(chr, range(0x2800, 0x2900)), "*"),  # in spinners
    }
)
"""What is printed for a character that the encoding lacks."""

HANDLER = "reelmark.plain"
"""The name of the `codecs` error handler for that."""


def prepare() -> None:
    """Make both streams accept whatever is printed; call it once, first of all."""
    codecs.register_error(HANDLER, _plain)
    _open_missing()
    _forget_odd_sizes()
    for name in ("stdout", "stderr"):
        setattr(sys, name, _tolerant(getattr(sys, name)))


def finish() -> OSError | None:
    """Flush both streams; return why some output was lost, if that matters.

    A closed pipe does not matter: whoever closed it has read enough.
    """
    troubles = []
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
        troubles.append(_trouble_of(stream))
    left = (each for each in troubles if each and not _is_closed_pipe(each))
    return next(left, None)


class _Tolerant(io.RawIOBase):
    """Writes to a file as long as it accepts what is written, and never fails.

    Args:
        raw: The file.

    Attributes:
        trouble: The error when it accepted no more; None until then.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.trouble: OSError | None = None

    def writable(self) -> bool:
        """Whether it can be written to: always."""
        return True

    def write(self, data: Any) -> int:
        """Write some bytes; once nothing is accepted, pretend that all were written."""
        if self.trouble is None:
            try:
                return self._write(data)
            except OSError as error:
                self.trouble = error
        return len(data)

    def fileno(self) -> int:
        """Return the file's descriptor."""
        return int(self._raw.fileno())

    def isatty(self) -> bool:
        """Whether the file is a terminal."""
        return bool(self._raw.isatty())

    def _write(self, data: Any) -> int:
        # If another program made a pipe non-blocking, Python does not wait for it.
        while (written := self._raw.write(data)) is None:
            select.select([], [self._raw], [])
        return int(written)


def _tolerant(stream: TextIO | None) -> TextIO:
    """Return a stream that accepts everything, to replace another, or a missing one."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    raw = _find_raw(stream)
    if type(stream) is not io.TextIOWrapper or not isinstance(raw, io.RawIOBase):
        # Not the system's stream, but one that a test or an editor put there.
        reconfigure: Callable[..., None] = getattr(stream, "reconfigure", _do_nothing)
        reconfigure(errors=HANDLER)
        return stream
    with contextlib.suppress(OSError, ValueError):
        stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Tolerant(raw)),
        encoding=stream.encoding,
        errors=HANDLER,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _find_raw(stream: TextIO) -> Any:
    """Return the unbuffered file below a stream; None if there is none."""
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)


def _trouble_of(stream: TextIO) -> OSError | None:
    raw = _find_raw(stream)
    return raw.trouble if isinstance(raw, _Tolerant) else None


def _is_closed_pipe(error: OSError) -> bool:
    # Windows reports writing to a closed pipe as an invalid argument.
    is_windows = sys.platform == "win32" and error.errno == 22
    return isinstance(error, BrokenPipeError) or is_windows


def _open_missing() -> None:
    """Open what a shell closed (``>&-``): else a result file could get its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _forget_odd_sizes() -> None:
    """Forget terminal sizes that are not numbers, at which rich stumbles."""
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        if not os.environ.get(name, "0").isdecimal():
            del os.environ[name]


def _plain(error: UnicodeError) -> tuple[str, int]:
    """Return what to print for characters that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(char) or _escape(char) for char in lacking), error.end


def _escape(char: str) -> str:
    return char.encode("ascii", "backslashreplace").decode("ascii")


def _do_nothing(**_: object) -> None:
    pass
