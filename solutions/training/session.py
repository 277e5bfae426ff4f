"""A session of training: load the films, train what is missing, write the results."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dataset
import numpy as np
import rich

from reelmark.errors import UsageError
from reelmark.files import write_whole
from training import brief, examples, extended, figures, scores
from training.results import MODELS, Results
from training.run import Run

RECIPES = {
    (recipe.name, recipe.model): recipe
    for recipe in (brief.CNN, brief.LSTM, extended.CNN, extended.LSTM)
}


def run(
    data: Path,
    out: Path,
    recipe: str,
    models: Sequence[str],
    seeds: Sequence[int],
    epochs: int | None,
) -> None:
    """Train the models with every seed, and write all that follows from them.

    Raises:
        UsageError: The dataset is not whole, or the folder holds something else.
    """
    results = Results(out)
    rich.print(f"Looking at the films in {data} ...")
    # Keras warns of every dataset that it does not shuffle itself.
    warnings.filterwarnings("ignore", message="`shuffle=True` was passed")
    try:
        films = dataset.load_films(data, unpack_to=results.work)
    except dataset.DatasetError as error:
        raise UsageError(str(error)) from error
    for seed in seeds:
        for model in models:
            known = RECIPES[recipe, model]
            _train(Run(known, seed, epochs or known.epochs, results), films)
        _combine(results, recipe, seed, films)
        # After every seed, so that an interruption leaves figures of what is done.
        _draw(results, recipe)
    rich.print(f"Results are in {out}: metrics.json, history/, figures/.")


def _train(run: Run, films: dataset.Films) -> None:
    rich.print(
        f"[bold]{run.recipe.model.upper()}, {run.recipe.name} recipe, seed {run.seed}: "
        f"{run.epochs} epochs[/bold]"
    )
    entry = run.train(films)
    best = entry["best"]
    rich.print(
        f"  validation loss {best['val_loss']:.4f} at epoch {best['epoch']} of "
        f"{entry['epochs']}; the constant baseline has {entry['baseline']:.4f}: "
        f"skill {entry['skill']:+.1%}"
    )


def _combine(results: Results, recipe: str, seed: int, films: dataset.Films) -> None:
    """Set the two models of a seed side by side, if the answers of both are there."""
    answers = results.read_answers(recipe, seed)
    if answers.keys() != set(MODELS):
        return
    train, valid = dataset.split_films(films, seed)
    _fuse(results, {"recipe": recipe, "seed": seed}, train, valid, answers)
    table = results.examples(recipe, seed)
    table.parent.mkdir(exist_ok=True)
    write_whole(table, examples.compare(valid, answers).to_csv(index=False))
    examples.draw(valid, answers, results.work / "posters" / table.stem)


def _fuse(
    results: Results,
    key: dict[str, Any],
    train: dataset.Films,
    valid: dataset.Films,
    answers: dict[str, np.ndarray],
) -> None:
    fused = scores.fuse(train, valid, list(answers.values()))
    shrunk = {
        name: scores.measure(train, valid, scores.fuse(train, valid, [each]))["skill"]
        for name, each in answers.items()
    }
    measured = scores.measure(train, valid, fused)
    entry = {**key, **measured, "skill_of_one_shrunk": shrunk}
    results.add_fusion(entry)
    rich.print(
        f"[bold]Both models, {key['recipe']} recipe, seed {key['seed']}[/bold]\n"
        f"  validation loss {entry['val_loss']:.4f}: skill {entry['skill']:+.1%}"
    )


def _draw(results: Results, recipe: str) -> None:
    """Draw the figures of a recipe, from all its seeds."""
    entries = {
        model: runs
        for model in MODELS
        if (runs := results.runs(recipe=recipe, model=model))
    }
    histories = {
        model: [results.read_history(run) for run in runs]
        for model, runs in entries.items()
    }
    baseline = np.mean([run["baseline"] for runs in entries.values() for run in runs])
    title = f"Learning curves, {recipe} recipe"
    losses = figures.plot_losses(histories, float(baseline), title)
    genres = figures.plot_genres(entries, f"Scores genre by genre, {recipe} recipe")
    results.figures.mkdir(exist_ok=True)
    losses.savefig(results.figures / f"{recipe}-learning-curves.png", dpi=110)
    genres.savefig(results.figures / f"{recipe}-genre-scores.png", dpi=110)
