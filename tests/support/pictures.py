"""Pictures: small ones made for the checks, and what must be made of them.

Any method of resizing is right, so nothing here depends on single pixels near an
edge: a flat picture stays flat, and the corners of a mosaic keep their colours.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from reelmark.checks import Dataset, StudentError, Submission, expect, shared, tensor
from support import pipelines
from support.films import Films
from support.pipelines import Epoch, read_epochs

SIZE = (64, 64, 3)
HALF_A_STEP = 0.5 / 255
"""Tolerance for a pixel in [0, 1]: closer to its own of 256 steps than to the next."""

ROUNDING = 1e-4
"""Weighted means of numbers in [0, 1] may leave this range by a few roundings."""

MOST_PIXELS_OFF = 1.25
"""Pixels of the small image: aligned corners make half a pixel of difference; plus
rounding."""

SAME = 1e-3
"""Share of an image's range: the same computation, perhaps in another order."""

ALIKE = 0.06
"""Share of an image's range, for the mean of a field: JPEG decoders differ by less."""

GRID = (4, 3)

LABEL = np.array([0, 1, 0, 1, 1], np.int64)
WHITE = (255, 255, 255)

Colour = tuple[int, int, int]

PAIR = "a pair (image, label)"
POSTER_SHAPE = (96, 72)  # pixels: more than 64 each way, for a stand-in that crops


def flat(colour: Colour, height: int, width: int) -> Any:
    """Return a picture of one colour, uint8, shape (height, width, 3)."""
    return np.full((height, width, 3), colour, np.uint8)


def ramp(height: int, width: int) -> Any:
    """Return a grey picture that gets brighter from top to bottom, but never white."""
    rows = np.linspace(20, 200, height).astype(np.uint8)
    return np.broadcast_to(rows[:, None, None], (height, width, 3))


def stripes(height: int, width: int) -> Any:
    """Return a picture of black and white stripes with sharp edges."""
    rows = np.arange(height) * 9 // height % 2
    columns = np.arange(width) * 7 // width % 2
    white = 255 * (rows[:, None] ^ columns)
    return np.repeat(white[..., None], 3, axis=-1).astype(np.uint8)


