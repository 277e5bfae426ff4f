"""The command, as a program: ``reelmark``, and ``python -m reelmark``.

Nothing but the standard library is imported before `endings` can tell what is missing.
"""

from __future__ import annotations

import os
import sys

from reelmark.terminal import endings


def main() -> None:
    """Run the command, and end with its exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(endings.run(_run))


def _run() -> None:
    from reelmark.cli import app

    app(prog_name="reelmark")


if __name__ == "__main__":
    main()
