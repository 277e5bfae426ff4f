"""The fixture datasets have the real layout, and the properties other tests rely on."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from ast import literal_eval
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from sample_class import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

FIXTURES = ROOT / "fixtures"
NAMES = ("public", "hidden")
# Written out: an oracle for the order of the columns, not taken from the generator.
GENRES = [
    "Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary",
    "Drama", "Family", "Fantasy", "History", "Horror", "Music", "Musical", "Mystery",
    "N/A", "News", "Reality-TV", "Romance", "Sci-Fi", "Short", "Sport", "Thriller",
    "War", "Western",
]  # fmt: skip
EMPTY_GENRES = {"Documentary", "News", "Reality-TV", "Short"}
BATCH_SIZES = (8, 16, 32, 64)


class Fixture(NamedTuple):
    """One set: its directory, its table and its posters by id."""

    root: Path
    table: pd.DataFrame
    posters: dict[str, np.ndarray]  # uint8, (300, 150, 3)

    @property
    def labels(self) -> np.ndarray:
        """0 or 1, int64, shape (films, 25)."""
        return self.table[GENRES].to_numpy()

    @property
    def images(self) -> np.ndarray:
        """The posters of the films in file order, uint8, (films, 300, 150, 3)."""
        return np.stack([self.posters[id_] for id_ in self.table["Id"]])


def read_fixture(name: str, directory: Path = FIXTURES) -> Fixture:
    """Read one set from below ``directory``."""
    root = directory / name / "Multimodal_IMDB_dataset"
    table = pd.read_csv(root / "IMDB_overview_genres.csv", keep_default_na=False)
    paths = sorted((root / "Images").iterdir())
    posters = {path.stem: np.asarray(open_rgb(path)) for path in paths}
    return Fixture(root, table, posters)


def open_rgb(path: Path) -> Image.Image:
    """Open an image, and fail where it is not RGB already."""
    with Image.open(path) as image:
        image.load()
        assert image.mode == "RGB"
        return image.copy()


@pytest.fixture(scope="module", params=NAMES)
def fixture(request: pytest.FixtureRequest) -> Fixture:
    """Each of the two sets in turn."""
    return read_fixture(request.param)


@pytest.fixture(scope="module")
def both() -> tuple[Fixture, Fixture]:
    """The public and the hidden set."""
    return read_fixture("public"), read_fixture("hidden")


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Directory into which the generator has just written both sets."""
    out = tmp_path_factory.mktemp("regenerated")
    command = [sys.executable, str(FIXTURES / "generate.py"), "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return out


# --- the table ---------------------------------------------------------------------


def test_columns_have_the_real_names_and_order(fixture: Fixture) -> None:
    """The columns are Id, Genre, 25 genres in alphabetical order, Overview."""
    assert list(fixture.table.columns) == ["Id", "Genre", *GENRES, "Overview"]


def test_default_read_csv_loses_nothing(fixture: Fixture) -> None:
    """Plain ``read_csv`` reads the same table: ``N/A`` is only a header there.

    pandas turns *cells* that say N/A into missing values. The name occurs as a column
    header and inside ``['N/A']``, neither of which is such a cell.
    """
    default = pd.read_csv(fixture.root / "IMDB_overview_genres.csv")
    pd.testing.assert_frame_equal(default, fixture.table)


def test_na_is_an_ordinary_genre_column(fixture: Fixture) -> None:
    """Exactly one film has the genre N/A, as an integer 1 in the column ``N/A``."""
    films = fixture.table[fixture.table["N/A"] == 1]
    assert films["Genre"].tolist() == ["['N/A']"]


def test_csv_is_quoted_as_the_real_one(fixture: Fixture) -> None:
    """Fields are quoted only if they must be; lines end in a bare newline."""
    text = (fixture.root / "IMDB_overview_genres.csv").read_bytes().decode("utf-8")
    minimal = io.StringIO()
    rows = csv.reader(io.StringIO(text, newline=""))
    csv.writer(minimal, lineterminator="\n").writerows(rows)
    assert text == minimal.getvalue()


def test_ids_are_made_up_and_distinct(fixture: Fixture) -> None:
    """Ids look like ``tt9900001``: the real form, in a range the real set lacks."""
    assert fixture.table["Id"].is_unique
    assert fixture.table["Id"].str.fullmatch(r"tt99\d{5}").all()


def test_file_order_is_not_id_order(fixture: Fixture) -> None:
    """Rows are not sorted by Id, so listing ``Images/`` gives another order."""
    assert not fixture.table["Id"].is_monotonic_increasing


def test_last_batch_is_partial_at_every_usual_batch_size(fixture: Fixture) -> None:
    """24 to 64 films; neither they nor the parts of an 80/20 split fill batches."""
    num_films = len(fixture.table)
    assert 24 <= num_films <= 64
    assert num_films % 5 == 0  # so 80% and 20% are whole numbers of films
    parts = (num_films, num_films * 4 // 5, num_films // 5)
    assert all(part % size for part in parts for size in BATCH_SIZES)


# --- the labels --------------------------------------------------------------------


def test_genre_lists_agree_with_the_columns(fixture: Fixture) -> None:
    """``Genre`` holds a list of exactly the genres whose columns are 1."""
    listed = [set(literal_eval(text)) for text in fixture.table["Genre"]]
    names = np.array(GENRES)
    assert listed == [set(names[row == 1].tolist()) for row in fixture.labels]
    assert set(np.unique(fixture.labels)) == {0, 1}


def test_genre_lists_are_not_in_column_order(fixture: Fixture) -> None:
    """Some lists name their genres in another order than the columns."""
    lists = [literal_eval(text) for text in fixture.table["Genre"]]
    assert any(genres != sorted(genres) for genres in lists)


def test_films_have_one_to_three_genres(fixture: Fixture) -> None:
    """There are films of one, two and three genres, and no others."""
    assert set(fixture.labels.sum(axis=1)) == {1, 2, 3}


def test_four_genres_have_no_film(fixture: Fixture) -> None:
    """Four genres are empty as in the real set; the others, N/A apart, have 2 films."""
    counts = dict(zip(GENRES, fixture.labels.sum(axis=0).tolist(), strict=True))
    assert {genre for genre, count in counts.items() if count == 0} == EMPTY_GENRES
    assert {genre for genre, count in counts.items() if count == 1} == {"N/A"}


def test_a_row_of_labels_names_its_film(fixture: Fixture) -> None:
    """No two films have the same genres."""
    assert len(np.unique(fixture.labels, axis=0)) == len(fixture.table)


# --- the overviews -----------------------------------------------------------------


def test_one_overview_is_used_twice(fixture: Fixture) -> None:
    """Two films share an overview; all other overviews are distinct."""
    assert fixture.table["Overview"].duplicated().sum() == 1


def test_some_overviews_are_cut_off(fixture: Fixture) -> None:
    """A few overviews stop after one to four words; one is a single word."""
    num_words = fixture.table["Overview"].str.split().str.len()
    assert num_words.min() == 1
    assert 2 <= (num_words <= 4).sum() <= 5
    assert num_words.max() <= 68  # the longest real overview


@pytest.mark.parametrize("character", ["é", "ø", ",", '"'])
def test_overviews_hold_awkward_characters(fixture: Fixture, character: str) -> None:
    """Some overviews have accented letters, commas and quotation marks."""
    assert fixture.table["Overview"].str.contains(character, regex=False).any()


# --- the posters -------------------------------------------------------------------


def test_posters_are_150_wide_and_300_high(fixture: Fixture) -> None:
    """Every image, orphans included, is RGB of the real size."""
    assert {poster.shape for poster in fixture.posters.values()} == {(300, 150, 3)}


def test_every_film_has_a_poster(fixture: Fixture) -> None:
    """Each Id of the table names an image."""
    assert set(fixture.table["Id"]) <= set(fixture.posters)


def test_some_posters_belong_to_no_film(fixture: Fixture) -> None:
    """A few images are in no row, and one of them sorts before the last film's."""
    orphans = set(fixture.posters) - set(fixture.table["Id"])
    assert 2 <= len(orphans) <= 5
    assert min(orphans) < fixture.table["Id"].max()


def resize_all(image: Image.Image) -> Image.Image:
    """Squeeze the whole poster into 64 x 64."""
    return image.resize((64, 64), Image.Resampling.BILINEAR)


def resize_without_averaging(image: Image.Image) -> Image.Image:
    """Pick 64 x 64 single pixels, as a resize without antialiasing nearly does."""
    return image.resize((64, 64), Image.Resampling.NEAREST)


def resize_with_padding(image: Image.Image) -> Image.Image:
    """Keep the shape: 32 x 64, before the black borders are added."""
    return image.resize((32, 64), Image.Resampling.BILINEAR)


def crop_corner(image: Image.Image) -> Image.Image:
    """Keep the 64 x 64 pixels at the top left."""
    return image.crop((0, 0, 64, 64))


def crop_centre(image: Image.Image) -> Image.Image:
    """Keep the 64 x 64 pixels in the middle."""
    return image.crop((43, 118, 107, 182))


PREPROCESSINGS = (
    resize_all,
    resize_without_averaging,
    resize_with_padding,
    crop_corner,
    crop_centre,
)


@pytest.mark.parametrize("preprocess", PREPROCESSINGS)
def test_posters_stay_distinguishable(
    fixture: Fixture, preprocess: Callable[[Image.Image], Image.Image]
) -> None:
    """After a resize or a crop, any two posters differ by 10 of 255 on average.

    Pillow and TensorFlow decode these files with mean differences below 2, so ten
    cannot come from the decoder. The closest pair is at 13.
    """
    images = [Image.fromarray(poster) for poster in fixture.posters.values()]
    pixels = np.stack([np.asarray(preprocess(x), float).ravel() for x in images])
    assert compute_smallest_distance(pixels) >= 10


@pytest.mark.parametrize("resampling", list(Image.Resampling), ids=lambda x: x.name)
def test_nearest_poster_is_the_right_one(
    fixture: Fixture, resampling: Image.Resampling
) -> None:
    """Resized in two ways, a poster is most similar to itself.

    So a test can name the film of a 64 x 64 image without knowing how it was made.
    """
    images = [Image.fromarray(poster) for poster in fixture.posters.values()]
    known = np.stack([np.asarray(resize_all(image), float) for image in images])
    for position, image in enumerate(images):
        found = np.asarray(image.resize((64, 64), resampling), float)
        assert np.abs(known - found).mean(axis=(1, 2, 3)).argmin() == position


def test_corner_colour_names_the_film(fixture: Fixture) -> None:
    """The mean colours of two 64 x 64 corners are at least 40 of 255 apart (RGB).

    The corner is flat and JPEG moves its mean by less than 2, so one colour is enough
    to tell a film.
    """
    corners = np.stack([poster[:64, :64] for poster in fixture.posters.values()])
    means = corners.mean(axis=(1, 2))
    gaps = np.linalg.norm(means[:, None] - means[None], axis=2)
    assert gaps[~np.eye(len(means), dtype=bool)].min() >= 40


def compute_smallest_distance(rows: np.ndarray) -> float:
    """Return the smallest mean absolute difference between two rows."""
    pairs = ((i, j) for j in range(len(rows)) for i in range(j))
    return min(float(np.abs(rows[i] - rows[j]).mean()) for i, j in pairs)


# --- what can be learnt ------------------------------------------------------------


def average_blocks(images: np.ndarray) -> np.ndarray:
    """Mean colours of a 12 x 6 grid of 25 x 25 pixels, float64 in [0, 1], (n, 216)."""
    blocks = images.reshape(-1, 12, 25, 6, 25, 3).mean(axis=(2, 4))
    return blocks.reshape(len(images), -1) / 255


def split_words(overview: str) -> set[str]:
    """Return the words of an overview, lower case, without punctuation."""
    return {word.strip('.,;"').lower() for word in overview.split()}


def mark_words(overviews: pd.Series, vocabulary: list[str]) -> np.ndarray:
    """Return 1.0 where an overview has a word, shape (n, words)."""
    words = [split_words(text) for text in overviews]
    return np.array([[word in known for word in vocabulary] for known in words], float)


def fit_ridge(
    features: np.ndarray, labels: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """Fit a linear model with a penalty of 1 and return its prediction function."""
    mean, base = features.mean(axis=0), labels.mean(axis=0)
    centred = features - mean
    gram = centred @ centred.T + np.eye(len(features))
    weights = centred.T @ np.linalg.solve(gram, labels - base)
    return lambda new: np.clip(base + (new - mean) @ weights, 0.01, 0.99)


def compute_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Binary cross-entropy, mean over films and genres."""
    clipped = np.clip(probabilities, 1e-7, 1 - 1e-7)
    chosen = np.where(labels == 1, clipped, 1 - clipped)
    return float(-np.log(chosen).mean())


def compute_constant_loss(train: Fixture, valid: Fixture) -> float:
    """Loss of always predicting the genre frequencies of ``train`` (0.01 to 0.99)."""
    frequencies = np.clip(train.labels.mean(axis=0), 0.01, 0.99)
    return compute_loss(valid.labels, np.broadcast_to(frequencies, valid.labels.shape))


@pytest.mark.parametrize("swapped", [False, True], ids=["to_hidden", "to_public"])
def test_posters_predict_genres(both: tuple[Fixture, Fixture], swapped: bool) -> None:
    """A linear model of mean colours also works on the other set.

    It takes a quarter or more off the loss of constant frequencies (measured: 43% to
    60%), so the signatures carry over and are not only remembered.
    """
    train, valid = reversed(both) if swapped else both
    predict = fit_ridge(average_blocks(train.images), train.labels)
    loss = compute_loss(valid.labels, predict(average_blocks(valid.images)))
    assert loss < 0.75 * compute_constant_loss(train, valid)


@pytest.mark.parametrize("swapped", [False, True], ids=["to_hidden", "to_public"])
def test_overviews_predict_genres(both: tuple[Fixture, Fixture], swapped: bool) -> None:
    """A linear model of words also works on the other set.

    It takes a quarter or more off the loss of constant frequencies (measured: 43% to
    60%), so the signatures carry over and are not only remembered.
    """
    train, valid = reversed(both) if swapped else both
    vocabulary = sorted(set().union(*map(split_words, train.table["Overview"])))
    predict = fit_ridge(mark_words(train.table["Overview"], vocabulary), train.labels)
    loss = compute_loss(
        valid.labels, predict(mark_words(valid.table["Overview"], vocabulary))
    )
    assert loss < 0.75 * compute_constant_loss(train, valid)


# --- the two sets together ---------------------------------------------------------


def test_both_sets_fit_in_300_kilobytes() -> None:
    """The files of both sets hold fewer than 300,000 bytes."""
    roots = [FIXTURES / name / "Multimodal_IMDB_dataset" for name in NAMES]
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 300_000


def test_sets_share_no_id(both: tuple[Fixture, Fixture]) -> None:
    """No poster of the hidden set, orphans included, has a public id."""
    public, hidden = both
    assert not set(public.posters) & set(hidden.posters)


def test_sets_share_no_overview(both: tuple[Fixture, Fixture]) -> None:
    """No overview of the hidden set is in the public one."""
    public, hidden = both
    assert not set(public.table["Overview"]) & set(hidden.table["Overview"])


def test_sets_share_no_poster(both: tuple[Fixture, Fixture]) -> None:
    """Every poster of the two sets has a corner colour of its own."""
    posters = [poster for one in both for poster in one.posters.values()]
    corners = np.stack([poster[:64, :64].mean(axis=(0, 1)) for poster in posters])
    assert compute_smallest_distance(corners) >= 6


@pytest.mark.parametrize("name", NAMES)
def test_generator_reproduces_the_csv(regenerated: Path, name: str) -> None:
    """The generator writes the committed CSV again, byte for byte."""
    csv_path = Path(name, "Multimodal_IMDB_dataset", "IMDB_overview_genres.csv")
    assert (regenerated / csv_path).read_bytes() == (FIXTURES / csv_path).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_generator_reproduces_the_posters(regenerated: Path, name: str) -> None:
    """The generator draws exactly the committed posters again.

    Pixels and not bytes are compared, with a mean difference of up to 2 of 255: JPEG
    encoders of different versions round differently.
    """
    committed, fresh = read_fixture(name), read_fixture(name, regenerated)
    assert set(fresh.posters) == set(committed.posters)
    for id_, poster in fresh.posters.items():
        assert np.abs(poster.astype(int) - committed.posters[id_]).mean() <= 2, id_