def coordinates(height: int, width: int) -> Any:
    """Return a picture whose pixels say where they are.

    Red grows from left to right and green from top to bottom; blue is 0 in the upper
    half and 255 in the lower, so it shows the scale of the values.
    """
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0] = 255 * (np.arange(width) + 0.5) / width
    picture[..., 1] = 255 * (np.arange(height)[:, None] + 0.5) / height
    picture[height // 2 :, :, 2] = 255
    return picture


def mosaic(height: int, width: int) -> Any:
    """Return a picture whose four corners are red, green, blue and grey.

    The borders are a quarter from the top and from the left, so the middle of the
    picture has only one colour.
    """
    picture = flat((128, 128, 128), height, width)
    top, left = height // 4, width // 4
    picture[:top, :left] = (255, 0, 0)
    picture[:top, left:] = (0, 255, 0)
    picture[top:, :left] = (0, 0, 255)
    return picture


def scene(grey: int, height: int, width: int) -> Any:
    """Return a grey picture that looks different when flipped or turned.

    Fields with sharp edges are lighter or darker than the rest, all in proportion to
    ``grey``: in every part of the picture, a larger ``grey`` is brighter.
    """
    shares = np.full((height, width, 3), 0.7)
    shares[height // 2 :] = 0.55
    shares[: height // 4, : width // 3] = 1.0
    shares[:, -width // 6 :, 2] *= 0.4
    return np.round(grey * shares).astype(np.uint8)


def process(submission: Submission, picture: Any, label: Any = LABEL) -> Any:
    """Return the result of ``img_process`` for a picture, as an array of any kind."""
    process_one = submission.image_processing.img_process
    image, _ = expect.items(process_one(tensor(picture), tensor(label)), 2, PAIR)
    return expect.array(image, "an image, as a tensor")


def expect_image(value: Any) -> Any:
    """Expect numbers with a height, a width and three channels; return float64."""
    pixels = expect.numbers(value, "the image")
    expect.that(
        pixels.ndim == 3 and pixels.shape[-1] == 3 and min(pixels.shape) > 1,
        "what comes back is not one image with three channels.",
        expected="shape (height, width, 3)",
        got=f"shape {pixels.shape}",
        why="One poster is no batch, and needs no axis for one." * (pixels.ndim == 4),
        advice="One poster comes in, one image goes out. Print the shape at each step.",
    )
    return pixels


def expect_contrast(value: Any) -> None:
    """Expect the image of a `ramp` not to have a single colour."""
    low, high = expect_image(value).min(), expect_image(value).max()
    expect.that(
        bool(high > low),
        "a poster of many greys comes back as one flat colour.",
        expected="numbers that differ",
        got=f"{low:.4g} everywhere",
        advice="Print some pixels after each step: from which one on are they alike?",
    )


def expect_colour(image: Any, colour: Colour) -> None:
    """Expect the image of a flat picture of ``colour`` to be ``colour / 255``."""
    pixels = expect_image(image)
    # The middle: padding leaves black borders, which another check looks at.
    middle = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]
    expected = np.array(colour) / 255
    expect.that(
        bool((np.abs(middle - expected) <= HALF_A_STEP).all()),
        "a pixel does not come out as its share of 255.",
        expected=_write_pixel(expected),
        got=_write_pixel(middle),
        why=_why_other_range(middle, np.array(colour)),
        advice="Feed in a picture of this colour and follow its pixels from step to "
        "step.",
    )


def expect_float32(image: Any) -> None:
    """Expect the dtype that the brief names."""
    expect.equal(
        str(image.dtype),
        "float32",
        "the dtype of the image",
        advice="Follow the dtype from step to step: some keep it, some change it.",
    )


def expect_corners(image: Any) -> None:
    """Expect the four corners of a `mosaic` in their places, at any scale of values."""
    pixels = expect_image(image)
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


def expect_range(image: Any) -> None:
    """Expect the image of `stripes` to stay within [0, 1]."""
    pixels = expect_image(image)
    low, high = float(pixels.min()), float(pixels.max())
    expect.that(
        low >= -ROUNDING and high <= 1 + ROUNDING,
        "pixels beside a sharp edge leave [0, 1].",
        expected="0 to 1",
        got=f"{low:.4g} to {high:.4g}",
        why="Pixels far from an edge are right: it is the resizing that overshoots.",
        advice="Some ways of resizing stay within the range of a picture, others do "
        "not, or need to be cut off at its ends.",
    )


def expect_places(image: Any) -> None:
    """Expect every pixel of an image of `coordinates` to come from its own place.

    Any method of resizing moves it by less than a pixel of the small image.
    """
    pixels = expect_image(image)
    black, white = np.percentile(pixels[..., 2], (25, 75))
    scale = white - black if abs(white - black) > 0 else np.nan
    for axis, channel, extent in ((1, 0, "width"), (0, 1, "height")):
        count = pixels.shape[axis]
        right = (np.arange(count) + 0.5) / count
        got = (pixels[..., channel].mean(axis=1 - axis) - black) / scale
        expect.that(
            bool((np.abs(got - right) <= MOST_PIXELS_OFF / count).all()),
            "the image does not show the whole poster.",
            expected=f"{_ends(right)} of the poster's {extent}: begin, middle, end",
            got=f"{_ends(got)}",
            why="Something is cut off at both ends."
            if got[0] > right[1] and got[-1] < right[-2]
            else "",
            advice="The whole poster is to be squeezed into 64 x 64 pixels.",
        )


def _ends(shares: Any) -> str:
    places = (shares[0], shares[len(shares) // 2], shares[-1])
    return ", ".join(f"{100 * share:.0f}%" for share in places)


def expect_batch(submission: Submission, height: int, width: int, num: int) -> None:
    """Expect a batch of ever brighter pictures to become a batch of their images."""
    levels = [70 + 35 * place for place in range(num)]
    batch = np.stack([scene(grey, height, width) for grey in levels])
    made = process(submission, batch, np.eye(num))
    images = expect.numbers(made, "the batch")
    expect.that(
        images.shape == (num, *SIZE),
        "a batch of posters does not become a batch of images.",
        expected=(num, *SIZE),
        got=images.shape,
        advice="Count axes from the end: a batch has one more, in front."
        * (images.ndim != 4),
    )
    brightness = images.mean(axis=(1, 2, 3))
    means = brightness.round(4) + 0.0  # no "-0.0000"
    expect.that(
        bool((np.diff(brightness) > 0).all()),
        "the images of a batch are not its posters, in their order.",
        expected="images of grey posters, each brighter than the one before",
        got=f"images of mean {', '.join(f'{mean:.4f}' for mean in means)}",
        why="Posters that differ in brightness become images that do not."
        * bool(np.ptp(brightness) <= SAME * np.ptp(images)),
        advice="Compare an image of a batch with what its poster becomes by itself.",
    )
    alone = process(submission, batch[-1])
    if str(alone.dtype) == "float32":
        expect_float32(made)
    apart = np.abs(images[-1] - expect_image(alone))
    expect.that(
        bool(apart.max() <= SAME * np.ptp(alone)),
        "a poster in a batch becomes another image than by itself.",
        expected=f"{alone.mean():.4g} on average",
        got=f"{images[-1].mean():.4g} on average, and pixels off by up to "
        f"{apart.max():.4g}",
        advice="A batch and a single poster go the same way. Which step asks for the "
        "number of axes, or looks at all posters together?",
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
    folder = submission.new_folder()
    paths = [shutil.copy(poster, folder) for poster in films.posters[:num]]
    process_one = submission.image_processing.img_process
    mapped = submission.ingredients.map_posters(process_one, paths)
    elements = expect.kind(mapped, Dataset, "a dataset").batches(num + 1)
    elements = expect.kind(elements, list, "a list of batches")
    images = [pair[0] for pair in elements if isinstance(pair, tuple) and pair]
    ranks = [getattr(image, "ndim", None) for image in images]
    expect.that(
        ranks == [3] * num,
        "used in Dataset.map(), it does not give one image for each poster.",
        expected=f"{num} images: shape (height, width, 3) each",
        got=f"{len(images)} elements: {', '.join(map(_show_shape, images))}",
        advice="In a pipeline, image.shape holds None for the height and the width.",
    )


@dataclass(frozen=True)
class Posters:
    """Films with grey posters, each brighter than that of the film before.

    Whether a poster is resized, cropped or scaled, brighter stays brighter: so a film's
    poster can be recognised without knowing how it was prepared. File names are not in
    the order of the films.

    Attributes:
        films: The source of ids and labels.
        first: The position of the first film in the fixture.
        count: Number of films; 180 grey levels are divided among them.
    """

    films: Films
    first: int
    count: int

    @property
    def labels(self) -> Any:
        """int64 array (count, 25); every row is different."""
        return self.films.labels[self.first : self.first + self.count]

    @property
    def pictures(self) -> list[Any]:
        """The posters before they are written, in the order of the films."""
        step = 180 // self.count
        levels = (70 + step * place for place in range(self.count))
        return [scene(grey, *POSTER_SHAPE) for grey in levels]

    def write(self, submission: Submission) -> list[str]:
        """Write the posters to a new folder; return paths in the order of the films."""
        folder = submission.new_folder()
        ids = self.films.table["Id"][self.first : self.first + self.count]
        paths = [folder / f"{film}.jpg" for film in ids]
        for path, picture in zip(paths, self.pictures, strict=True):
            Image.fromarray(picture).save(path, quality=95, subsampling=0)
        return list(map(str, paths))


@dataclass(frozen=True)
class Split:
    """Films to train on and others to validate with, in batches of one size.

    Neither number is a multiple of the size, so the last batch is smaller.
    """

    films: Films
    num_train: int
    num_valid: int
    batch_size: int

    def posters(self, training: bool) -> Posters:
        """Return the posters of one part."""
        if training:
            return Posters(self.films, 0, self.num_train)
        return Posters(self.films, self.num_train, self.num_valid)


@dataclass(frozen=True)
class Built:
    """What ``build_poster_dataset`` made, and the files that it was given."""

    dataset: Any
    paths: list[str]


@shared
def build_datasets(submission: Submission, split: Split) -> dict[bool, Built]:
    """Build both datasets of a split before either is read; by ``training``.

    If the second call changes the first one's dataset, that shows when it is read. So
    does what is kept of the calls before, which get as many other films.
    """
    paths = {part: split.posters(part).write(submission) for part in (True, False)}
    for part in paths:
        _build(submission, split, part, pipelines.moved_on(paths[part]))
    return {
        part: Built(_build(submission, split, part, paths[part]), paths[part])
        for part in paths
    }


def _build(
    submission: Submission, split: Split, training: bool, paths: list[str]
) -> Any:
    return submission.image_processing.build_poster_dataset(
        paths,
        split.posters(training).labels,
        batch_size=split.batch_size,
        training=training,
    )


@shared
def large_dataset(submission: Submission, split: Split) -> Any:
    """Return a dataset of as many posters as there are training films."""
    path = build_datasets(submission, split)[True].paths[0]
    paths = [path] * pipelines.NUM_TRAINING_FILMS
    labels = np.zeros((len(paths), 1), np.int64)
    build = submission.image_processing.build_poster_dataset
    return build(paths, labels, training=True)


def poster_dataset(submission: Submission, split: Split, training: bool) -> Dataset:
    """Return the dataset that ``build_poster_dataset`` makes of these posters."""
    built = build_datasets(submission, split)[training]
    return pipelines.expect_pairs(built.dataset, "images")


@shared
def poster_epochs(submission: Submission, split: Split, training: bool) -> list[Epoch]:
    """Return passes over the dataset of these posters: three in training, else two."""
    dataset = poster_dataset(submission, split, training)
    labels, others = (split.posters(part).labels for part in (training, not training))
    return read_epochs(dataset, labels, others, "images", passes=2 + training)


def expect_posters(epoch: Epoch) -> None:
    """Expect batches of float32 images of 64 x 64 pixels with three channels."""
    for images in epoch.parts:
        expect.equal(images.shape[1:], SIZE, "the shape of an image in a batch")
        expect_float32(images)


@shared
def default_epoch(submission: Submission, split: Split) -> Epoch:
    """Return a pass over films for which only paths and labels are given."""
    path = build_datasets(submission, split)[False].paths[0]
    build_default = submission.image_processing.build_poster_dataset
    return pipelines.read_default(
        lambda labels: build_default([path] * len(labels), labels)
    )


def expect_processed(submission: Submission, split: Split, training: bool) -> None:
    """Expect images to be what ``img_process`` makes of a single poster.

    Those of training films may have been flipped or turned: their mean is enough.
    """
    epoch = poster_epochs(submission, split, training)[0]
    images = [image for part in epoch.parts for image in part]
    pictures = split.posters(training).pictures
    for film in range(0, len(pictures), 5):
        if film not in epoch.order:
            continue  # another check looks at that
        wanted = expect_image(process(submission, pictures[film]))
        got = expect_image(images[epoch.order.index(film)])
        apart = _fields(got) - _fields(wanted)
        if training:
            apart = apart.mean((0, 1))
        expect.that(
            bool((np.abs(apart) <= ALIKE * np.ptp(wanted)).all()),
            "an image is not what img_process() makes of its poster.",
            expected=f"{wanted.mean():.4g} on average",
            got=f"{got.mean():.4g} on average",
            why=_why_not_processed(_fields(got), _fields(wanted)),
            advice="Which steps come between img_process() and the batches?",
        )


def _fields(image: Any) -> Any:
    """Return the mean colour of each field of a grid over an image."""
    rows = np.array_split(image, GRID[0], axis=0)
    columns = [np.array_split(row, GRID[1], axis=1) for row in rows]
    return np.array([[field.mean((0, 1)) for field in row] for row in columns])


def _why_not_processed(got: Any, wanted: Any) -> str:
    for other, why in (
        (wanted / 255, "Its pixels were divided by 255 once more."),
        (wanted[:, ::-1], "It is mirrored."),
        (wanted[::-1], "It stands on its head."),
    ):
        if np.allclose(got, other, rtol=ALIKE, atol=0):
            return why
    return ""


def expect_labels_kept(epochs: list[Epoch]) -> None:
    """Expect each poster beside the labels of its film, recognised by its brightness.

    JPEG shifts a mean by at most 1, and films are at least 5 levels apart.
    """
    brightness = [_read_brightness(epoch) for epoch in epochs]
    for epoch, shown in zip(epochs, brightness, strict=True):
        films = np.array(epoch.order)
        places = np.argsort(films, kind="stable")
        steps = np.diff(shown[places])[np.diff(films[places]) > 0]
        # An earlier call got the same posters, each in the place of the one before.
        is_moved_on = (steps > 0)[:-1].all()
        is_kept = bool((steps > 0).all())
        if not is_kept:
            _expect_steady(brightness)
        expect.that(
            is_kept,
            "posters stand beside the labels of other films.",
            expected="each poster with its own film's labels",
            got="another film's labels, for one poster or more",
            why=pipelines.EARLIER if is_moved_on else "",
            advice=pipelines.OUTLIVES
            if is_moved_on
            else "Keep path and label together, as one element, from the first step.",
        )


def _read_brightness(epoch: Epoch) -> Any:
    parts = [
        expect.numbers(part, "the images' part of a batch") for part in epoch.parts
    ]
    return np.array([image.mean() for part in parts for image in part])


def _expect_steady(brightness: list[Any]) -> None:
    """Expect as many posters of each brightness in every epoch of the same length."""
    first, *others = map(np.sort, brightness)
    for other in others:
        apart = np.abs(other - first) if len(other) == len(first) else np.zeros(1)
        place = int(apart.argmax())
        expect.that(
            bool(apart[place] <= ALIKE * np.ptp(first)),
            "the brightness of a poster changes from epoch to epoch.",
            expected="what img_process() makes of it, in every epoch",
            got=f"{first[place]:.4f} on average, then {other[place]:.4f}",
            advice="Which steps come between img_process() and the batches?",
        )


def expect_cached(submission: Submission, split: Split, training: bool) -> None:
    """Expect another pass to work when the posters are gone after the first ones."""
    epochs = poster_epochs(submission, split, training)
    built = build_datasets(submission, split)[training]
    for path in built.paths:
        Path(path).unlink(missing_ok=True)
    again, error = _batches_or_error(built.dataset, len(epochs[0].order) + 1)
    has_cache = built.dataset.has("cache")
    why = (
        "The files were removed after a full pass, and the next one wanted to read "
        "them again. "
    )
    why += (
        "The posters are read after the cache." if has_cache else "There is no cache."
    )
    expect.that(
        isinstance(again, list) and len(again) == len(epochs[0].sizes),
        "after a full pass, the next one does not work without the files.",
        expected="a later pass that reads no file",
        got=error or "another number of batches",
        why=why if error == "NotFoundError" else "",
        advice="What stands before cache() is kept, what follows it happens again."
        if has_cache
        else "Which step keeps what was made once? It returns a new dataset, and the "
        "pipeline goes on from there.",
    )


def _show_shape(image: Any) -> str:
    is_array = isinstance(image, np.ndarray)
    return f"shape {image.shape}" if is_array else expect.describe(image)


def _batches_or_error(dataset: Dataset, limit: int) -> tuple[Any, str]:
    try:
        return dataset.batches(limit), ""
    except StudentError as error:
        return None, error.type_name


def _write_pixel(pixel: Any) -> str:
    return ", ".join(f"{value:.4g}" for value in pixel)


def _why_other_range(pixel: Any, colour: Any) -> str:
    """Return what the middle pixel proves about the mistake, or an empty text."""
    expected = colour / 255
    for scaled, why in (
        (colour, "The pixels were not divided: they still run from 0 to 255."),
        (colour / 127.5 - 1, "The pixels run from -1 to 1, not from 0 to 1."),
        (expected / 255, "The pixels were scaled twice."),
        (colour / 256, "The pixels were divided by 256, but white is 255."),
        (expected[::-1], "Red and blue have changed places."),
    ):
        # Proved only if the mistake differs from the right answer. At 255, a division
        # by 256 is one step off: a quarter of half a step is enough to tell.
        differs = np.abs(scaled - expected).max() > HALF_A_STEP
        if differs and np.allclose(pixel, scaled, rtol=0, atol=HALF_A_STEP / 4):
            return why
    return ""


def _name_colour(pixel: Any, spread: float) -> str:
    """Name the colour of a pixel by its largest channel, whatever the scale."""
    # In a grey pixel all channels agree; those of a coloured one use the full range.
    if not np.ptp(pixel) > spread / 2:
        return "grey"
    return ("red", "green", "blue")[int(np.argmax(pixel))]
