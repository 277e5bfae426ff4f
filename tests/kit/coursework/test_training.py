"""Training: what it writes, how it continues, what its scores mean."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kit.stage.mini import write_coursework
from reelmark import training as training_command
from reelmark.errors import UsageError
from sample_class import ROOT

FIXTURE = ROOT / "fixtures" / "public" / "Multimodal_IMDB_dataset"
MODULES = ("scores", "session", "results", "resumable", "report", "run", "recipe")
SECONDS = 480
"""Far more time than training on fixtures takes on a slow machine."""


def start(out: Path, *options: str) -> subprocess.Popen[str]:
    """Start ``reelmark train`` on the fixture films."""
    command = [sys.executable, "-m", "reelmark", "train", "--data", str(FIXTURE)]
    return subprocess.Popen(
        [*command, "--out", str(out), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
    )


def run(out: Path, *options: str) -> tuple[int, str]:
    """Run it to its end; return the exit code and what it printed."""
    process = start(out, *options)
    printed, _ = process.communicate(timeout=SECONDS)
    return process.returncode, printed


def read_metrics(out: Path) -> dict[str, Any]:
    """Read ``metrics.json``."""
    metrics: dict[str, Any] = json.loads((out / "metrics.json").read_text("utf-8"))
    return metrics


@pytest.fixture(scope="module")
def training() -> Iterator[SimpleNamespace]:
    """The package below solutions/, and gone again: its modules share a stub's name."""
    before = set(sys.modules)
    folders = [str(ROOT / "solutions"), str(ROOT / "assignment")]
    sys.path[:0] = folders
    names = {name: import_module(f"training.{name}") for name in MODULES}
    yield SimpleNamespace(**names, dataset=import_module("dataset"))
    for folder in folders:
        sys.path.remove(folder)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if name not in before and file.startswith(tuple(folders)):
            del sys.modules[name]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of both models, trained on the fixture films for two epochs."""
    out = tmp_path_factory.mktemp("trained")
    code, printed = run(out, "--extended", "--epochs", "2")
    assert code == 0, printed
    return out


class TestTrained:
    """A folder of results."""

    @pytest.mark.parametrize("model", ["cnn", "lstm"])
    def test_it_learns(self, trained: Path, model: str) -> None:
        """The validation loss falls below the fixture's own baseline."""
        entry = next(e for e in read_metrics(trained)["runs"] if e["model"] == model)
        assert entry["best"]["val_loss"] < entry["baseline"]
        assert entry["skill"] > 0

    def test_loss_is_that_of_the_best_weights(self, trained: Path) -> None:
        """The kept answers score what Keras logged at the best epoch."""
        for entry in read_metrics(trained)["runs"]:
            best = entry["best"]["val_loss"]
            assert entry["val_loss"] == pytest.approx(best, abs=1e-5)

    def test_folder_is_complete(self, trained: Path) -> None:
        """Histories, figures, examples and pictures are there; no state is left."""
        found = {
            str(path.relative_to(trained)) for path in trained.rglob("*.[cp][sn][vg]")
        }
        assert {
            "examples/extended-seed-1.csv",
            "figures/extended-genre-scores.png",
            "figures/extended-learning-curves.png",
            "history/extended-cnn-seed-1.csv",
            "history/extended-lstm-seed-1.csv",
        } <= found
        pictures = [name for name in found if name.startswith("work/posters/")]
        assert len(pictures) == 6
        assert not list(trained.rglob("unfinished"))

    def test_every_score_is_recorded(self, trained: Path) -> None:
        """An entry tells losses, genres, baseline, versions, time and split."""
        metrics = read_metrics(trained)
        entry = metrics["runs"][0]
        assert len(entry["genres"]) == 25
        assert entry["films"] == {"train": 28, "valid": 7}
        assert len(entry["split_sha256"]) == 64
        assert {"tensorflow", "keras", "python"} <= entry["versions"].keys()
        assert entry["wall_seconds"] > 0
        assert {"epoch", "val_loss", "val_precision", "val_recall"} == set(
            entry["last"]
        )
        assert len(metrics["fusions"]) == 1

    def test_what_is_finished_is_not_trained_again(self, trained: Path) -> None:
        """The same command prints the same scores and changes no entry."""
        before = (trained / "metrics.json").read_bytes()
        code, printed = run(trained, "--extended", "--epochs", "2")
        assert code == 0
        assert "Epoch 1/2" not in printed
        assert (trained / "metrics.json").read_bytes() == before

    def test_other_settings_are_refused(self, trained: Path) -> None:
        """Another number of epochs does not overwrite; the sentence says what to do."""
        before = (trained / "metrics.json").read_bytes()
        code, printed = run(trained, "--extended", "--epochs", "3")
        assert code == 2
        assert "epochs = 2, not 3" in printed
        assert "Name another --out" in printed
        assert (trained / "metrics.json").read_bytes() == before


