"""What authors of checks import: all of it at once, and soon."""

import subprocess
import sys

SLOW = ("keras", "matplotlib", "pandas", "rich", "tensorflow")


def test_names_for_authors_import_nothing_slow() -> None:
    """`from reelmark.checks import *` imports no library that takes long."""
    code = (
        "import sys\n"
        "from reelmark.checks import *\n"
        f"print([name for name in {SLOW!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
