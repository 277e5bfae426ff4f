"""The commands ``reelmark cluster ...``; and how `grade` gets a cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reelmark.cluster.place import read_place
from reelmark.errors import UsageError
from reelmark.terminal.help import Commands

if TYPE_CHECKING:
    from reelmark.cluster.remote import RemoteBackend
    from reelmark.manifest import Coursework

app = typer.Typer(
    cls=Commands,
    help="Mark on several machines: see also `reelmark grade --on`.",
    no_args_is_help=True,
)

MISSING = (
    "To mark on a cluster takes Dask and cryptography, and {} is not installed. In the "
    "kit's folder: pip install -e '.[cluster]', here and for every node."
)


@app.callback()
def _group() -> None:
    """Keep ``keys`` as a subcommand, though it is the only one."""


@app.command()
def keys(
    out: Annotated[Path, typer.Option(help="The folder for the keys.")],
    node: Annotated[
        list[str] | None,
        typer.Option(help="A node that may read what is marked; repeatable."),
    ] = None,
) -> None:
    """Make the certificates of a cluster, or those that a folder still lacks.

    Give the scheduler and each node its own folder, and nobody any other.
    """
    with _explaining_imports():
        from reelmark.cluster.keys import NODE, write_keys

    made = write_keys(out, node or [NODE])
    for folder in made:
        typer.echo(f"made  {folder}")
    if not made:
        typer.echo(f"Nothing was missing in {out}.")


@contextlib.contextmanager
def open_cluster(
    coursework: Coursework, on: str, keys: Path | None, *, is_unsafe: bool
) -> Iterator[tuple[RemoteBackend | None, int]]:
    """Hold a backend that marks on a cluster.

    Args:
        coursework: The coursework whose suites are run.
        on: Where to mark, as typed; empty for this machine.
        keys: The folder of the cluster's keys, if it was named.
        is_unsafe: Whether hidden checks run even if submissions could read them.

    Yields:
        The backend, and how many submissions to give it at a time; without a
        cluster, None and 0.

    Raises:
        UsageError: There is no such place, or a package is missing.
    """
    if not on:
        if keys:
            raise UsageError("--keys belongs to a cluster: say with --on where that is")
        yield None, 0
        return
    place = read_place(on)
    with _explaining_imports():
        from reelmark.cluster.connection import connect
        from reelmark.cluster.remote import RemoteBackend

    with connect(place, keys) as connection:
        backend = RemoteBackend(
            coursework, connection, is_unsafe=is_unsafe, tell=typer.echo
        )
        yield backend, connection.num_jobs


@contextlib.contextmanager
def _explaining_imports() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(MISSING.format(error.name)) from error
