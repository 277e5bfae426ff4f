"""Set up and use the kit, on Windows, macOS and Linux alike.

    python3 kit.py setup    makes .venv beside this file and installs everything there
    python3 kit.py check    checks your work; any other words go to `reelmark` as well

On Windows, type ``py`` for ``python3``. Nothing outside of this folder is changed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Older versions of Python must get as far as the sentence that names the right ones.

WINDOWS = sys.platform == "win32"
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
    # -P: what lies in the working directory must not pass for a library.
    return call(str(PYTHON), "-P", "-m", "reelmark", *words)


def set_up() -> int:
    """Make the environment anew; return an exit code."""
    obstacle = find_obstacle()
    if obstacle:
        print(obstacle)
        return 2
    print("Making .venv and installing the packages: some minutes, 3 GB.", flush=True)
    code = call(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT))
    code = code or install("--require-hashes", "-r", str(HERE / "requirements.lock"))
    wheel = next(HERE.glob("reelmark-*.whl"))
    code = code or install("--no-deps", "--no-index", str(wheel))
    if code:
        print("That did not work; above stands why. Try again: " + how_to("setup"))
        return code
    READY.touch()
    print("Done. Now check your work: " + how_to("check"))
    return 0


def find_obstacle() -> str:
    """Say why this Python cannot make the environment; nothing if it can."""
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST or sys.maxsize < 2**32:
        return (
            "Python {}.{} to {}.{} (64 bit) is needed; this is {}.{}. Get one of these "
            "from python.org and name it, as in: {} kit.py setup"
        ).format(*OLDEST, *NEWEST, *version, "py -3.12" if WINDOWS else "python3.12")
    if Path(sys.prefix).resolve() == ENVIRONMENT:
        return "This terminal uses .venv. Type `deactivate`, then " + how_to("setup")
    return ""


def install(*arguments: str) -> int:
    """Let the environment's pip install something; return its exit code."""
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    return call(str(PYTHON), *pip, *arguments)


def call(*command: str) -> int:
    """Run a command until its end, whatever it is told; return its exit code."""
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # it got this as well, and ends by itself


def how_to(word: str) -> str:
    """Return a command as it is typed on this system."""
    return ("py" if WINDOWS else "python3") + " kit.py " + word


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
