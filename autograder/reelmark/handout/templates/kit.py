"""Set up and use the kit, on Windows, macOS, Linux and in Colab.

    python3 kit.py setup    makes .venv beside this file and installs everything there
    python3 kit.py check    checks your work; any other words go to `reelmark` as well

On Windows, type ``py`` for ``python3``. Nothing outside of this folder is changed, but
by ``setup --here``: that uses the packages of the Python it is run with, and adds to
them what is missing. It is for machines that are made for you, such as Colab's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib import util
from pathlib import Path

# Older versions of Python must get far enough to print which versions are supported.

WINDOWS = sys.platform == "win32"
HERE = Path(__file__).resolve().parent
# Beside a notebook of nbgrader's, all that lies in its folder is handed in.
IS_HANDED_IN = (HERE.parent / "report.ipynb").is_file()
ENVIRONMENT = HERE.parent.parent / ".kit-venv" if IS_HANDED_IN else HERE / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if WINDOWS else "bin")
PYTHON = PROGRAMS / "python"
# Written last: an environment that is only half made does not have it.
READY = ENVIRONMENT / ".ready"
# Written by `setup --here`. Packages added in Colab are gone the next day, while this
# file may be in somebody's Drive: both are checked.
HERE_READY = HERE / ".here"
OLDEST, NEWEST = (3, 11), (3, 13)
TENSORFLOWS = ("2.19", "2.20", "2.21")
HEARTBEAT_SECONDS = 15


def main(words: list[str]) -> int:
    """Carry out the command line; return an exit code."""
    if words == ["setup"]:
        return set_up()
    if words == ["setup", "--here"]:
        return set_up_here()
    if not words or words[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    # -P: files in the working directory must not be taken for libraries.
    if READY.is_file():
        return call(str(PYTHON), "-P", "-m", "reelmark", *words)
    if HERE_READY.is_file() and util.find_spec("reelmark"):
        return call(sys.executable, "-P", "-m", "reelmark", *words)
    print("Set the kit up first: " + how_to("setup"))
    return 2


def set_up() -> int:
    """Make a new environment; return an exit code."""
    obstacle = find_obstacle()
    if obstacle:
        print(obstacle)
        return 2
    print("Making .venv: about 500 MB to download, 2.5 GB on disk.", flush=True)
    code = make_environment() or install_everything()
    if code:
        print("That did not work; the reason is above. Try again: " + how_to("setup"))
        print("What has been downloaded is kept and is not fetched a second time.")
        return code
    READY.touch()
    print("Done. Now check your work: " + how_to("check"))
    return 0


def set_up_here() -> int:
    """Add what is missing to this Python's packages; return an exit code."""
    obstacle = find_wrong_python() or find_obstacle_here()
    if obstacle:
        print(obstacle)
        return 2
    print(f"Using the packages of {sys.executable}.", flush=True)
    version = find_tensorflow()
    print(f"TensorFlow {version}: used as it is." if version else NO_TENSORFLOW)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install")
    code = call(*pip, "--no-deps", "--no-index", "--force-reinstall", find_wheel())
    code = code or call(*pip, *list_needed(has_tensorflow=bool(version)))
    if code:
        print("That did not work; the reason is above. Try again: " + how_to("setup"))
        return code
    HERE_READY.touch()
    print("Done. Marks are decided with the versions in requirements.lock.")
    return 0


NO_TENSORFLOW = "TensorFlow is not here: about 300 MB to download."


def find_obstacle_here() -> str:
    """Say why packages may not be added to this Python; empty if they may."""
    mark = Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    if mark.is_file() and sys.prefix == sys.base_prefix:
        return (
            f"The packages of {sys.executable} belong to the system, so nothing is "
            "added to them. Use an environment: " + how_to("setup")
        )
    version = find_tensorflow()
    if version and ".".join(version.split(".")[:2]) not in TENSORFLOWS:
        return (
            f"TensorFlow {version} is here, and the coursework needs {TENSORFLOWS[0]} "
            f"to {TENSORFLOWS[-1]}. Use an environment of its own: " + how_to("setup")
        )
    return ""


def find_tensorflow() -> str:
    """Return the version of TensorFlow in this Python; empty if there is none."""
    from importlib import metadata  # not in Pythons that are too old

    for name in ("tensorflow", "tensorflow-cpu"):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return ""


