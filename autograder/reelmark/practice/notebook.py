"""A notebook, run from its first cell to its last, and the page that shows it.

It runs as it would in Jupyter: with the rights of whoever asks for it. This is for
a student's own report, and marks nothing.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelmark.errors import UsageError
from reelmark.files import write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNEL = "python3"


def run(
    path: Path, modules: Sequence[Path], environment: dict[str, str] | None = None
) -> tuple[NotebookNode, list[str]]:
    """Run a notebook in a fresh kernel, in its own folder.

    Args:
        path: The notebook; the file is not changed.
        modules: Folders that its cells import from, besides its own.
        environment: Variables to set for it.

    Returns:
        The notebook with its outputs, and the ids of cells that did not finish.

    Raises:
        UsageError: It does not exist, is not a notebook, or ends its kernel; or
            Jupyter is not installed.
    """
    nbformat, nbclient, _ = _import_jupyter()
    notebook = _read(path, nbformat)
    unfinished: list[str] = []

    def note(cell: NotebookNode, cell_index: int, **_others: Any) -> None:
        # Before format 4.5, cells had no ids.
        unfinished.append(cell.get("id", f"number {cell_index + 1}"))

    folders = [str(folder.resolve()) for folder in (path.parent, *modules)]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    client = nbclient.NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=None,  # training takes as long as it takes
        allow_errors=True,
        coalesce_streams=True,
        on_cell_error=note,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        # Remarks of the kernel and of TensorFlow are in the notebook, too.
        client.execute(
            env={**variables, **(environment or {})}, stderr=subprocess.DEVNULL
        )
    except nbclient.exceptions.DeadKernelError as error:
        raise UsageError(f"{path}: {error}. Had it enough memory?") from error
    return notebook, unfinished


def keep_outputs(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook that was run, in place of the file it was read from.

    Raises:
        UsageError: The file was changed while it ran; it is left as it is.
    """
    nbformat, _, _ = _import_jupyter()
    now = _read(path, nbformat)
    if [cell.source for cell in now.cells] != [cell.source for cell in notebook.cells]:
        raise UsageError(
            f"{path} was changed while it ran, so it is left as it is. Save it, close "
            "it elsewhere, and run this again."
        )
    write_whole(path, nbformat.writes(notebook) + "\n")


def write_page(notebook: NotebookNode, title: str, out: Path) -> None:
    """Write a notebook as one HTML file that holds its pictures."""
    _, _, nbconvert = _import_jupyter()
    exporter = nbconvert.HTMLExporter(embed_images=True)
    resources = {"metadata": {"name": title}}
    page, _ = exporter.from_notebook_node(notebook, resources=resources)
    write_whole(out, page)


def _import_jupyter() -> tuple[Any, Any, Any]:
    try:
        import nbclient
        import nbconvert
        import nbformat
    except ImportError as error:
        raise UsageError(
            f"A report is run by Jupyter, and {error.name} is not installed here. "
            "Install requirements.lock as the brief says, or the extra 'notebook'."
        ) from error
    return nbformat, nbclient, nbconvert


def _read(path: Path, nbformat: Any) -> Any:
    if not path.is_file():
        raise UsageError(f"There is no notebook at {path}. Name its folder: --folder.")
    try:
        return nbformat.read(path, as_version=4)
    except ValueError as error:
        raise UsageError(f"{path} is no notebook: {error}") from error
