"""Both models' answers for a few films: a table to hand on, pictures to keep."""

from __future__ import annotations

from pathlib import Path

import evaluation
import image_processing
import numpy as np
import pandas as pd
from dataset import Films

from training.results import MODELS

COUNT = 6


def compare(films: Films, answers: dict[str, np.ndarray]) -> pd.DataFrame:
    """Set both models' three most probable genres beside the truth.

    Args:
        films: The validation films; the first six are taken, unseen.
        answers: The answers of ``"cnn"`` and ``"lstm"`` for all of them.

    Returns:
        The columns ``Id``, ``Model``, ``Genre``, ``Probability``, ``Correct`` and
        ``Truth``, the film's genres.
    """
    some = films.table.iloc[:COUNT]
    table = evaluation.compare_films(
        some, answers["cnn"][:COUNT], answers["lstm"][:COUNT], films.genres
    )
    truths = {row["Id"]: ", ".join(_truth(row, films)) for _, row in some.iterrows()}
    return table.assign(Truth=table.Id.map(truths)).round({"Probability": 4})


def draw(films: Films, answers: dict[str, np.ndarray], folder: Path) -> None:
    """Draw each of these films with its poster; ``folder`` must stay private."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (_, row) in enumerate(films.table.iloc[:COUNT].iterrows()):
        poster, _ = image_processing.parse_image(films.posters[number], None)
        tops = [
            evaluation.top_genres(answers[model][number], films.genres)
            for model in MODELS
        ]
        figure = evaluation.plot_film(
            np.asarray(poster), row["Overview"], _truth(row, films), *tops
        )
        figure.savefig(folder / f"{row['Id']}.png", dpi=100)


def _truth(row: pd.Series, films: Films) -> list[str]:
    return [genre for genre in films.genres if row[genre]]