def list_needed(*, has_tensorflow: bool) -> list[str]:
    """Return what the checker's wheel requires; pip leaves what is installed."""
    with zipfile.ZipFile(find_wheel()) as wheel:
        (name,) = (each for each in wheel.namelist() if each.endswith("/METADATA"))
        lines = wheel.read(name).decode("utf-8").splitlines()
    head = "Requires-Dist: "
    needed = [line[len(head) :] for line in lines if line.startswith(head)]
    return [
        each
        for each in needed
        if "extra ==" not in each
        and not (has_tensorflow and each.startswith("tensorflow"))
    ]


def find_wheel() -> str:
    """Return the path of the checker's wheel."""
    return str(next(HERE.glob("reelmark-*.whl")))


def make_environment() -> int:
    """Make an empty environment; return an exit code."""
    uv = shutil.which("uv")
    if uv and not util.find_spec("ensurepip"):
        # It can make environments even if parts of Python are missing here.
        options = ("--python", sys.executable, "--seed", "--clear")
        return call(uv, "venv", *options, str(ENVIRONMENT))
    return call(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT))


def find_obstacle() -> str:
    """Say why this Python cannot make the environment; empty if it can."""
    if find_wrong_python():
        return find_wrong_python()
    if Path(sys.prefix).resolve() == ENVIRONMENT:
        return "This terminal uses .venv. Type `deactivate`, then " + how_to("setup")
    if not util.find_spec("ensurepip") and not shutil.which("uv"):
        return (
            "This Python makes no environments: ensurepip is missing. In Debian and "
            f"Ubuntu, install python3.{sys.version_info[1]}-venv. In Colab and the "
            "like, use the packages that are there: " + how_to("setup --here")
        )
    return ""


def find_wrong_python() -> str:
    """Say why the kit does not run on this Python; empty if it does."""
    version = sys.version_info[:2]
    if not OLDEST <= version <= NEWEST or sys.maxsize < 2**32:
        return (
            "Python {}.{} to {}.{} (64 bit) is needed; this is {}.{}. Get one of these "
            "from python.org and name it, as in: {} kit.py setup"
        ).format(*OLDEST, *NEWEST, *version, "py -3.12" if WINDOWS else "python3.12")
    return ""


def install_everything() -> int:
    """Install the packages and the checker; return an exit code.

    uv takes a fraction of pip's time. If uv is not available, pip is used.
    """
    pip = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install")
    call(*pip, "--quiet", "--require-hashes", "-r", lock("requirements-uv"))
    uv = shutil.which("uv", path=str(PROGRAMS))
    # uv trusts what the system trusts, as pip does: a university's proxy, say.
    options = ("pip", "install", "--system-certs", "--python", str(PYTHON))
    if uv and install_with((uv, *options, "--compile-bytecode")) == 0:
        return 0
    print("uv cannot be used here; pip takes some minutes.", flush=True)
    return install_with(pip)


def install_with(installer: tuple[str, ...]) -> int:
    """Install the packages and the checker with pip or uv; return its exit code."""
    code = call(*installer, "--require-hashes", "-r", lock("requirements"))
    return code or call(*installer, "--no-deps", "--no-index", find_wheel())


def lock(name: str) -> str:
    """Return the path of a list of packages."""
    return str(HERE / (name + ".lock"))


def call(*command: str) -> int:
    """Run a command until it ends, even after Ctrl-C; return its exit code.

    Without a terminal, installers show no progress: then a line now and again says that
    it is still running.
    """
    is_setting_up = sys.argv[1:2] == ["setup"] and not sys.stdout.isatty()
    with subprocess.Popen(command) as process:
        seconds = 0
        while True:
            try:
                return process.wait(HEARTBEAT_SECONDS if is_setting_up else None)
            except KeyboardInterrupt:
                pass  # the command got it, too, and ends by itself
            except subprocess.TimeoutExpired:
                seconds += HEARTBEAT_SECONDS
                print(f"... going on ({seconds} s)", flush=True)


def how_to(word: str) -> str:
    """Return a command as typed on this system."""
    return ("py" if WINDOWS else "python3") + " kit.py " + word


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
