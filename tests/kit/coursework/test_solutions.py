"""Solutions: facts about the reference that the marking suites do not check."""

from __future__ import annotations

import doctest
import importlib.util
import itertools
import math
import os
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.stage.classes import real_coursework

COURSEWORK = real_coursework()
TABLE_CSV = Path("Multimodal_IMDB_dataset") / "IMDB_overview_genres.csv"


def load_solution(name: str) -> ModuleType:
    """Import a module of the reference by its path."""
    path = COURSEWORK.solutions / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"reference_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cnn() -> ModuleType:
    """The reference's poster network."""
    return load_solution("cnn")


@pytest.fixture(scope="module")
def lstm() -> ModuleType:
    """The reference's overview network."""
    return load_solution("lstm")


@pytest.fixture(scope="module")
def callbacks() -> ModuleType:
    """The reference's training."""
    return load_solution("callbacks")


@pytest.fixture(scope="module")
def evaluation() -> ModuleType:
    """The reference's evaluation."""
    return load_solution("evaluation")


@pytest.fixture(scope="module")
def encoder() -> Any:
    """An encoder whose vocabulary holds nine entries, for padding and unknown too."""
    import keras

    words = ["film", "story", "man", "woman", "dog", "war", "love"]
    return keras.layers.TextVectorization(vocabulary=words)


@pytest.fixture(scope="module")
def real_labels() -> np.ndarray:
    """The genres of the real films, 0 or 1, shape (6325, 25)."""
    folder = os.environ.get("REELMARK_DATA")
    if folder is None:
        pytest.skip("REELMARK_DATA does not name a folder with the real dataset")
    path = Path(folder) / TABLE_CSV
    if not path.is_file():
        pytest.skip(f"REELMARK_DATA is set, but there is no {path}")
    return pd.read_csv(path).iloc[:, 2:-1].to_numpy()


