"""The text network: what it is built from, and what is special about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reelmark.checks import Layer, Model, Submission, expect, shared
from support import networks
from support.architecture import (
    EMBEDDING_SIZE,
    GENRE_PARAMETERS,
    LSTM,
    LSTM_PARAMETERS,
    LSTM_TABLE,
    N_GENRES,
    RETURN,
)
from support.outputs import predict
from support.structure import expect_parameters, expect_rows, kind_of, setting

GIVEN = {"TextVectorization": "given_encoder", "Embedding": "given_embedder"}


@dataclass(frozen=True)
class Texts:
    """What a text network is built from.

    Attributes:
        words: The encoder's words.
        rows: Rows of the embedding, more than the encoder's vocabulary has entries.
        n_genres: Number of genres.
    """

    words: tuple[str, ...]
    rows: int
    n_genres: int


@shared
def build_embedder(submission: Submission, words: Sequence[str], spare: int) -> Layer:
    """Return the student's embedding for an encoder that knows these words.

    The encoder's ``max_tokens`` has room for some more.
    """
    encoder = submission.ingredients.make_encoder(list(words), spare=spare)
    embedder = submission.lstm.build_embedder(encoder)
    name = "a keras.layers.Embedding"
    layer = expect.kind(embedder, Layer, name, advice=RETURN)
    expect.that(
        "Embedding" in layer.bases,
        "returned a layer of the wrong kind.",
        expected=name,
        got=expect.with_article(layer.class_name),
    )
    return layer


@shared
def build_lstm(submission: Submission, texts: Texts) -> Model:
    """Return the student's text network around a kit-made encoder and embedding."""
    kit = submission.ingredients
    encoder = kit.make_encoder(list(texts.words), name=GIVEN["TextVectorization"])
    embedder = kit.make_embedder(texts.rows, EMBEDDING_SIZE, name=GIVEN["Embedding"])
    built = submission.lstm.build_lstm(encoder, embedder, texts.n_genres)
    return expect.kind(built, Model, "a Keras model", advice=RETURN)


@shared
def find_real(submission: Submission, texts: Texts) -> Any:
    """Expect the text network to be one; return its answers, if it gives any."""
    count = len(texts.words)
    pairs = [(first, (first + 1) % count) for first in range(count)]
    overviews = [" ".join(texts.words[i] for i in pair) for pair in pairs]
    # Padding and unknown words come first in a vocabulary.
    return networks.expect_real(
        build_lstm(submission, texts), overviews, np.array(pairs) + 2
    )


@shared
def predict_genres(submission: Submission, texts: Texts) -> tuple[Any, Model]:
    """Return the text network's answers, and the network after giving them.

    A Sequential model without an input is built by its first call. Every film is two
    words at most, for each step of an LSTM takes time.
    """
    model = build_lstm(submission, texts)
    answers = find_real(submission, texts)
    if answers is None:
        answers = predict(model, list(texts.words), "raw strings")
    return answers, expect.kind(model.look_again(), Model, "a Keras model")


def expect_vector_size(embedder: Layer) -> None:
    """Expect the embedding to have the brief's columns."""
    size = setting(embedder, "output_dim")
    expect.equal(
        size,
        str(EMBEDDING_SIZE),
        "output_dim",
        why="265 is a slip of the original brief, which has both numbers; 256 holds."
        if size == "265"
        else "",
        advice="The brief says how many numbers a word becomes.",
    )


def expect_enough_rows(embedder: Layer, entries: int) -> None:
    """Expect at least as many rows as the vocabulary has entries."""
    rows = embedder.config.get("input_dim")
    expect.that(
        type(rows) is int and rows >= entries,
        "the embedding has too few rows.",
        expected=f"at least {entries:,}",
        got=setting(embedder, "input_dim"),
        why="An index without a row ends in an error or in another word's vector.",
        advice="The encoder knows how many entries its vocabulary has, with those for "
        "padding and unknown words.",
    )


def expect_mask(embedder: Layer) -> None:
    """Expect index 0 to be masked."""
    masked = setting(embedder, "mask_zero")
    expect.that(
        masked in ("True", "1"),
        "the embedding does not mask padding.",
        expected="mask_zero True",
        got=f"mask_zero {masked}",
        why="Without a mask the LSTM reads the padding after a short overview as if it "
        "were words.",
        advice="Embedding has an argument that treats index 0 as padding.",
    )


def expect_sequential(model: Model) -> None:
    """Expect a Sequential model."""
    expect.that(
        "Sequential" in model.bases,
        "the model is not Sequential.",
        expected="Sequential",
        got=model.class_name,
        advice="keras.Sequential takes the layers as a list, or one by one.",
    )


def body(model: Model) -> list[Layer]:
    """Return the layers after the input, which may or may not be declared."""
    return [layer for layer in model.layers if layer.class_name != "InputLayer"]


def expect_given_layers(model: Model) -> None:
    """Expect the encoder and the embedding that the function was given."""
    for kind, name in GIVEN.items():
        names = [layer.name for layer in model.layers if layer.class_name == kind]
        expect.that(
            names == [name],
            f"the {kind} layer is not the one that was given.",
            expected=f'"{name}"',
            got=", ".join(f'"{found}"' for found in names) or "none",
            advice="The function gets both layers as arguments. Use them as they are.",
        )


def expect_lstms(model: Model, *keys: str) -> None:
    """Expect some settings of the two LSTMs, whatever their direction."""
    rows = [row for row in LSTM_TABLE if row.kind == LSTM]
    expect_rows(rows, _recurrent_layers(model), *keys, advice=_DIRECTIONS)


def expect_lstm_dropouts(model: Model) -> None:
    """Expect both dropouts in all the LSTMs there are, and at least in one."""
    rows = [row for row in LSTM_TABLE if row.kind == LSTM]
    layers = _recurrent_layers(model)[: len(rows)]
    rows = rows[: len(layers)] or rows
    keys = ("dropout", "recurrent_dropout")
    expect_rows(rows, layers, *keys, advice=_DIRECTIONS)


_DIRECTIONS = "Settings are those of one direction, of the LSTM inside Bidirectional."


def _recurrent_layers(model: Model) -> list[Layer]:
    # Whether they are LSTMs, and bidirectional, is the fact of another check.
    kinds = ("LSTM", "GRU", "RNN")
    return [layer for layer in model.layers if kind_of(layer).endswith(kinds)]


def expect_number_of_parameters(model: Model, texts: Texts) -> None:
    """Expect the brief's number of parameters, less those of the genres left out."""
    modes = [layer.config.get("merge_mode") for layer in model.layers]
    is_merged = any(isinstance(mode, str) and mode != "concat" for mode in modes)
    fewer = N_GENRES - texts.n_genres
    left_out = GENRE_PARAMETERS * fewer
    expect_parameters(
        model,
        EMBEDDING_SIZE * texts.rows + LSTM_PARAMETERS - left_out,
        formula=f" ({EMBEDDING_SIZE} x {texts.rows} + {LSTM_PARAMETERS:,}, less "
        f"{left_out:,} for {fewer} genres fewer)",
        why="A bidirectional layer sets its two directions side by side, unless "
        "merge_mode says otherwise."
        if is_merged
        else "",
    )
