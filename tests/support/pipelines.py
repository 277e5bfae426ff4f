"""Pipelines of films: passes over a dataset, and what must hold for them.

A film is recognised by its row of labels, because no two films in a fixture have the
same. So a check sees which films a batch contains, whatever was done to their posters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from reelmark.checks import Dataset, Operation, expect

NUM_TRAINING_FILMS = 5_060  # 80% of the 6,325 films of the real dataset
DEFAULT_BATCH_SIZE = 64
NUM_DEFAULT = 65  # films, so that the last batch of the default size is smaller

SHUFFLE_IF_TRAINING = "Look at what training=False does to your pipeline."
SHUFFLED = (
    "Every pass has another order: the films are shuffled. Only the training set "
    "should be."
)


@dataclass(frozen=True)
class Epoch:
    """One pass over a dataset.

    Attributes:
        parts: What is beside the labels (images, texts), one array per batch.
        films: For each batch, the positions of its films in the function's input.
    """

    parts: list[Any]
    films: list[list[int]]

    @property
    def order(self) -> list[int]:
        """The positions of all films, in the order of the pass."""
        return [film for batch in self.films for film in batch]

    @property
    def sizes(self) -> list[int]:
        """The number of films in each batch."""
        return [len(batch) for batch in self.films]


def read_epochs(
    dataset: Dataset, labels: Any, others: Any, noun: str, *, passes: int
) -> list[Epoch]:
    """Iterate over a dataset a number of times."""
    return [read_epoch(dataset, labels, noun, others) for _ in range(passes)]


def read_epoch(dataset: Dataset, labels: Any, noun: str, others: Any = ()) -> Epoch:
    """Iterate over a dataset once.

    Args:
        dataset: A dataset of pairs of batches.
        labels: The labels that the function was given; every row is different.
        noun: What is beside the labels, as a student would say ("images").
        others: Labels that another call of the function was given.

    Raises:
        Mismatch: It is empty, or an element is not a batch of ``noun`` and labels.
    """
    # One element more than there can be films: enough to notice repetitions.
    elements = dataset.batches(len(labels) + 1)
    some = isinstance(elements, list) and len(elements) > 0
    expect.that(
        some,
        "the dataset is empty.",
        expected="batches",
        got="none",
        advice="Iterate over it after each step: from which one on is nothing left?",
    )
    positions = {row: film for film, row in enumerate(_rows(labels))}
    # Nothing in a pipeline can make rows wider or narrower.
    width = np.shape(labels)[1]
    pairs = [_pair(element, noun) for element in elements]
    strange = frozenset(_rows(others))
    films = [
        [
            _film(row, positions, is_strange=row in strange or len(row) != width)
            for row in _rows(rows)
        ]
        for _, rows in pairs
    ]
    return Epoch([part for part, _ in pairs], films)


def expect_pairs(dataset: Any, noun: str) -> Dataset:
    """Expect a ``tf.data.Dataset`` whose elements have two parts; return it."""
    found = expect.kind(
        dataset,
        Dataset,
        "a tf.data.Dataset",
        advice="Every step of a pipeline returns a new dataset: return the last one.",
    )
    num_parts = len(found.element_spec)
    expect.that(
        num_parts == 2,
        "an element of the dataset is not a pair.",
        expected=f"2 parts: {noun} and labels",
        got=f"{num_parts} part{'s' * (num_parts != 1)}",
    )
    return found


def expect_sizes(epoch: Epoch, num_films: int, batch_size: int) -> None:
    """Expect full batches of ``batch_size`` films, and one with the rest."""
    full, rest = divmod(num_films, batch_size)
    expected = [batch_size] * full + [rest] * (rest > 0)
    # Another check looks at their order.
    sizes = sorted(epoch.sizes, reverse=True)
    expect.that(
        sizes == expected,
        "the batches have the wrong sizes.",
        expected=shorten(expected),
        got=shorten(sizes),
        why=_why_other_sizes(epoch, num_films, expected[:full]),
        advice="Compare the arguments that batch() gets with the docstring.",
    )


def expect_training_sizes(epoch: Epoch, num_films: int, batch_size: int) -> None:
    """Expect batches of the same sizes in training, in any order."""
    sizes = sorted(epoch.sizes, reverse=True)
    full, rest = divmod(num_films, batch_size)
    expected = [batch_size] * full + [rest] * (rest > 0)
    expect.that(
        sizes == expected,
        "with training=True the batches have other sizes.",
        expected=shorten(expected),
        got=shorten(sizes),
        # Films come in any order: which of them are left out says nothing.
        why="The smaller batch of what is left over is missing."
        if sizes == expected[:full]
        else _why_other_sizes(epoch, num_films, expected[:full]),
        advice="Which steps does training=True change, and which should it not?",
    )


def _why_other_sizes(epoch: Epoch, num_films: int, full: list[int]) -> str:
    if sum(epoch.sizes) > num_films:
        return "The dataset goes on when all films have been shown."
    if epoch.sizes != full or len(set(epoch.order)) < sum(full):
        return ""
    left_out = sorted(set(range(num_films)) - set(epoch.order))
    if left_out == list(range(sum(full), num_films)):
        return "The films of the last, smaller batch are left out."
    return f"Films are left out, but not the last ones: {shorten(left_out)}."


def read_default(build: Callable[[Any], Any]) -> Epoch:
    """Read a dataset of `NUM_DEFAULT` films that was built with default arguments.

    Args:
        build: Builds a dataset of films with these labels.
    """
    labels = np.eye(NUM_DEFAULT, dtype=np.int64)
    return read_epoch(expect_pairs(build(labels), "films"), labels, "films")


def expect_default_size(epoch: Epoch) -> None:
    """Expect batches of 64 films if no size is asked for."""
    expect_sizes(epoch, NUM_DEFAULT, DEFAULT_BATCH_SIZE)


def expect_default_order(epoch: Epoch) -> None:
    """Expect films in the given order unless training is said to be True."""
    order = epoch.order
    is_complete = sorted(order) == list(range(NUM_DEFAULT))
    expect.that(
        order == sorted(order) or not is_complete,  # not for missing films
        "without training=True the films are not in the order given.",
        expected="the order given, as with training=False",
        got=shorten(order),
        why="With training=False they are, so it is the default that is another one.",
        advice="Compare the defaults in your function's first lines with the stub's.",
    )


def expect_file_order(
    dataset: Dataset, epochs: Sequence[Epoch], num_films: int
) -> None:
    """Expect every pass to show the films in the order in which they were given.

    If a step of the pipeline may change the order, it fails even if by chance the order
    is right. `expect_sizes` looks at missing films.
    """
    expect.that(
        dataset.keeps_order,
        "with training=False the order of the films is left to chance.",
        expected="the order given, at every pass",
        got="a parallel step with deterministic=False",
        why="Such a step hands a film on as soon as it is ready, before slower ones "
        "that were there first.",
        advice="Which argument or option of a parallel step says that order matters?",
    )
    _expect_no_draw(dataset)
    for epoch in epochs:
        order = epoch.order[:num_films]
        # Only the order of the films is looked at, not which films there are.
        given = sorted(set(order))
        expect.that(
            order == given,
            "with training=False the films are not in the order given.",
            expected=shorten(given),
            got=shorten(order),
            why=_why_other_order(epochs),
            advice=SHUFFLE_IF_TRAINING,
        )


def _expect_no_draw(dataset: Dataset) -> None:
    """Expect no shuffle: few batches may be in order by chance."""
    for size in _buffer_sizes(dataset):
        expect.that(
            size == 1,
            "with training=False the films are shuffled.",
            expected="no step that shuffles",
            got=f"shuffle(), with a buffer of {size}",
            why="Only the training set should be shuffled.",
            advice=SHUFFLE_IF_TRAINING,
        )


def _buffer_sizes(dataset: Any, *, only_lasting: bool = False) -> list[int]:
    """Return the sizes of buffers; only of those after cache(), if there are any."""
    steps = list(_operations(dataset))
    cached = max((i for i, step in enumerate(steps) if step.name == "cache"), default=0)
    later, earlier = (
        [step.settings.get("buffer_size") for step in part if "shuffle" in step.name]
        for part in (steps[cached:], steps[:cached])
    )
    sizes = later if only_lasting and later else earlier + later
    return [size for size in sizes if type(size) is int]


def _why_other_order(epochs: Sequence[Epoch]) -> str:
    if any(epoch.order != epochs[0].order for epoch in epochs):
        return SHUFFLED
    if epochs[0].order == sorted(epochs[0].order, reverse=True):
        return "The last film comes first."
    return "Every pass has the same order, but another one than the films have."


def expect_every_film_once(epochs: Sequence[Epoch], num_films: int) -> None:
    """Expect every pass to show each film exactly once."""
    for epoch in epochs:
        shown = sorted(epoch.order)
        expect.that(
            shown == list(range(num_films)),
            "an epoch does not show every film exactly once.",
            expected=f"{num_films} films, each once",
            got=f"{len(set(shown))} different films in {len(shown)} places",
            advice="Count the films before and after each step of the pipeline.",
        )


def expect_none_left_out(dataset: Any, num_films: int) -> None:
    """Expect as many batches of 64 as films make, if a dataset knows how many it has.

    Batches may have any size here: smaller ones only make their number larger.
    """
    found = expect.kind(dataset, Dataset, "a tf.data.Dataset")
    most = math.ceil(num_films / DEFAULT_BATCH_SIZE)
    expect.that(
        found.cardinality < 0 or found.cardinality >= most - 1,
        f"of {num_films:,} films, some are left out.",
        expected=f"{most} batches of {DEFAULT_BATCH_SIZE}",
        got=f"{found.cardinality} batch{'es' * (found.cardinality != 1)}",
        advice="Which step, or which slice, limits how many films there are?",
    )


def expect_new_orders(dataset: Dataset, epochs: Sequence[Epoch]) -> None:
    """Expect each pass to have a different order from the one before.

    Two fair shuffles of 14 films agree about once in 10 ** 10 times.
    """
    for before, after in pairwise(epochs):
        is_shuffled = before.order != sorted(before.order)
        expect.that(
            before.order != after.order,
            "with training=True two epochs show the films in the same order.",
            expected="another order in every epoch",
            got=f"{shorten(before.order)}, and again",
            why=_why_again(dataset)
            if is_shuffled
            else "The films were not shuffled at all: they come in the order given.",
            advice=_how_to_renew(dataset) if is_shuffled else _SHUFFLE,
        )


_SHUFFLE = "Which step of a pipeline shuffles, and what does it do if training=True?"


def _why_again(dataset: Dataset) -> str:
    if dataset.has("shuffle"):
        return "The films were shuffled once, and that one order was kept."
    return (
        "No step of the pipeline shuffles at every pass. A random operation inside "
        "map() begins anew with each pass if a seed is set, as it is here and in the "
        "report."
    )


def _how_to_renew(dataset: Dataset) -> str:
    if dataset.has("cache"):
        return (
            "What stands before cache() happens once, what follows it happens at every "
            "pass."
        )
    return "Which step shuffles, and is it told to do so anew at every pass?"


def expect_regrouped(epochs: Sequence[Epoch]) -> None:
    """Expect the sets of films that share a batch to change from pass to pass.

    That three fair shuffles of 14 films in batches of 4 all make the same sets happens
    less than once in 10 ** 10 times.
    """
    groups = [{frozenset(batch) for batch in epoch.films} for epoch in epochs]
    expect.that(
        any(group != groups[0] for group in groups),
        "in every epoch the same films share a batch.",
        expected="batches of different films in every epoch",
        got="the same batches in another order",
        why="Whole batches were shuffled. A network then meets the same few mixtures "
        "of films again and again.",
        advice="What is one element of your dataset at the moment you shuffle it?",
    )


def expect_large_buffer(dataset: Any, num_films: int) -> None:
    """Expect no shuffle step to be too small for all films.

    A pipeline may shuffle without ``shuffle()``; then there is no buffer. What was
    shuffled before it was cached stays in one order, whatever the buffer held.
    """
    numbers = _buffer_sizes(dataset, only_lasting=True)
    # In tf.data, a negative size means "as many as there are".
    is_large = any(size >= num_films or size < 0 for size in numbers)
    expect.that(
        is_large or not numbers,
        "the shuffle buffer cannot hold all films.",
        expected=f"a buffer of {num_films} films or more",
        got=shorten(numbers),
        why="shuffle() draws from its buffer only: with a small one, the films "
        "at the start of the file always come early in the epoch.",
        advice="How many films are there? The size of the buffer can follow from it.",
    )


def expect_step(
    dataset: Any,
    is_wanted: Callable[[Any], bool],
    name: str,
    *,
    training: bool,
    advice: str,
) -> None:
    """Expect a pipeline to have a step; the message lists its steps."""
    steps = _operations(dataset)
    expect.that(
        any(is_wanted(step) for step in steps),
        f"with training={training} the pipeline has no {name}.",
        expected=name,
        got=", ".join(map(_name_step, steps)),
        advice=advice,
    )


def _name_step(step: Operation) -> str:
    """Return a step's name, with the argument that leaves it without effect."""
    without_effect = {"buffer_size": 0, "num_parallel_calls": 1}
    found = (v for k, v in without_effect.items() if step.settings.get(k) == v)
    return "".join([step.name, *(f"({value})" for value in found)])