def read_rows(first: str, last: str) -> list[list[str]]:
    """Return the rows of a table in the brief, from one first cell to another."""
    text = (COURSEWORK.stubs / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(rf"^\| {first} \|.*?^\| {last} \|.*?$", text, re.M | re.S)
    return [re.split(r" *\| *", row)[1:-1] for row in table.splitlines()]


def count_lstm(units: int, inputs: int) -> int:
    """Count the parameters of a bidirectional LSTM: 4 gates in 2 directions."""
    return 2 * 4 * units * (inputs + units + 1)


class TestNetworks:
    """The two networks against closed forms and against the brief's tables."""

    @pytest.mark.parametrize("n_genres", [1, 7, 25])
    def test_cnn_has_3438976_parameters_and_1025_a_genre(
        self, cnn: ModuleType, n_genres: int
    ) -> None:
        """Filters, units and weights add up to the count of the brief."""
        filters = [3, 16, 32, 32, 64, 64, 128, 128]
        convolutions = sum(
            (9 * before + 1) * after for before, after in itertools.pairwise(filters)
        )
        dense = (2048 + 1) * 1024 + (1024 + 1) * 1024 + (1024 + 1) * n_genres
        assert cnn.build_cnn(n_genres).count_params() == convolutions + dense

    def test_brief_tells_the_shape_and_size_of_every_cnn_layer(
        self, cnn: ModuleType
    ) -> None:
        """The brief's table of the CNN is the reference, layer by layer."""
        layers = [
            (
                layer.name,
                " x ".join(f"{size:,}" for size in layer.output.shape[1:]),
                f"{layer.count_params():,}",
            )
            for layer in cnn.build_cnn().layers
        ]
        rows = read_rows("Input", "Output")
        assert [(name, shape, size) for name, _, shape, size in rows] == layers

    def test_lstm_has_256_v_and_1743129_parameters(
        self, lstm: ModuleType, encoder: Any
    ) -> None:
        """Gates, units and vocabulary add up to the count of the brief."""
        model = lstm.build_lstm(encoder, lstm.build_embedder(encoder))
        head = (256 + 1) * 128 + (128 + 1) * 25
        without_words = count_lstm(256, 256) + count_lstm(128, 512) + head
        assert without_words == 1_743_129
        assert model.count_params() == 256 * 9 + without_words

    def test_brief_tells_the_size_of_every_lstm_layer(
        self, lstm: ModuleType, encoder: Any
    ) -> None:
        """The brief's table of the LSTM is the reference, layer by layer."""
        model = lstm.build_lstm(encoder, lstm.build_embedder(encoder))
        sizes = [f"{layer.count_params():,}" for layer in model.layers]
        sizes[1] = "256 V"
        dense = r"Dense \| `n_genres`[^|]*"
        assert [size for *_, size in read_rows("encoder", dense)] == sizes

    def test_lstm_reads_raw_strings(self, lstm: ModuleType, encoder: Any) -> None:
        """Strings of shape (batch,) become 25 probabilities per film."""
        import tensorflow as tf

        model = lstm.build_lstm(encoder, lstm.build_embedder(encoder))
        probabilities = model(tf.constant(["A man, a dog.", "The story of"])).numpy()
        assert probabilities.shape == (2, 25)
        assert ((probabilities > 0) & (probabilities < 1)).all()


class TestSchedule:
    """The learning rate over whole runs."""

    @pytest.mark.parametrize(
        ("epochs", "first", "last"),
        [(40, 1e-4, 7.4082e-5), (20, 1e-3, 1e-3 * math.exp(-0.1))],
        ids=["CNN", "LSTM"],
    )
    def test_run_ends_at_the_rate_of_the_brief(
        self, callbacks: ModuleType, epochs: int, first: float, last: float
    ) -> None:
        """The rate falls once per epoch from the eleventh epoch on."""
        rate = first
        for epoch in range(epochs):
            rate = callbacks.scheduler(epoch, rate)
        assert rate == pytest.approx(last, rel=1e-5)  # the brief has five digits


class TestBaseline:
    """The loss of a guess that looks at nothing."""

    def test_baseline_is_its_definition(self, evaluation: ModuleType) -> None:
        """A slow loop over films and genres gives the same loss."""
        rng = np.random.default_rng(0)
        train_labels = rng.integers(0, 2, (40, 5))
        valid_labels = rng.integers(0, 2, (9, 5))
        losses = []
        for film in valid_labels:
            for genre, has_genre in enumerate(film):
                frequency = sum(row[genre] for row in train_labels) / 40
                losses.append(-math.log(frequency if has_genre else 1 - frequency))
        loss = evaluation.baseline_loss(train_labels, valid_labels)
        # Summing in another order changes the last bits of a float64 only.
        assert loss == pytest.approx(sum(losses) / len(losses), rel=1e-12)

    @pytest.mark.parametrize("frequency", [0, 1])
    def test_surprise_costs_no_more_than_the_clip(
        self, evaluation: ModuleType, frequency: int
    ) -> None:
        """A genre of no training film, or of all, costs at most -log(1e-7)."""
        loss = evaluation.baseline_loss([[frequency]], [[1 - frequency]])
        # 1 - (1 - 1e-7) keeps nine digits of 1e-7 in a float64.
        assert loss == pytest.approx(-math.log(1e-7), rel=1e-9)

    def test_baseline_is_about_0_2346_on_real_splits(
        self, evaluation: ModuleType, real_labels: np.ndarray
    ) -> None:
        """Random splits of the real films have a baseline of 0.2346 on average."""
        losses = []
        for seed in range(20):
            films = np.random.default_rng(seed).permutation(len(real_labels))
            train, valid = real_labels[films[:5060]], real_labels[films[5060:]]
            losses.append(evaluation.baseline_loss(train, valid))
        # One split strays by 0.0022 (standard deviation), the mean of 20 by 0.0005.
        assert np.mean(losses) == pytest.approx(0.2346, abs=3 * 0.0005)

    def test_four_genres_of_the_real_data_have_no_films(
        self, evaluation: ModuleType, real_labels: np.ndarray
    ) -> None:
        """The genres that the brief calls empty are those with support 0."""
        path = Path(os.environ["REELMARK_DATA"]) / TABLE_CSV
        genres = list(pd.read_csv(path, nrows=0).columns[2:-1])
        scores = evaluation.genre_scores(real_labels, real_labels, genres)
        empty = scores.index[scores["support"] == 0]
        assert list(empty) == ["Documentary", "News", "Reality-TV", "Short"]


class TestFigures:
    """What the reference's figures show beyond the task."""

    @pytest.fixture
    def history(self) -> Any:
        """Three epochs of a second model: the metrics are numbered; epoch 2 is best."""
        import keras

        history = keras.callbacks.History()
        names = ("loss", "precision_1", "recall_1")
        history.history = {name: [0.5, 0.4, 0.3] for name in names}
        history.history |= {f"val_{name}": [0.5, 0.2, 0.3] for name in names}
        history.history["learning_rate"] = [1.0, 1.0, 0.9]
        return history

    def test_history_marks_the_best_epoch(
        self, evaluation: ModuleType, history: Any
    ) -> None:
        """The epoch with the lowest validation loss is marked, counted from 1."""
        axes = evaluation.plot_history(history, "CNN").axes[0]
        (mark,) = [line for line in axes.lines if line.get_label() == "best epoch: 2"]
        assert set(mark.get_xdata()) == {2}

    def test_history_marks_where_the_learning_rate_falls(
        self, evaluation: ModuleType, history: Any
    ) -> None:
        """The first epoch with a lower learning rate is marked, counted from 1."""
        axes = evaluation.plot_history(history, "CNN").axes[0]
        labels = [line.get_label() for line in axes.lines]
        assert "learning rate falls: 3" in labels

    def test_genre_names_carry_their_support(self, evaluation: ModuleType) -> None:
        """Every name has the number of films beside it, the largest first."""
        scores = pd.DataFrame(
            {"precision": [0.5, np.nan, 1.0], "recall": 0.5, "f1": 0.5},
            index=["Crime", "News", "Drama"],
        ).assign(support=[12, 0, 3422])
        axes = evaluation.plot_genre_scores(scores, "CNN").axes[0]
        labels = [label.get_text() for label in axes.get_yticklabels()]
        assert labels == ["Drama (3,422)", "Crime (12)", "News (0)"]

    def test_dollars_of_an_overview_stay_dollars(self, evaluation: ModuleType) -> None:
        """An overview with dollar signs is drawn as text, not as mathematics."""
        figure = evaluation.plot_film(
            np.zeros((300, 150, 3), np.uint8),
            r"He owes $5 and \frac{ of $6.",
            ["Crime"],
            [("Crime", 0.9)],
            [("Drama", 0.2)],
        )
        figure.draw_without_rendering()  # mathtext would raise ValueError here

    def test_reference_never_opens_a_window(self) -> None:
        """No solution uses pyplot, which keeps figures and needs a display."""
        solutions = COURSEWORK.solutions.glob("*.py")
        assert [path for path in solutions if "pyplot" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("name", COURSEWORK.modules)
def test_examples_in_docstrings_are_true(name: str) -> None:
    """What a docstring's example prints is what the reference gives."""
    assert doctest.testmod(load_solution(name)).failed == 0
