"""Figures of what was reached; none of them shows a poster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.results import MODELS, Entry

TRAINING, VALIDATION, QUIET = "#0072b2", "#d55e00", "#6b6b6b"
NAMES = dict(zip(MODELS, ("CNN (posters)", "LSTM (overviews)"), strict=True))
COLORS = dict(zip(MODELS, ("#0072b2", "#d55e00"), strict=True))
SCORES = ("precision", "recall", "f1")


def plot_losses(
    histories: Mapping[str, Sequence[pd.DataFrame]], baseline: float, title: str
) -> Figure:
    """Plot the losses of both models over the epochs, on one scale.

    Args:
        histories: For each model, one history a seed: columns ``epoch``, ``loss``,
            ``val_loss`` and, if the schedule was logged, ``learning_rate``.
        baseline: Loss of the constant answer, the mean of the seeds' splits.
        title: Title of the figure.

    Returns:
        A panel a model: thin lines for seeds, thick ones for their mean; the best
        epoch, the first one with a lower learning rate, and the baseline.
    """
    figure = Figure(figsize=(12, 4.8), layout="constrained")
    figure.suptitle(title, fontsize="x-large", fontweight="bold")
    panels = figure.subplots(1, len(histories), sharey=True, squeeze=False)[0]
    for axes, (model, runs) in zip(panels, histories.items(), strict=True):
        _plot_runs(axes, runs)
        _mark(axes, runs, baseline)
        axes.set(title=NAMES[model], xlabel="Epoch")
        axes.legend(fontsize="small", edgecolor="none", loc="lower left")
        axes.xaxis.get_major_locator().set_params(integer=True)
        _tidy(axes)
    panels[0].set_ylabel("Binary cross-entropy")
    best = max(baseline, *(run.val_loss.max() for r in histories.values() for run in r))
    # The first epochs start far above what matters.
    panels[0].set_ylim(0, max(1.05 * best, 1.5 * baseline))
    return figure


def plot_genres(entries: Mapping[str, Sequence[Entry]], title: str) -> Figure:
    """Plot both models' scores genre by genre, the most frequent genre first.

    Args:
        entries: For each model, the entries of its trainings in ``metrics.json``.
        title: Title of the figure.

    Returns:
        A panel a score; a bar a model, the mean over seeds; support beside names.
    """
    tables = {model: _average_scores(runs) for model, runs in entries.items()}
    order = next(iter(tables.values())).sort_values("support", ascending=False).index
    figure = Figure(figsize=(12, 9.5), layout="constrained")
    figure.suptitle(title, fontsize="x-large", fontweight="bold")
    panels = figure.subplots(1, len(SCORES), sharey=True)
    for axes, score in zip(panels, SCORES, strict=True):
        for number, (model, table) in enumerate(tables.items()):
            places = np.arange(len(order)) + 0.4 * number - 0.2
            axes.barh(
                places,
                table[score][order],
                0.4,
                color=COLORS[model],
                label=NAMES[model],
            )
        axes.set(title=score.capitalize(), xlabel="Score", xlim=(0, 1))
        axes.margins(y=0.01)
        _tidy(axes)
    support = next(iter(tables.values())).support
    names = [f"{genre} ({support[genre]:,.0f})" for genre in order]
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylabel("Genre (validation films that have it, mean of the splits)")
    panels[0].invert_yaxis()
    panels[-1].legend(loc="lower right", edgecolor="none")
    return figure


def _plot_runs(axes: Axes, runs: Sequence[pd.DataFrame]) -> None:
    for column, color, name in (
        ("loss", TRAINING, "training"),
        ("val_loss", VALIDATION, "validation"),
    ):
        for run in runs:
            axes.plot(run.epoch, run[column], color=color, lw=0.8, alpha=0.35)
        mean = np.mean([run[column] for run in runs], axis=0)
        label = f"{name}, mean of {len(runs)} seeds" if len(runs) > 1 else name
        axes.plot(runs[0].epoch, mean, color=color, lw=2.2, label=label)


def _mark(axes: Axes, runs: Sequence[pd.DataFrame], baseline: float) -> None:
    """Mark the best epochs, where the learning rate begins to fall, the baseline."""
    label = f"constant baseline: {baseline:.4f}"
    axes.axhline(baseline, color=QUIET, ls="--", lw=1.3, label=label)
    for number, run in enumerate(runs):
        best = run.loc[run.val_loss.idxmin()]
        name = "best epoch of a seed" if number == 0 else None
        axes.plot(best.epoch, best.val_loss, "o", color="black", ms=5, label=name)
    rates = runs[0].get("learning_rate")
    if rates is not None and (rates < rates.iloc[0]).any():
        falls = int(runs[0].epoch[(rates < rates.iloc[0]).argmax()])
        label = f"learning rate falls: epoch {falls}"
        axes.axvline(falls, color=QUIET, ls=":", lw=1.5, label=label)


def _average_scores(runs: Sequence[Entry]) -> pd.DataFrame:
    tables = [pd.DataFrame.from_dict(run["genres"], orient="index") for run in runs]
    return sum(tables[1:], tables[0]) / len(tables)


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
