"""Set up and use the kit, on Windows, macOS and Linux alike.

    python3 kit.py setup    makes .venv beside this file and installs everything there
    python3 kit.py check    checks your work; any other words go to `reelmark` as well

On Windows, type ``py`` for ``python3``. Nothing outside of this folder is changed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

# Older versions of Python must get as far as the sentence that names the right ones.

WINDOWS = sys.platform == "win32"
HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if WINDOWS else "bin")
PYTHON = PROGRAMS / "python"
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
    print("Making .venv: about 500 MB to download, 2.5 GB on disk.", flush=True)
    code = call(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT))
    code = code or install_everything()
    if code:
        print("That did not work; the reason is above. Try again: " + how_to("setup"))
        print("What has been downloaded is kept and is not fetched a second time.")
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


def install_everything() -> int:
    """Install the packages and the checker; return an exit code.

    uv does so in a fraction of pip's time. Where it cannot be had, pip does it.
    """
    pip = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install")
    call(*pip, "--quiet", "--require-hashes", "-r", lock("requirements-uv"))
    uv = shutil.which("uv", path=str(PROGRAMS))
    options = ("pip", "install", "--python", str(PYTHON), "--compile-bytecode")
    if uv and install_with((uv, *options)) == 0:
        return 0
    print("uv cannot be used here; pip takes some minutes.", flush=True)
    return install_with(pip)


def install_with(installer: tuple[str, ...]) -> int:
    """Install the packages and the checker with pip or uv; return its exit code."""
    code = call(*installer, "--require-hashes", "-r", lock("requirements"))
    wheel = str(next(HERE.glob("reelmark-*.whl")))
    return code or call(*installer, "--no-deps", "--no-index", wheel)


def lock(name: str) -> str:
    """Return the path of a list of packages."""
    return str(HERE / (name + ".lock"))


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
