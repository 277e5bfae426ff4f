"""The start notebook: from the bundle's zip to the first check, as in Colab.

A kernel runs in a Python that can make no environment, with packages that are there
already; nothing of the kit is among them. Where ``REELMARK_COLAB`` names a Python with
the packages of Colab, the notebook runs with that one too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from typing import Any

import nbclient
import nbformat
import pytest

from reelmark.handout import bundle
from reelmark.manifest import load_coursework
from sample_class import ROOT

COURSEWORK = load_coursework(ROOT)
NAME = bundle.name_bundle(COURSEWORK)
COLAB = os.environ.get("REELMARK_COLAB", "")
WITHOUT_ENSUREPIP = "import sys; sys.modules['ensurepip'] = None\n"

SOLVED = "%%module callbacks\n" + (COURSEWORK.solutions / "callbacks.py").read_text(
    encoding="utf-8"
)
MORE = (
    "import importlib.util, sys\nimportlib.util.find_spec('ensurepip'), 'keras' in "
    "sys.modules",
    "%reelmark check 3a-ii",
    SOLVED,
    "!{sys.executable} ../kit.py check 3a-ii",
)


@pytest.fixture(
    scope="module",
    params=[
        "these packages",
        pytest.param(
            "colab", marks=pytest.mark.skipif(not COLAB, reason="no REELMARK_COLAB")
        ),
    ],
)
def python(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A Python that can make no environment; the kit is not installed in it."""
    if request.param == "colab":
        base = [COLAB, "-m", "venv", "--system-site-packages"]
        lent = subprocess.run(
            [COLAB, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    else:
        base, lent = [sys.executable, "-m", "venv"], sysconfig.get_path("purelib")
    folder = tmp_path_factory.mktemp("python")
    subprocess.run([*base, "--without-pip", folder], check=True)
    (site,) = folder.rglob("site-packages")
    # An editable install of the kit is a .pth file, which is not read from there.
    (site / "lent.pth").write_text(f"{lent}\n{WITHOUT_ENSUREPIP}")
    return str(folder / "bin" / "python")


@pytest.fixture(scope="module")
def ran(
    python: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, Any]]]:
    """What the cells showed, by their ids; in a folder with a mounted Drive."""
    folder, archive = bundle.release(COURSEWORK, tmp_path_factory.mktemp("release"))
    content = tmp_path_factory.mktemp("content")
    (content / "drive" / "MyDrive").mkdir(parents=True)
    shutil.copy(archive, content)
    notebook = nbformat.read(folder / "start.ipynb", as_version=4)
    for number, source in enumerate(MORE):
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=f"more-{number}"))
    kernels = tmp_path_factory.mktemp("jupyter")
    spec = kernels / "kernels" / "colab" / "kernel.json"
    spec.parent.mkdir(parents=True)
    command = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": command, "display_name": "Colab"}))
    client = nbclient.NotebookClient(
        notebook,
        kernel_name="colab",
        timeout=600,
        allow_errors=True,
        coalesce_streams=True,
        resources={"metadata": {"path": str(content)}},
    )
    os.environ["JUPYTER_PATH"] = str(kernels)
    try:
        client.execute(env={**os.environ, "PIP_NO_COMPILE": "1"})
    finally:
        del os.environ["JUPYTER_PATH"]
    return {
        cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"
    }


def text_of(outputs: list[dict[str, Any]]) -> str:
    """Return the text of what a cell showed."""
    return "".join(
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in outputs
    )


class TestStart:
    """Two cells, and what comes after them."""

    def test_first_cell_sets_up_on_the_mounted_drive(self, ran: Any) -> None:
        """It says where the modules are, and what is used."""
        told = text_of(ran["setup"])
        assert f"drive/MyDrive/{NAME}/assignment" in told
        assert "used as it is." in told
        assert "Done." in told, told

    def test_second_cell_checks_all_tasks(self, ran: Any) -> None:
        """They are not started, each of them."""
        told = text_of(ran["check"])
        assert told.count(" not started\n") == len(COURSEWORK.tasks), told

    def test_python_is_as_in_colab(self, ran: Any) -> None:
        """It makes no environments; and the kernel has imported no Keras."""
        assert text_of(ran["more-0"]) == "(None, False)"

    def test_module_is_written_and_checked(self, ran: Any) -> None:
        """The reference's module passes, with its own tasks."""
        assert "not started" in text_of(ran["more-1"])
        told = text_of(ran["more-2"])
        assert "callbacks.py was written" in told
        assert told.count(" passed\n") == len(COURSEWORK.tasks_of("callbacks")), told

    def test_launcher_uses_the_same_packages(self, ran: Any) -> None:
        """What was set up here is what `kit.py check` runs with."""
        assert "4 of 4 passed" in text_of(ran["more-3"])
