"""The reference on the real films, sealed: the fixtures resemble them well.

Runs where ``REELMARK_DATA`` names a folder that holds ``Multimodal_IMDB_dataset``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.stage.classes import grade_recipes, real_coursework
from reelmark.checks.submission import Submission
from reelmark.marking.jobs import assign
from reelmark.processes.forked import SealedWorker, Zygote
from reelmark.processes.limits import Limits
from reelmark.results import Status
from sample_class import Recipe, write_submission
from support.films import DATASET, Films

FOLDER = Path(os.environ.get("REELMARK_DATA", "")) / DATASET
COUNT, BATCH = 500, 64

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"REELMARK_DATA names no folder that holds {DATASET}/",
)


@pytest.fixture(scope="module")
def films() -> Films:
    """The real films."""
    return Films(FOLDER)


@pytest.fixture(scope="module")
def submission(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Submission]:
    """The reference as a submission, in sealed workers."""
    coursework = real_coursework()
    home = tmp_path_factory.mktemp("scratch")
    # A worker is never given the folder of the solutions itself.
    work = tmp_path_factory.mktemp("work") / "reference"
    write_submission(work, Recipe())
    limits = Limits(cpu_seconds=120, wall_seconds=300)
    with ExitStack() as stack:
        parent = stack.enter_context(Zygote())
        parent.start()
        parent.wait_until_ready()
        connection = stack.enter_context(parent.connect())

        def open_worker(
            scratch: Path, stand_ins: tuple[str, ...], _: bool
        ) -> SealedWorker:
            assignment = assign(coursework, work, scratch, stand_ins)
            films = replace(assignment, inputs=(str(FOLDER),))
            return SealedWorker(connection, films, limits)

        submission = Submission(coursework.modules, home, open_worker, {})
        submission.begin_check("1a-ii")
        yield submission
        submission.end_worker()


@pytest.fixture(scope="module")
def posters(films: Films, submission: Submission) -> list[tuple[Any, Any]]:
    """One pass over the first 500 posters, in batches."""
    paths = [str(path) for path in films.posters[:COUNT]]
    dataset = submission.image_processing.build_poster_dataset(
        paths, films.labels[:COUNT], batch_size=BATCH
    )
    batches: list[tuple[Any, Any]] = dataset.batches()
    return batches


def test_reference_earns_all_marks(tmp_path: Path) -> None:
    """`grade` gives the reference every mark."""
    result = grade_recipes({"reference": Recipe()}, tmp_path)["reference"]
    assert (result.total, result.status) == (60, Status.PASSED)


def test_every_real_poster_arrives_in_its_shape(
    posters: list[tuple[Any, Any]],
) -> None:
    """500 films make seven batches of 64 and one of 52, each 64 x 64 x 3."""
    shapes = [images.shape for images, _ in posters]
    assert shapes == [(BATCH, 64, 64, 3)] * 7 + [(COUNT - 7 * BATCH, 64, 64, 3)]


def test_real_pixels_are_scaled(posters: list[tuple[Any, Any]]) -> None:
    """Real posters fill the range from 0 to 1 and do not leave it."""
    low = min(images.min() for images, _ in posters)
    high = max(images.max() for images, _ in posters)
    assert 0 <= low < 0.01
    assert 0.99 < high <= 1


def test_real_labels_keep_their_order(
    films: Films, posters: list[tuple[Any, Any]]
) -> None:
    """Without training=True, films come in the order of the file."""
    labels = np.concatenate([labels for _, labels in posters])
    assert np.array_equal(labels, films.labels[:COUNT])


def test_real_overviews_arrive_letter_by_letter(
    films: Films, submission: Submission
) -> None:
    """Accents, quotation marks and commas survive the pipeline."""
    dataset = submission.vectorization.build_overview_dataset(
        films.overviews[:COUNT], films.labels[:COUNT], batch_size=BATCH
    )
    texts = np.concatenate([texts for texts, _ in dataset.batches()])
    assert texts.tolist() == films.overviews[:COUNT]


def test_real_vocabulary_is_learnt(films: Films, submission: Submission) -> None:
    """500 overviews hold thousands of words, the most frequent of them first."""
    vectorization = submission.vectorization
    dataset = vectorization.build_overview_dataset(
        films.overviews[:COUNT], films.labels[:COUNT]
    )
    encoder = vectorization.build_encoder(dataset)
    words = vectorization.first_words(encoder, 5)
    assert len(encoder.vocabulary) > 2_000
    assert {"a", "the"} <= set(words)
