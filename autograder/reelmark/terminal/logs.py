"""Logs: where tracebacks go, which maintainers need and users do not."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path


def write_log(error: BaseException) -> Path | None:
    """Write the traceback of an error to a new file that only its owner can read.

    Returns:
        The file; None if it cannot be written anywhere, for example on full disks.
    """
    text = "".join(traceback.format_exception(error))
    for folder in _places():
        with contextlib.suppress(OSError):
            return _write(folder, f"{_describe_run()}\n\n{text}")
    return None


def _places() -> Iterator[Path]:
    """Yield the folders for a log, the best first."""
    with contextlib.suppress(OSError):  # there may be no folder for temporary files
        yield Path(tempfile.gettempdir())
    with contextlib.suppress(RuntimeError):  # nor a home
        yield Path.home()
    yield Path()


def _write(folder: Path, text: str) -> Path:
    number, name = tempfile.mkstemp(".log", "reelmark-", folder.absolute())
    path = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _describe_run() -> str:
    return (
        f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {sys.argv}\n"
        f"Python {platform.python_version()}, {platform.platform()}"
    )
