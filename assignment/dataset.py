"""The films: load the dataset, see whether it is whole, split it.

This module is given: use it as it is.

::

    films = load_films("Multimodal_IMDB_dataset")      # or Multimodal_IMDB_dataset.zip
    train, valid = split_films(films, seed=1)
    train.posters, train.overviews, train.labels       # what the pipelines begin with
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

NAME = "Multimodal_IMDB_dataset"
TABLE = "IMDB_overview_genres.csv"
FIRST_COLUMNS, LAST_COLUMN = ["Id", "Genre"], "Overview"
GENRES = [
    "Action",
    "Adventure",
    "Animation",
    "Biography",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "History",
    "Horror",
    "Music",
    "Musical",
    "Mystery",
    "N/A",
    "News",
    "Reality-TV",
    "Romance",
    "Sci-Fi",
    "Short",
    "Sport",
    "Thriller",
    "War",
    "Western",
]
COLUMNS = [*FIRST_COLUMNS, *GENRES, LAST_COLUMN]
SHOWN = 5
"""Problems of one kind that a message lists before it only counts."""


class DatasetError(ValueError):
    """The dataset cannot be used as it is; the message says where and why."""


@dataclass(frozen=True)
class Films:
    """Some films of the dataset, in the order of its table."""

    table: pd.DataFrame
    """A row a film: ``Id``, ``Genre``, 25 columns of 0 or 1, ``Overview``."""
    folder: Path
    """The folder that holds ``Images/``."""

    def __len__(self) -> int:
        """Return the number of films."""
        return len(self.table)

    @property
    def genres(self) -> list[str]:
        """Names of the 25 genres, in the order of the columns."""
        return list(GENRES)

    @property
    def labels(self) -> np.ndarray:
        """Genres of the films, float32, 0 or 1, shape (films, 25)."""
        return np.asarray(self.table[GENRES], np.float32)

    @property
    def overviews(self) -> list[str]:
        """One overview a film."""
        return list(self.table[LAST_COLUMN])

    @property
    def posters(self) -> list[str]:
        """Path of one JPEG a film."""
        return [str(self.folder / "Images" / f"{film}.jpg") for film in self.table.Id]

    def take(self, positions: Sequence[int] | np.ndarray) -> Films:
        """Return the films at ``positions``, in that order."""
        return Films(self.table.iloc[positions].reset_index(drop=True), self.folder)


def load_films(path: str | Path, *, unpack_to: str | Path | None = None) -> Films:
    """Load the dataset and look whether all of it is there.

    Args:
        path: The folder ``Multimodal_IMDB_dataset``, a folder that holds it, or the
            file ``Multimodal_IMDB_dataset.zip``.
        unpack_to: Where a zip file is unpacked, once; by default beside it.

    Returns:
        All films of the table, in its order. Posters of no film do not matter.

    Raises:
        DatasetError: Nothing is there, the table is not the one of the coursework,
            an id occurs twice, or a poster is missing or cannot be read. The
            message names the rows; the header is row 1.
    """
    folder = _find_folder(Path(path), unpack_to)
    films = Films(_read_table(folder / TABLE), folder)
    _report(folder / TABLE, _wrong_rows(films.table))
    _report(folder / "Images", _wrong_posters(films.posters))
    return films


def split_films(
    films: Films, seed: int, *, validation: float = 0.2
) -> tuple[Films, Films]:
    """Split the films at random into those to train on and those to validate with.

    Args:
        films: The films.
        seed: The same seed gives the same split.
        validation: The part to validate with, rounded down to whole films.

    Returns:
        The training films and the validation films: 5,060 and 1,265 of the dataset.
    """
    order = np.random.default_rng(seed).permutation(len(films))
    count = int(len(films) * validation)
    return films.take(order[count:]), films.take(order[:count])


def _find_folder(path: Path, unpack_to: str | Path | None) -> Path:
    """Find the folder with the table, unpacking it first if it is a zip file."""
    if path.suffix == ".zip" and path.is_file():
        return _unpack(path, Path(unpack_to or path.parent))
    for folder in (path, path / NAME):
        if (folder / TABLE).is_file():
            return folder
    raise DatasetError(
        f"There is no dataset at {path}. Give the folder {NAME} (it holds {TABLE} and "
        f"Images/), or {NAME}.zip."
    )


def _unpack(archive: Path, target: Path) -> Path:
    """Unpack table and posters into ``target``; all of them, or nothing."""
    folder = target / NAME
    if (folder / TABLE).is_file():
        return folder
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as scratch:
        try:
            with zipfile.ZipFile(archive) as file:
                _copy_members(file, Path(scratch) / NAME)
        except (zipfile.BadZipFile, EOFError) as error:
            message = f"{archive} is not a whole zip file ({error}). Get it again."
            raise DatasetError(message) from error
        if not (Path(scratch) / NAME / TABLE).is_file():
            raise DatasetError(f"{archive} holds no {TABLE}: is it {NAME}.zip?")
        shutil.rmtree(folder, ignore_errors=True)
        (Path(scratch) / NAME).rename(folder)
    return folder


def _copy_members(archive: zipfile.ZipFile, folder: Path) -> None:
    """Copy the table and the posters, by their last names: wherever they lie."""
    (folder / "Images").mkdir(parents=True)
    for member in archive.infolist():
        path = PurePosixPath(member.filename)
        if "__MACOSX" in path.parts or member.is_dir():
            continue
        if path.name == TABLE:
            (folder / TABLE).write_bytes(archive.read(member))
        elif path.suffix == ".jpg":
            (folder / "Images" / path.name).write_bytes(archive.read(member))


def _read_table(path: Path) -> pd.DataFrame:
    """Read the table; ``N/A`` is the name of a genre, no missing value."""
    try:
        table = pd.read_csv(path, keep_default_na=False, dtype=str, encoding="utf-8")
    except (ValueError, OSError) as error:
        raise DatasetError(f"{path} cannot be read as a table: {error}") from error
    if (columns := list(table.columns)) != COLUMNS:
        raise DatasetError(f"{path} has other columns than it must: {_differ(columns)}")
    if table.empty:
        raise DatasetError(f"{path} holds no films.")
    return table


def _differ(columns: list[str]) -> str:
    """Say in words how a table's columns differ from those of the coursework."""
    missing = [name for name in COLUMNS if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    said = [f"{', '.join(missing)} missing"] if missing else []
    said += [f"{', '.join(unknown)} unknown"] if unknown else []
    return "; ".join(said or ["their order"]) + (
        f". It must have Id, Genre, the genres from {GENRES[0]} to {GENRES[-1]}, and "
        "Overview last."
    )


def _wrong_rows(table: pd.DataFrame) -> list[str]:
    """List what is wrong with rows of the table, and make its labels numbers."""
    wrong = []
    answers = table[GENRES].isin(["0", "1"]).all(axis=1)
    first = table.groupby("Id").cumcount() == 0
    for position in np.flatnonzero(~answers | ~first | (table[LAST_COLUMN] == "")):
        film, row = table.Id[position], position + 2
        if not answers[position]:
            wrong.append(f"row {row} ({film}): a genre is neither 0 nor 1")
        elif not first[position]:
            wrong.append(f"row {row}: {film} was in row {_first_row(table, film)}")
        else:
            wrong.append(f"row {row} ({film}): no overview")
    if not wrong:
        table[GENRES] = table[GENRES].astype(np.int64)
    return wrong


def _first_row(table: pd.DataFrame, film: str) -> int:
    return int((table.Id == film).argmax()) + 2


def _wrong_posters(posters: list[str]) -> list[str]:
    """List posters that are missing or cannot be decoded, with the film's row."""
    with ThreadPoolExecutor() as pool:
        faults = list(pool.map(_find_fault, posters))
    rows = enumerate(zip(posters, faults, strict=True), start=2)
    return [
        f"row {row}: {Path(poster).name} {fault}"
        for row, (poster, fault) in rows
        if fault
    ]


def _find_fault(poster: str) -> str | None:
    """Decode a poster as the pipeline will; say what is wrong with it, if anything."""
    import tensorflow as tf

    try:
        tf.io.decode_jpeg(tf.io.read_file(poster), channels=3)
    except tf.errors.NotFoundError:
        return "is missing"
    except (tf.errors.OpError, ValueError):
        return "is no JPEG that can be decoded"
    return None


def _report(place: Path, problems: list[str]) -> None:
    """Raise an error that lists the first problems, if there are any."""
    if problems:
        raise DatasetError(f"{place}: {'; '.join(_shorten(problems))}.")


def _shorten(problems: list[str]) -> Iterator[str]:
    yield from problems[:SHOWN]
    if len(problems) > SHOWN:
        yield f"and {len(problems) - SHOWN:,} more rows like that"
