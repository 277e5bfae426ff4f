"""Looks: figures of what a student's function does, for `reelmark check --picture`.

A function here has the name of the function that it shows, and gets that function as
its argument; its docstring is the caption. It runs in the worker, and no mark depends
on it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Function = Callable[..., Any]

FILMS = Path(__file__).parents[3] / "fixtures" / "public" / "Multimodal_IMDB_dataset"
FILM = 4
EPOCHS = 20


def img_process(process: Function) -> Any:
    """A poster before and after: its size, its type, the range of its values."""
    import numpy as np

    before = _read_poster(_films()[FILM])
    after = np.asarray(process(before, None)[0])
    figure, panels = _panels(1, 3, (11, 4.2), widths=(1, 1, 2))
    for panel, name, image in zip(
        panels, ("before", "after"), (before, after), strict=False
    ):
        top = 255 if image.dtype == np.uint8 else 1
        panel.imshow(np.clip(image / top, 0, 1))
        size = " x ".join(map(str, image.shape))
        panel.set_title(f"{name}: {size}\n{image.dtype}, {_range(image)}", fontsize=10)
        panel.axis("off")
    panels[2].hist(after.ravel(), bins=50, color="#0072b2")
    panels[2].set(xlabel="value of a pixel", ylabel="how many", title="values after")
    return figure


def build_poster_dataset(build: Function) -> Any:
    """Twelve films in batches of four, two epochs of training: who is with whom?"""
    import numpy as np

    films = _films()[:12]
    paths = [str(_poster(film)) for film in films]
    batches = build(paths, np.arange(12), batch_size=4, training=True)
    figure, panels = _panels(6, 4, (6, 9.5))
    for epoch in range(2):
        for row, (images, labels) in enumerate(batches):
            for column, (image, label) in enumerate(zip(images, labels, strict=True)):
                panel = panels[3 * epoch + row][column]
                pixels = np.asarray(image, np.float32)
                panel.imshow(np.clip(pixels / max(1.0, pixels.max()), 0, 1))
                panel.set_title(f"film {int(label)}", fontsize=9)
            panels[3 * epoch + row][0].set_ylabel(
                f"epoch {epoch + 1}\nbatch {row + 1}", rotation=0, ha="right"
            )
    for panel in panels.flat:
        panel.set(xticks=[], yticks=[])
    return figure


def build_encoder(build: Function) -> Any:
    """An overview, and the integers that it becomes."""
    import tensorflow as tf

    overviews = [film["Overview"] for film in _films()]
    labels = [[0]] * len(overviews)
    batches = tf.data.Dataset.from_tensor_slices((overviews, labels)).batch(8)
    encoder = build(batches, max_tokens=200)
    words = encoder.get_vocabulary()
    indices = [int(index) for index in encoder(overviews[FILM : FILM + 1])[0]]
    rows = [(str(i), words[i] or "(padding)") for i in indices[:24]]
    return _table(("index", "its word"), rows, f"{len(words)} entries were learnt")


def build_cnn(build: Function) -> Any:
    """The network, layer by layer, to lay beside the table of the brief."""
    return _layers(build())


def build_lstm(build: Function) -> Any:
    """The network, layer by layer, to lay beside the table of the brief."""
    import keras
    import tensorflow as tf

    words = ["film", "story", "man", "woman", "dog", "war", "love"]
    encoder = keras.layers.TextVectorization(vocabulary=words)
    embedder = keras.layers.Embedding(len(words) + 2, 256, mask_zero=True)
    model = build(encoder, embedder)
    if not model.built:  # then its layers have neither weights nor outputs yet
        model(tf.constant(["a film of love and war"]))
    return _layers(model)


def scheduler(schedule: Function) -> Any:
    """The learning rate of each of 40 epochs, beginning with 1e-4."""
    rates = []
    rate = 1e-4
    for epoch in range(40):
        rate = float(schedule(epoch, rate))
        rates.append(rate)
    figure, panel = _panels(1, 1, (9, 3.2))
    panel.plot(range(40), rates, ".-", color="#0072b2")
    panel.set(xlabel="index of the epoch", ylabel="learning rate")
    panel.set_title(f"the last one: {rates[-1]:.4e}", fontsize=10)
    return figure


def plot_history(plot: Function) -> Any:
    """Your curves of a made-up run whose validation loss is best in epoch 12."""
    import keras

    history = keras.callbacks.History()
    history.epoch = list(range(EPOCHS))
    falling = [0.2 + 0.3 * 0.85**epoch for epoch in range(EPOCHS)]
    bent = [0.24 + 0.0012 * (epoch - 11) ** 2 for epoch in range(EPOCHS)]
    rising = [0.7 - 0.5 * 0.9**epoch for epoch in range(EPOCHS)]
    history.history = {
        "loss": falling,
        "precision": rising,
        "recall": [0.7 * value for value in rising],
        "val_loss": bent,
        "val_precision": [0.9 * value for value in rising],
        "val_recall": [0.5 * value for value in rising],
    }
    return plot(history, "A made-up run")


def plot_genre_scores(plot: Function) -> Any:
    """Your bars for the 25 genres, with made-up scores."""
    import pandas as pd

    genres = _genres()
    support = [
        sum(int(film[genre]) * (place + 3) for film in _films())
        for place, genre in enumerate(genres)
    ]
    share = [place / len(genres) for place in range(len(genres))]
    scores = {
        "precision": share,
        "recall": [1 - value for value in share],
        "f1": [2 * value * (1 - value) for value in share],
        "support": support,
    }
    return plot(pd.DataFrame(scores, index=genres), "Made-up scores")


def plot_film(plot: Function) -> Any:
    """Your page of a film, with made-up answers of both models."""
    film = _films()[FILM]
    truth = [genre for genre in _genres() if film[genre] == "1"]
    others = [genre for genre in _genres() if genre not in truth]
    cnn = [(truth[0], 0.71), (others[0], 0.32), (others[1], 0.18)]
    lstm = [(others[2], 0.64), (truth[-1], 0.55), (others[3], 0.09)]
    return plot(_read_poster(film), film["Overview"], truth, cnn, lstm)


def _films() -> list[dict[str, str]]:
    path = FILMS / "IMDB_overview_genres.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _genres() -> list[str]:
    return list(_films()[0])[2:-1]


def _poster(film: dict[str, str]) -> Path:
    return FILMS / "Images" / f"{film['Id']}.jpg"


def _read_poster(film: dict[str, str]) -> Any:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.open(_poster(film)))


def _range(image: Any) -> str:
    return f"values {image.min():.3g} to {image.max():.3g}"


def _panels(
    rows: int,
    columns: int,
    size: tuple[float, float],
    widths: Sequence[float] | None = None,
) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots(rows, columns, width_ratios=widths)


def _layers(model: Any) -> Any:
    rows = [
        (layer.name, type(layer).__name__, *_shape_and_size(layer))
        for layer in model.layers
    ]
    title = f"{model.count_params():,} parameters"
    return _table(("layer", "class", "output", "parameters"), rows, title)


def _shape_and_size(layer: Any) -> tuple[str, str]:
    shape = getattr(getattr(layer, "output", None), "shape", ())[1:]
    return " x ".join(map(str, shape)), f"{layer.count_params():,}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> Any:
    figure, panel = _panels(1, 1, (8, 1.0 + 0.2 * len(rows)))
    panel.axis("off")
    panel.set_title(title, fontsize=10)
    if rows:
        panel.table(rows, colLabels=head, cellLoc="left", loc="center")
    return figure
