"""The dataset as students get it: what is loaded, and what is refused."""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sample_class import ROOT

FIXTURE = ROOT / "fixtures" / "public" / "Multimodal_IMDB_dataset"
FIRST, SECOND = "tt9900001", "tt9900022"
"""Ids in rows 2 and 3 of the fixture's table."""


@pytest.fixture(scope="module")
def dataset() -> ModuleType:
    """The given module."""
    spec = spec_from_file_location("given_dataset", ROOT / "assignment" / "dataset.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # Its dataclass looks itself up while it is made.
    sys.modules["given_dataset"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the fixture films that a test may spoil."""
    return Path(shutil.copytree(FIXTURE, tmp_path / "Multimodal_IMDB_dataset"))


def _pack(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, path.relative_to(folder.parent))
    return archive


def test_folder_is_loaded(dataset: ModuleType) -> None:
    """All 35 films come in the order of the table, with labels and posters."""
    films = dataset.load_films(FIXTURE)
    assert len(films) == 35
    assert films.table.Id[:2].tolist() == [FIRST, SECOND]
    assert films.labels.shape == (35, 25)
    assert all(Path(poster).is_file() for poster in films.posters)


def test_folder_above_is_loaded(dataset: ModuleType) -> None:
    """The folder that contains the dataset is accepted, too."""
    assert len(dataset.load_films(FIXTURE.parent)) == 35


def test_zip_is_loaded_as_the_folder_is(
    dataset: ModuleType, copy: Path, tmp_path: Path
) -> None:
    """A zip file gives the same films, unpacked where it was asked to."""
    archive = _pack(copy, tmp_path / "Multimodal_IMDB_dataset.zip")
    films = dataset.load_films(archive, unpack_to=tmp_path / "unpacked")
    assert films.table.equals(dataset.load_films(FIXTURE).table)
    assert films.folder == tmp_path / "unpacked" / "Multimodal_IMDB_dataset"


def test_zip_cannot_write_outside(dataset: ModuleType, tmp_path: Path) -> None:
    """A member that points upwards ends up among the posters, or nowhere."""
    with zipfile.ZipFile(tmp_path / "films.zip", "w") as file:
        file.write(FIXTURE / dataset.TABLE, dataset.TABLE)
        file.writestr("../../outside.jpg", b"")
    with pytest.raises(dataset.DatasetError, match="is missing"):
        dataset.load_films(tmp_path / "films.zip", unpack_to=tmp_path / "deep" / "er")
    assert not list(tmp_path.glob("outside.jpg"))
    assert not list((tmp_path / "deep").glob("outside.jpg"))


def _set_header(table: str) -> str:
    return table.replace("Overview", "Plot", 1)


def _repeat_row(table: str) -> str:
    return table + table.splitlines()[1] + "\n"


def _spoil_label(table: str) -> str:
    lines = table.splitlines(keepends=True)
    lines[2] = lines[2].replace(",0,", ",2,", 1)
    return "".join(lines)


def _empty_overview(table: str) -> str:
    lines = table.splitlines(keepends=True)
    lines[2] = lines[2].split(',"')[0] + ',""\n'
    return "".join(lines)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_set_header, "other columns than it must: Overview missing; Plot unknown"),
        (_repeat_row, f"row 37: {FIRST} was in row 2"),
        (_spoil_label, rf"row 3 \({SECOND}\): a genre is neither 0 nor 1"),
        (_empty_overview, rf"row 3 \({SECOND}\): no overview"),
        (lambda table: table.splitlines()[0] + "\n", "holds no films"),
    ],
)
def test_wrong_table_is_told_by_row(
    dataset: ModuleType, copy: Path, spoil: Callable[[str], str], sentence: str
) -> None:
    """An error in the table is explained in words, with its row."""
    table = copy / dataset.TABLE
    table.write_text(spoil(table.read_text("utf-8")), "utf-8")
    with pytest.raises(dataset.DatasetError, match=sentence):
        dataset.load_films(copy)


def test_missing_poster_is_told_by_row(dataset: ModuleType, copy: Path) -> None:
    """A film without its poster is named, with its row."""
    (copy / "Images" / f"{SECOND}.jpg").unlink()
    with pytest.raises(dataset.DatasetError, match=rf"row 3: {SECOND}.jpg is missing"):
        dataset.load_films(copy)


def test_broken_posters_are_told_by_row(dataset: ModuleType, copy: Path) -> None:
    """A truncated JPEG and a text file are found before training; if many, counted."""
    for poster in (copy / "Images").glob("*.jpg"):
        poster.write_bytes(poster.read_bytes()[:500])
    with pytest.raises(dataset.DatasetError, match="no JPEG that can be") as caught:
        dataset.load_films(copy)
    assert "and 30 more rows like that" in str(caught.value)


@pytest.mark.parametrize("name", ["nowhere", "Images"])
def test_nothing_there_is_told(dataset: ModuleType, copy: Path, name: str) -> None:
    """A path without a dataset says what to give instead."""
    with pytest.raises(dataset.DatasetError, match="Give the folder Multimodal"):
        dataset.load_films(copy / name)


def test_broken_zip_is_told(dataset: ModuleType, copy: Path, tmp_path: Path) -> None:
    """Half a zip file is refused, and leaves nothing behind."""
    archive = _pack(copy, tmp_path / "half.zip")
    archive.write_bytes(archive.read_bytes()[:20_000])
    with pytest.raises(dataset.DatasetError, match="not a whole zip file"):
        dataset.load_films(archive, unpack_to=tmp_path / "unpacked")
    assert list((tmp_path / "unpacked").iterdir()) == []


def test_split_is_a_partition(dataset: ModuleType) -> None:
    """Every film is on one side; one in five is for validation."""
    films = dataset.load_films(FIXTURE)
    train, valid = dataset.split_films(films, 7)
    assert (len(train), len(valid)) == (28, 7)
    assert sorted([*train.table.Id, *valid.table.Id]) == sorted(films.table.Id)


def test_split_belongs_to_its_seed(dataset: ModuleType) -> None:
    """The same seed gives the same split, another seed a different one."""
    films = dataset.load_films(FIXTURE)
    first, again, other = (dataset.split_films(films, seed)[1] for seed in (1, 1, 2))
    assert first.table.equals(again.table)
    assert not first.table.equals(other.table)


def test_films_stay_together(dataset: ModuleType) -> None:
    """After a split, poster, overview and labels of a position are one film's."""
    films = dataset.load_films(FIXTURE)
    _, valid = dataset.split_films(films, 1)
    film = films.table.Id.tolist().index(valid.table.Id[0])
    assert valid.posters[0] == films.posters[film]
    assert valid.overviews[0] == films.overviews[film]
    assert np.array_equal(valid.labels[0], films.labels[film])
