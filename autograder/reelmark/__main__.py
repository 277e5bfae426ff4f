"""The command, as a program: ``reelmark``, and ``python -m reelmark``.

Until `endings` can say what is missing, only the standard library is imported.
"""

from __future__ import annotations

import os
import sys

from reelmark.terminal import endings, supervision

SUPERVISED = ("check",)
"""The commands that run a student's code in their own process."""


def main() -> None:
    """Run the command, and end with its exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    arguments = sys.argv[1:]
    if supervision.begin_child():
        code = supervision.seal(endings.run(_run))
    elif arguments and arguments[0] in SUPERVISED:
        code = endings.run(lambda: supervision.supervise(arguments))
    else:
        code = endings.run(_run)
    sys.exit(code)


def _run() -> int:
    from reelmark.cli import app

    app(prog_name="reelmark")
    return 0


if __name__ == "__main__":
    main()
