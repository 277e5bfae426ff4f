"""Films per second through the reference's poster pipeline, compared with two bounds.

The lower bound is a plain loop, film by film. The upper bound is just decoding the same
JPEG files on the same cores, which no pipeline that reads them can beat.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "solutions"), str(ROOT / "assignment")]

import image_processing  # noqa: E402
import tensorflow as tf  # noqa: E402
from dataset import Films, load_films  # noqa: E402

from machine import describe_machine  # noqa: E402


def main() -> None:
    """Measure in turn; print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("REELMARK_DATA"))
    parser.add_argument("--films", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    if not options.data:
        parser.error("name the dataset with --data or REELMARK_DATA")
    films = load_films(options.data)
    films = films.take(range(min(options.films, len(films))))
    rates = [measure(films) for _ in range(options.repeat)]
    report({name: [rate[name] for rate in rates] for name in rates[0]}, len(films))


def measure(films: Films) -> dict[str, float]:
    """Return films per second for each way, in one turn."""
    dataset = image_processing.build_poster_dataset(films.posters, films.labels)
    ways: dict[str, Callable[[], object]] = {
        "plain loop": lambda: loop(films),
        "bare JPEG decoding": lambda: exhaust(decode(films)),
        "pipeline, first epoch": lambda: exhaust(dataset),
        "pipeline, cached epoch": lambda: exhaust(dataset),
    }
    return {name: len(films) / time_of(way) for name, way in ways.items()}


def loop(films: Films) -> None:
    """Prepare the posters one by one."""
    for path, label in zip(films.posters, films.labels, strict=True):
        image_processing.img_process(*image_processing.parse_image(path, label))


def decode(films: Films) -> tf.data.Dataset:
    """Read and decode every poster on all cores, and do nothing else."""
    paths = tf.data.Dataset.from_tensor_slices((films.posters, films.labels))
    return paths.map(image_processing.parse_image, tf.data.AUTOTUNE)


def exhaust(dataset: tf.data.Dataset) -> None:
    """Consume a dataset without a Python step for each film."""
    dataset.reduce(0, lambda count, *_: count + 1)


def time_of(way: Callable[[], object]) -> float:
    """Return the seconds that a way takes."""
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def report(rates: dict[str, list[float]], films: int) -> None:
    """Print a table of medians, and the fraction of the limit that each reaches."""
    print(describe_machine(["tensorflow"]))
    print(f"{films} posters, medians of {len(rates['plain loop'])} turns")
    limit = statistics.median(rates["bare JPEG decoding"])
    for name, values in rates.items():
        median = statistics.median(values)
        print(f"{name:24}{median:12,.0f} films/s {median / limit:10.2f} of the limit")


if __name__ == "__main__":
    main()