def test_killed_training_goes_on(tmp_path: Path) -> None:
    """Killed in the middle, the same command ends with the same epochs, each once."""
    options = ("--model", "cnn", "--epochs", "14")
    history = tmp_path / "history" / "brief-cnn-seed-1.csv"
    process = start(tmp_path, *options)
    deadline = time.monotonic() + SECONDS
    while not history.is_file() or len(history.read_text().splitlines()) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=SECONDS)
    reached = len(pd.read_csv(history))
    code, printed = run(tmp_path, *options)
    rows = pd.read_csv(history)
    assert code == 0, printed
    assert "Epoch 1/14" not in printed
    assert 3 <= reached < 14
    assert rows.epoch.tolist() == list(range(1, 15))
    assert rows.learning_rate.iloc[-1] == pytest.approx(1e-4 * np.exp(-0.04), rel=1e-5)
    entry = read_metrics(tmp_path)["runs"][0]
    assert entry["best"]["epoch"] == rows.val_loss.idxmin() + 1
    assert entry["val_loss"] == pytest.approx(rows.val_loss.min(), abs=1e-5)


def test_interruption_does_not_lose_the_best_epoch(
    training: SimpleNamespace, tmp_path: Path
) -> None:
    """A worse epoch after an interruption does not replace the best one before."""
    import keras

    class Stop(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            del logs
            if epoch == 2:
                raise KeyboardInterrupt

    def fit(*extra: keras.callbacks.Callback) -> Any:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        # It climbs away from the best weights, epoch after epoch.
        model.compile(keras.optimizers.SGD(-0.01), "mse")
        resumable = training.resumable.ResumableModel(
            model, tmp_path / "state", tmp_path / "history.csv"
        )
        checkpoint = keras.callbacks.ModelCheckpoint(
            str(tmp_path / "best.weights.h5"),
            save_best_only=True,
            save_weights_only=True,
        )
        inputs, targets = np.ones((8, 1)), np.zeros((8, 1))
        history = resumable.fit(
            inputs,
            targets,
            validation_data=(inputs, targets),
            epochs=4,
            callbacks=[checkpoint, *extra],
            verbose=0,
        )
        model.load_weights(tmp_path / "best.weights.h5")
        return history.history["val_loss"], model.evaluate(inputs, targets, verbose=0)

    (tmp_path / "state").mkdir()
    with pytest.raises(KeyboardInterrupt):
        fit(Stop())
    losses, kept = fit()
    assert len(losses) == 4
    assert losses == sorted(losses)
    assert kept == pytest.approx(losses[0])


class TestScores:
    """What scores mean."""

    @pytest.fixture
    def split(self, training: SimpleNamespace) -> Any:
        """Training and validation films of the fixture."""
        return training.dataset.split_films(training.dataset.load_films(FIXTURE), 1)

    def test_baseline_has_no_skill(self, training: SimpleNamespace, split: Any) -> None:
        """Answering with the training frequencies is worth exactly nothing."""
        train, valid = split
        answers = np.tile(train.labels.mean(axis=0), (len(valid), 1))
        assert training.scores.measure(train, valid, answers)["skill"] == 0

    def test_truth_has_all_skill(self, training: SimpleNamespace, split: Any) -> None:
        """Answering with the truth gives a skill and a hit rate of 1."""
        train, valid = split
        measured = training.scores.measure(train, valid, valid.labels)
        assert measured["skill"] == pytest.approx(1, abs=1e-5)
        assert measured["top3_hit_rate"] == 1

    def test_hit_rate_counts_films(self, training: SimpleNamespace) -> None:
        """One film of two has a genre among the three most probable."""
        labels = np.eye(5)[[0, 4]]
        answers = np.tile([0.9, 0.8, 0.7, 0.2, 0.1], (2, 1))
        assert training.scores.hit_rate(labels, answers) == 0.5

    def test_over_sure_answers_are_shrunk(self, training: SimpleNamespace) -> None:
        """Answers twice as confident as they should be lose half of their log odds."""
        rng = np.random.default_rng(0)
        films = SimpleNamespace(labels=(rng.random((4000, 3)) < 0.5).astype(float))
        odds = np.where(rng.random((4000, 3)) < 0.7, 1, -1) * (2 * films.labels - 1)
        right = odds * np.log(0.7 / 0.3)
        shrunk = training.scores.fuse(
            films, _Sized(films.labels), [1 / (1 + np.exp(-2 * right))]
        )
        assert shrunk == pytest.approx(1 / (1 + np.exp(-right)), abs=0.03)

    def test_independent_models_add_up(self, training: SimpleNamespace) -> None:
        """Two models that know different things are better together."""
        rng = np.random.default_rng(1)
        labels = (rng.random((2000, 4)) < 0.3).astype(float)
        answers = [
            1 / (1 + np.exp(-(3 * labels - 1.8 + rng.normal(0, 1.7, labels.shape))))
            for _ in range(2)
        ]
        films = _Sized(labels)
        loss = training.scores.binary_crossentropy
        together = loss(labels, training.scores.fuse(films, films, answers))
        alone = [
            loss(labels, training.scores.fuse(films, films, [each])) for each in answers
        ]
        assert together < 0.95 * min(alone)


class _Sized:
    """Films of which only the labels matter."""

    def __init__(self, labels: np.ndarray) -> None:
        self.labels = labels

    def __len__(self) -> int:
        return len(self.labels)


def test_results_page_is_what_the_metrics_give(training: SimpleNamespace) -> None:
    """RESULTS.md is current; `python -m training.report` in solutions/ writes it."""
    report = training.report
    assert report.PAGE.read_text("utf-8") == report.render(report.RESULTS)


def test_histories_belong_to_the_metrics(training: SimpleNamespace) -> None:
    """The best epoch of every entry is the lowest loss of its history."""
    results = training.report.RESULTS
    for entry in results.runs():
        history = results.read_history(entry)
        assert len(history) == entry["epochs"]
        assert entry["best"]["val_loss"] == pytest.approx(
            history.val_loss.min(), abs=1e-6
        )
        assert entry["skill"] == pytest.approx(
            1 - history.val_loss.min() / entry["baseline"], abs=1e-4
        )


@pytest.mark.parametrize("recipe", ["brief", "extended"])
def test_every_seed_is_there(recipe: str, training: SimpleNamespace) -> None:
    """Three seeds of both models, on the full data, and their fusion."""
    results = training.report.RESULTS
    for model in ("cnn", "lstm"):
        epochs = training.session.RECIPES[recipe, model].epochs
        runs = results.runs(recipe=recipe, model=model, epochs=epochs)
        assert [entry["seed"] for entry in runs] == [1, 2, 3]
        assert all(e["films"] == {"train": 5060, "valid": 1265} for e in runs)
    assert len(results.fusions(recipe=recipe)) == 3


def test_brief_is_trained_as_it_says(training: SimpleNamespace) -> None:
    """The brief's recipe takes 40 epochs of the CNN and 20 of the LSTM."""
    recipes = training.session.RECIPES
    assert [recipes["brief", model].epochs for model in ("cnn", "lstm")] == [40, 20]


def test_no_poster_is_committed() -> None:
    """The results hold figures by name, and no other picture."""
    listed = subprocess.run(
        ["git", "ls-files", "solutions/results"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = {Path(name).name for name in listed.stdout.split() if name.endswith("png")}
    assert all(
        name.endswith(("-learning-curves.png", "-genre-scores.png")) for name in names
    )


def test_training_needs_the_solutions(tmp_path: Path) -> None:
    """If a coursework has nothing to train, a sentence says so."""
    with pytest.raises(UsageError, match="nothing to train"):
        training_command.train(write_coursework(tmp_path), [])


def test_help_imports_no_tensorflow() -> None:
    """``reelmark train --help`` is instant: it imports nothing that is slow."""
    script = (
        "import sys; from reelmark.cli import app\n"
        "sys.argv[1:] = ['train', '--help']\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "assert not {'tensorflow', 'keras', 'pandas', 'matplotlib'} & set(sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
