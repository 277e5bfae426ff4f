"""Pictures: small ones made for the checks, and what must become of them.

Any method of resizing is right, so nothing here depends on single pixels near an
edge: a flat picture stays flat, and the corners of a mosaic keep their colours.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from reelmark import expect
from reelmark.errors import StudentError
from reelmark.observations import Dataset
from reelmark.submission import Submission, shared, tensor
from support.films import Films
from support.pipelines import Epoch, read_epochs

SIZE = (64, 64, 3)
HALF_A_STEP = 0.5 / 255
"""Tolerance of a pixel in [0, 1]: closer to its own of 256 steps than to the next."""

LABEL = np.array([0, 1, 0, 1, 1], np.int64)
WHITE = (255, 255, 255)

Colour = tuple[int, int, int]

PAIR = "a pair (image, label)"
POSTER_SHAPE = (96, 72)  # pixels: more than 64 both ways, for a stand-in that crops


def flat(colour: Colour, height: int, width: int) -> Any:
    """Return a picture of one colour, uint8, shape (height, width, 3)."""
    return np.full((height, width, 3), colour, np.uint8)


def mosaic(height: int, width: int) -> Any:
    """Return a picture whose four corners are red, green, blue and grey.

    The borders lie a quarter from the top and from the left, so that the middle of
    the picture shows one colour only.
    """
    picture = flat((128, 128, 128), height, width)
    top, left = height // 4, width // 4
    picture[:top, :left] = (255, 0, 0)
    picture[:top, left:] = (0, 255, 0)
    picture[top:, :left] = (0, 0, 255)
    return picture


def process(submission: Submission, picture: Any, label: Any = LABEL) -> Any:
    """Return what ``img_process`` makes of a picture, as an array of any kind."""
    process_one = submission.image_processing.img_process
    image, _ = expect.items(process_one(tensor(picture), tensor(label)), 2, PAIR)
    return expect.array(image, "an image, as a tensor")


def expect_colour(image: Any, colour: Colour) -> None:
    """Expect a flat picture of ``colour`` to hold ``colour / 255``."""
    pixels = expect.numbers(image, "the image")
    has_channels = pixels.ndim == 3 and pixels.shape[-1] == 3 and pixels.size > 0
    expect.that(
        has_channels,
        "the image does not have three channels.",
        expected="(height, width, 3)",
        got=pixels.shape,
    )
    # The middle: a resize that pads leaves black borders, a matter for another check.
    middle = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]
    expected = np.array(colour) / 255
    expect.that(
        bool((np.abs(middle - expected) <= HALF_A_STEP).all()),
        "a pixel does not come out as its share of 255.",
        expected=_write_pixel(expected),
        got=_write_pixel(middle),
        why=_why_other_range(middle, np.array(colour)),
        advice="Feed in a white picture and follow its pixels from step to step.",
    )


def expect_corners(image: Any) -> None:
    """Expect the four corners of a `mosaic` where they were, at any scale of values."""
    pixels = expect.numbers(image, "the image")
    expect.that(
        pixels.ndim == 3 and pixels.shape[-1] == 3 and min(pixels.shape[:2]) > 1,
        "the image has no four corners.",
        expected="(height, width, 3)",
        got=pixels.shape,
    )
    corners = [pixels[row, column] for row in (0, -1) for column in (0, -1)]
    spread = max(float(np.ptp(corner)) for corner in corners)
    names = [_name_colour(corner, spread) for corner in corners]
    expected = ["red", "green", "blue", "grey"]
    alike = "The corners of the image are alike, those of the poster are not: it was "
    expect.that(
        names == expected,
        "the corners of the poster are not the corners of the image.",
        expected=", ".join(expected) + "  (top left to bottom right)",
        got=", ".join(names),
        why=f"{alike}cropped, or given a border." * (len(set(names)) == 1),
        advice="The whole poster is to be squeezed into 64 x 64 pixels.",
    )


def expect_batch(submission: Submission, height: int, width: int, num: int) -> None:
    """Expect a batch of grey pictures, each brighter, to become a batch of images."""
    levels = [40 + 30 * place for place in range(num)]
    batch = np.stack([flat((grey,) * 3, height, width) for grey in levels])
    images = expect.numbers(process(submission, batch, np.eye(num)), "the batch")
    expect.that(
        images.shape == (num, *SIZE),
        "a batch of posters does not become a batch of images.",
        expected=(num, *SIZE),
        got=images.shape,
        advice="Count axes from the end, or not at all: a batch has one more in front.",
    )
    brightness = images.mean(axis=(1, 2, 3))
    expect.that(
        bool((np.diff(brightness) > 0).all()),
        "the images of a batch are mixed up.",
        expected="images in the order of the posters",
        got="another order, or images that are alike",
    )


def expect_label(submission: Submission, label: Any) -> None:
    """Expect a label to come back as it went in, be it None or an array."""
    picture = tensor(flat(WHITE, 96, 80))
    sent = label if label is None else tensor(label)
    returned = submission.image_processing.img_process(picture, sent)
    _, got = expect.items(returned, 2, PAIR)
    if label is None:
        expect.that(
            got is None,
            "the label is not what went in.",
            expected="None",
            got=expect.describe(got),
        )
        return
    same = isinstance(got, np.ndarray) and got.dtype == label.dtype
    expect.that(
        same and np.array_equal(got, label),
        "the label is not what went in.",
        expected=expect.describe(label),
        got=expect.describe(got),
        why="It came back with other values." * (same and got.shape == label.shape),
        advice="The label only passes through.",
    )


def expect_maps(submission: Submission, films: Films, num: int) -> None:
    """Expect ``img_process`` to work in ``Dataset.map`` on posters read from disk."""
    with tempfile.TemporaryDirectory(dir=submission.scratch) as folder:
        paths = [shutil.copy(poster, folder) for poster in films.posters[:num]]
        mapped = submission.ingredients.map_posters(
            submission.image_processing.img_process, paths
        )
        elements = expect.kind(mapped, Dataset, "a dataset").batches(num + 1)
        elements = expect.kind(elements, list, "a list of batches")
    pairs = [pair for pair in elements if isinstance(pair, tuple) and pair]
    shapes = [getattr(image, "shape", None) for image, *_ in pairs]
    expect.that(
        shapes == [SIZE] * num,
        "used in Dataset.map(), it does not give the right images.",
        expected=f"{num} images of shape {SIZE}",
        got=f"{len(shapes)}, the first of shape {shapes[0] if shapes else None}",
        advice="In a pipeline the height and width of a poster are not known "
        "beforehand, and image.shape shows None for them.",
    )


@dataclass(frozen=True)
class Posters:
    """Films with plain grey posters, each brighter than that of the film before.

    Whether a poster is resized, cropped or scaled, brighter stays brighter: so the
    poster of a film is told without knowing how it was prepared. File names are not
    in the order of the films.

    Attributes:
        films: Where ids and labels come from.
        count: Number of films; 220 grey levels are shared out among them.
        batch_size: Films in a batch, so that the last one is smaller.
    """

    films: Films
    count: int
    batch_size: int

    @property
    def labels(self) -> Any:
        """int64 array (count, 25); every row is different."""
        return self.films.labels[: self.count]

    def write(self, folder: Path) -> list[str]:
        """Write the posters into a folder; return their paths in order of films."""
        paths = [folder / f"{film}.jpg" for film in self.films.table["Id"]]
        step = 220 // self.count
        for place, path in enumerate(paths[: self.count]):
            grey = 20 + step * place
            Image.fromarray(flat((grey,) * 3, *POSTER_SHAPE)).save(path)
        return [str(path) for path in paths[: self.count]]


@shared
def poster_dataset(submission: Submission, posters: Posters, training: bool) -> Any:
    """Return what ``build_poster_dataset`` makes of these posters."""
    folder = Path(tempfile.mkdtemp(dir=submission.scratch))
    return build(submission, posters, folder, training)


@shared
def poster_epochs(
    submission: Submission, posters: Posters, training: bool
) -> list[Epoch]:
    """Return three passes over the dataset of these posters."""
    dataset = poster_dataset(submission, posters, training)
    dataset = expect.kind(dataset, Dataset, "a tf.data.Dataset")
    return read_epochs(dataset, posters.labels, "images", passes=3)


def build(
    submission: Submission, posters: Posters, folder: Path, training: bool
) -> Any:
    """Write posters into a folder and build a dataset of them."""
    return submission.image_processing.build_poster_dataset(
        posters.write(folder),
        posters.labels,
        batch_size=posters.batch_size,
        training=training,
    )


def expect_posters(epoch: Epoch) -> None:
    """Expect batches of float32 images of 64 x 64 pixels with three channels."""
    for images in epoch.parts:
        expect.equal(images.shape[1:], SIZE, "the shape of an image in a batch")
        expect.equal(str(images.dtype), "float32", "the dtype of the images")


def expect_labels_kept(epochs: list[Epoch]) -> None:
    """Expect each poster beside the labels of its own film, told by its brightness.

    JPEG moves a grey level by 1 at most, and films are 12 levels apart or more.
    """
    for epoch in epochs:
        parts = [expect.numbers(part, "the images' part") for part in epoch.parts]
        brightness = np.array([image.mean() for part in parts for image in part])
        films = np.array(epoch.order)
        places = np.argsort(films, kind="stable")
        steps = np.diff(brightness[places])[np.diff(films[places]) > 0]
        expect.that(
            bool((steps > 0).all()),
            "posters stand beside the labels of other films.",
            expected="each poster with its own film's labels",
            got="another film's labels, for one poster or more",
            advice="Keep path and label together, as one element, from the first step.",
        )


def expect_cached(submission: Submission, posters: Posters, training: bool) -> None:
    """Expect a second pass to work when the posters are gone after the first."""
    folder = Path(tempfile.mkdtemp(dir=submission.scratch))
    dataset = build(submission, posters, folder, training)
    dataset = expect.kind(dataset, Dataset, "a tf.data.Dataset")
    first = dataset.batches(posters.count + 1)
    for poster in folder.glob("*.jpg"):
        poster.unlink()
    again, error = _batches_or_error(dataset, posters.count + 1)
    is_missing = error == "NotFoundError"
    expect.that(
        isinstance(first, list) and isinstance(again, list) and len(again) == len(first),
        "the second pass does not work without the files of the posters.",
        expected="a second pass that reads no file",
        got=error or "another number of batches",
        why="The files were removed after a full pass; the second wanted to read them "
        "again. Nothing had kept the posters." * is_missing,
        advice="cache() changes no dataset: it returns a new one. Which one goes on?",
    )


def _batches_or_error(dataset: Dataset, limit: int) -> tuple[Any, str]:
    try:
        return dataset.batches(limit), ""
    except StudentError as error:
        return None, error.type_name


def _write_pixel(pixel: Any) -> str:
    return ", ".join(f"{value:.4g}" for value in pixel)


def _why_other_range(pixel: Any, colour: Any) -> str:
    """Return what the middle pixel proves about a wrong range, or nothing."""
    tolerance = 2 * HALF_A_STEP
    if np.allclose(pixel, colour, rtol=0, atol=0.5):
        return "The pixels were not divided: they still run from 0 to 255."
    if np.allclose(pixel, colour / 127.5 - 1, rtol=0, atol=tolerance):
        return "The pixels run from -1 to 1, not from 0 to 1."
    if np.allclose(pixel, colour[::-1] / 255, rtol=0, atol=tolerance):
        return "Red and blue have changed places."
    return ""


def _name_colour(pixel: Any, spread: float) -> str:
    """Name the colour of a pixel by its largest channel, whatever the scale."""
    # In a grey pixel all channels agree; a coloured one spreads over the full range.
    if not np.ptp(pixel) > spread / 2:
        return "grey"
    return ("red", "green", "blue")[int(np.argmax(pixel))]
