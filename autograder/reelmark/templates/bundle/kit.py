"""Set up and use the kit, on Windows, macOS and Linux alike.

    python3 kit.py setup    makes .venv beside this file and installs everything there
    python3 kit.py check    checks your work; any other words go to `reelmark` as well

On Windows, type ``py`` for ``python3``. Nothing outside of this folder is changed.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / (
    "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
)
# Written last: an environment that was half made has none.
READY = ENVIRONMENT / ".ready"
OLDEST, NEWEST = (3, 11), (3, 13)


def main(words: list[str]) -> int:
    """Do what the words on the command line say; return an exit code."""
    if words == ["setup"]:
        return set_up()
    if not words or words[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    if not READY.is_file():
        print("Set the kit up first: " + how_to("setup"))
        return 2
    return run("-m", "reelmark", *words)


def set_up() -> int:
    """Make the environment anew; return an exit code."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST or sys.maxsize < 2**32:
        print(
            "Python {}.{} to {}.{} (64 bit) is needed; this is {}.{}. Install one from "
            "python.org, then run this with it, for example: {} kit.py setup".format(
                *OLDEST,
                *NEWEST,
                *sys.version_info[:2],
                "py -3.12" if sys.platform == "win32" else "python3.12",
            )
        )
        return 2
    print("Making .venv and installing the packages there: some minutes, 2 GB.")
    venv.create(str(ENVIRONMENT), clear=True, with_pip=True)
    pip = ("-m", "pip", "--disable-pip-version-check", "install")
    wheel = next(HERE.glob("reelmark-*.whl"))
    lock = str(HERE / "requirements.lock")
    code = run(*pip, "--quiet", "--require-hashes", "-r", lock)
    code = code or run(*pip, "--quiet", "--no-deps", "--no-index", str(wheel))
    if code:
        print("That did not work; pip says above why. Try again: " + how_to("setup"))
        return code
    READY.touch()
    print("Done. Now check your work: " + how_to("check"))
    return 0


def run(*arguments: str) -> int:
    """Run the environment's Python; return its exit code."""
    with subprocess.Popen([str(PYTHON), *arguments]) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # the other Python got it as well, and ends by itself


def how_to(word: str) -> str:
    """Return a command as it is typed on this system."""
    return ("py" if sys.platform == "win32" else "python3") + " kit.py " + word


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
