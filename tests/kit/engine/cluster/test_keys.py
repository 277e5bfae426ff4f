"""Keys: who gets which, and that none is made twice."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner

from reelmark.cli import app
from reelmark.cluster.keys import read_part, read_ring, write_keys
from reelmark.errors import UsageError


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of a cluster with two nodes."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    write_keys(folder, ["ada", "ben"])
    return folder


def test_every_part_has_a_folder(made: Path) -> None:
    """Authority, instructor, scheduler and each node have certificate and key."""
    parts = {path.parent.relative_to(made).as_posix() for path in made.rglob("key.pem")}
    assert parts == {"authority", "instructor", "scheduler", "nodes/ada", "nodes/ben"}


def test_nobody_else_can_read_them(made: Path) -> None:
    """Folders and files are their owner's alone."""
    modes = {stat.S_IMODE(path.stat().st_mode) for path in made.rglob("*.pem")}
    assert modes == {0o600}
    assert stat.S_IMODE((made / "nodes" / "ada").stat().st_mode) == 0o700


def test_authority_signed_them(made: Path) -> None:
    """A certificate is signed by the authority, and the others can verify it."""
    authority = x509.load_pem_x509_certificate(
        read_part(made / "authority").certificate.encode()
    )
    for part in ("instructor", "scheduler", "nodes/ada"):
        read = read_part(made / part)
        certificate = x509.load_pem_x509_certificate(read.certificate.encode())
        certificate.verify_directly_issued_by(authority)
        assert read.ca == read_part(made / "authority").certificate


def test_only_what_is_missing_is_made(made: Path, tmp_path: Path) -> None:
    """Adding a node leaves the other nodes' keys as they are."""
    folder = tmp_path / "keys"
    shutil.copytree(made, folder)
    before = read_part(folder / "nodes" / "ada")
    assert write_keys(folder, ["ada", "cleo"]) == [folder / "nodes" / "cleo"]
    assert read_part(folder / "nodes" / "ada") == before
    assert set(read_ring(folder).nodes) == {"ada", "ben", "cleo"}


def test_node_that_is_removed_is_named_no_more(made: Path, tmp_path: Path) -> None:
    """A node whose folder is gone cannot read what is sent."""
    folder = tmp_path / "keys"
    shutil.copytree(made, folder)
    shutil.rmtree(folder / "nodes" / "ben")
    assert set(read_ring(folder).nodes) == {"ada"}


def test_missing_keys_are_told(tmp_path: Path) -> None:
    """A folder without keys is answered with the command that makes them."""
    with pytest.raises(UsageError, match="reelmark cluster keys"):
        read_ring(tmp_path)


@pytest.mark.parametrize("name", ["../away", "", "a b", "-"])
def test_names_are_names_of_folders(tmp_path: Path, name: str) -> None:
    """A node's name must be usable as a folder's."""
    with pytest.raises(UsageError, match="cannot be the name of a node"):
        write_keys(tmp_path / "keys", [name])
    assert not (tmp_path / "keys").exists()


def test_command_says_what_it_made(tmp_path: Path) -> None:
    """The command names the folders that it made, and makes none of them twice."""
    command = ["cluster", "keys", "--out", str(tmp_path / "keys")]
    first, second = (CliRunner().invoke(app, command) for _ in range(2))
    assert first.stdout.count("made  ") == 4
    assert "nodes/node" in first.stdout
    assert "Nothing was missing" in second.stdout