def is_prefetch(step: Operation) -> bool:
    """Return whether a step prepares batches ahead."""
    return step.name == "prefetch" and step.settings.get("buffer_size") != 0


def is_parallel(step: Operation) -> bool:
    """Return whether a step runs a function on several films at a time."""
    if step.name in ("parallel_map", "parallel_interleave", "map_and_batch"):
        return bool(step.settings.get("num_parallel_calls") != 1)
    return False


OUTLIVES = "What outlives a call, outside the function, the next call changes."
EARLIER = "They are films of an earlier call."


def moved_on(films: Sequence[str]) -> list[str]:
    """Return as many films as there are, each in the place of the one before it."""
    return [*films[1:], films[0]]


def shorten(values: Sequence[Any]) -> str:
    """Return the first values of a list, and how many more there are."""
    most = 12
    more = f", ... ({len(values)} in all)" if len(values) > most else ""
    return "[" + ", ".join(map(str, values[:most])) + more + "]"


def _operations(dataset: Any) -> Any:
    return expect.kind(dataset, Dataset, "a tf.data.Dataset").operations


def _pair(element: Any, noun: str) -> tuple[Any, Any]:
    """Take a batch apart; every part must have one entry per film."""
    parts = element if isinstance(element, tuple) else ()
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    fits = len(parts) == len(arrays) == 2 and arrays[0].ndim and arrays[1].ndim == 2
    expect.that(
        bool(fits) and len(arrays[0]) == len(arrays[1]) > 0,
        f"an element of the dataset is not a batch of {noun} and labels.",
        expected=f"{noun} (batch, ...) and labels (batch, genres)",
        got=f"shapes {', '.join(str(array.shape) for array in arrays) or 'unknown'}",
        advice="An element of the finished dataset is a batch, not a single film.",
    )
    expect.numbers(arrays[1], "the labels' part of a batch")
    return arrays[0], arrays[1]


def _rows(labels: Any) -> list[tuple[float, ...]]:
    return [tuple(row) for row in np.asarray(labels, np.float64).tolist()]


def _film(
    row: tuple[float, ...],
    positions: dict[tuple[float, ...], int],
    *,
    is_strange: bool,
) -> int:
    expect.that(
        row in positions,
        "a row of labels is not one of those that were given.",
        expected="the rows of labels as given",
        got=shorten([f"{value:g}" for value in row]),
        why="It belongs to a film that another call of the function was given."
        if is_strange
        else "",
        advice=OUTLIVES
        if is_strange
        else "Nothing in this pipeline has to compute with labels.",
    )
    return positions[row]
