"""A frozen dataclass holds the settings and the steps of the pipeline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import tensorflow as tf


@dataclass(frozen=True)
class Settings:
    height: int = 64
    width: int = 64
    white: float = 255.0
    batch_size: int = 64
    training: bool = False
    workers: int = 4


DEFAULT = Settings()


def parse_image(path, label):
    """Read one poster from disk. This function is given: leave it as it is."""
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(image, label):
    size = (DEFAULT.height, DEFAULT.width)
    return tf.image.resize(image, size) / DEFAULT.white, label


@dataclass
class PosterPipeline:
    paths: list[str]
    labels: np.ndarray
    settings: Settings

    def __post_init__(self):
        self.paths = [str(path) for path in self.paths]

    @property
    def films(self) -> Any:
        both = (self.paths, self.labels)
        return tf.data.Dataset.from_tensor_slices(both, name="films")

    def build(self):
        s = self.settings
        posters = self.films.map(parse_image, num_parallel_calls=s.workers)
        posters = posters.map(img_process, num_parallel_calls=s.workers).cache()
        if s.training:
            posters = posters.shuffle(len(self.paths))
        return posters.batch(s.batch_size).prefetch(2)


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    settings = replace(DEFAULT, batch_size=batch_size, training=training)
    return PosterPipeline(paths, labels, settings).build()
