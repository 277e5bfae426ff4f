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
    LSTM,
    LSTM_PARAMETERS,
    LSTM_TABLE,
    RETURN,
)
from support.outputs import predict
from support.structure import (
    as_in_table,
    expect_parameters,
    expect_rows,
    expect_trainable,
    kind_of,
    setting,
)

SPARE_ROWS = 2
"""Counting padding and unknown words once more is not wrong."""

ASK_THE_ENCODER = (
    "The encoder knows how many entries its vocabulary has, with those for padding and "
    "unknown words."
)

GIVEN = {"TextVectorization": "given_encoder", "Embedding": "given_embedder"}


@dataclass(frozen=True)
class Texts:
    """What a text network is built from.

    Attributes:
        words: The encoder's words.
        rows: Rows of the embedding, more than the entries of the encoder's vocabulary.
        n_genres: Number of genres; None to leave it to the function.
    """

    words: tuple[str, ...]
    rows: int
    n_genres: int | None


@shared
def build_embedder(submission: Submission, words: Sequence[str], spare: int) -> Layer:
    """Return the student's embedding for an encoder that knows these words.

    The encoder's ``max_tokens`` has room for ``spare`` more.
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
def make_given(submission: Submission, texts: Texts) -> tuple[Any, Any]:
    """Return a kit-made encoder and embedding."""
    kit = submission.ingredients
    encoder = kit.make_encoder(list(texts.words), name=GIVEN["TextVectorization"])
    embedder = kit.make_embedder(texts.rows, EMBEDDING_SIZE, name=GIVEN["Embedding"])
    return encoder, embedder


@shared
def build_lstm(submission: Submission, texts: Texts) -> Model:
    """Return the student's text network around a kit-made encoder and embedding."""
    encoder, embedder = make_given(submission, texts)
    n_genres = () if texts.n_genres is None else (texts.n_genres,)
    built = submission.lstm.build_lstm(encoder, embedder, *n_genres)
    return expect.kind(built, Model, "a Keras model", advice=RETURN)


@shared
def find_real(submission: Submission, texts: Texts) -> Any:
    """Expect the text network to be a real one; return its answers, if it gives any."""
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

    A Sequential model without an input is built by its first call. Every film has at
    most two words, because each step of an LSTM takes time.
    """
    model = build_lstm(submission, texts)
    answers = find_real(submission, texts)
    if answers is None:
        words = list(texts.words)
        answers = predict(model, words, "raw strings", why=_why_no_strings)
    return answers, expect.kind(model.look_again(), Model, "a Keras model")


def _why_no_strings(model: Model) -> tuple[str, str]:
    """Say why a network cannot read strings, and what to do, if its shape shows it."""
    shape = model.input_shape
    if shape is None or len(shape) < 2 or shape[1] == 1:
        return "", ""
    return (
        f"The network was built for inputs of shape {shape}, and refuses all others. "
        "Strings have the shape (batch,).",
        "Which shape does build() get, or the Input? Without either, Keras builds the "
        "network at its first call.",
    )


def expect_vector_size(embedder: Layer) -> None:
    """Expect the embedding to have the brief's number of columns."""
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


def expect_rows_for_words(embedder: Layer, entries: int, spare: int) -> None:
    """Expect one row per entry that the vocabulary has, or could have.

    Args:
        embedder: The embedding.
        entries: Entries of the vocabulary.
        spare: How many more the encoder's ``max_tokens`` would allow.
    """
    most = entries + spare
    rows = embedder.config.get("input_dim")
    number = rows if type(rows) is int else 0
    expect.that(
        number >= entries,
        "the embedding has too few rows.",
        expected=f"at least {entries:,}",
        got=setting(embedder, "input_dim"),
        why="An index without a row ends in an error or in another word's vector.",
        advice=ASK_THE_ENCODER,
    )
    expect.that(
        number <= most + SPARE_ROWS,
        "the embedding has more rows than there can be words.",
        expected=f"{entries:,}"
        if most == entries
        else f"{entries:,}, or {most:,} (max_tokens)",
        got=setting(embedder, "input_dim"),
        why="A row that no index leads to is 256 parameters that never learn.",
        advice=ASK_THE_ENCODER,
    )


def expect_own_embedding(submission: Submission, one: Layer, other: Layer) -> None:
    """Expect two encoders to get two embeddings."""
    expect.that(
        submission.ingredients.is_same(one, other) is False,
        "two encoders get one and the same embedding.",
        expected="a new layer at every call",
        got="the layer of an earlier call",
        why="Its rows are vectors of the other encoder's words.",
        advice="Is the layer made when the function is called, or before?",
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
    layers = [as_in_table(layer) for layer in model.layers]
    return [layer for layer in layers if layer.class_name != "InputLayer"]


def expect_given_layers(submission: Submission, texts: Texts) -> None:
    """Expect exactly the encoder and the embedding that the function was given."""
    model = build_lstm(submission, texts)
    given = make_given(submission, texts)
    held = submission.ingredients.holds(model, *given)
    for (kind, name), is_held in zip(GIVEN.items(), held, strict=True):
        names = [layer.name for layer in model.layers if layer.class_name == kind]
        is_copy = names == [name]
        expect.that(
            is_held is True and is_copy,
            f"the {kind} layer is not the one that was given.",
            expected=f'"{name}", the layer itself',
            got=f'a copy of "{name}"'
            if is_copy
            else ", ".join(f'"{found}"' for found in names) or "none",
            why="A copy has words, or weights, of its own: what the given layer has "
            "learnt does not reach it."
            if is_copy
            else "",
            advice="The function gets both layers as arguments. Use them as they are.",
        )
    expect_trainable([layer for layer in model.layers if layer.class_name in GIVEN])


def expect_lstms(model: Model, *keys: str) -> None:
    """Expect some settings of the two LSTMs, whatever their direction."""
    rows = [row for row in LSTM_TABLE if row.kind == LSTM]
    expect_rows(rows, _recurrent_layers(model), *keys, advice=_DIRECTIONS)


def expect_lstm_dropouts(model: Model) -> None:
    """Expect both dropouts in all LSTMs, and at least one LSTM."""
    rows = [row for row in LSTM_TABLE if row.kind == LSTM]
    layers = _recurrent_layers(model)[: len(rows)]
    rows = rows[: len(layers)] or rows
    keys = ("dropout", "recurrent_dropout")
    expect_rows(rows, layers, *keys, advice=_DIRECTIONS)


_DIRECTIONS = "Settings are those of one direction, of the LSTM inside Bidirectional."


def _recurrent_layers(model: Model) -> list[Layer]:
    # Another check looks at whether they are LSTMs, and bidirectional.
    kinds = ("LSTM", "GRU", "RNN")
    return [layer for layer in body(model) if kind_of(layer).endswith(kinds)]


def expect_number_of_parameters(model: Model, texts: Texts) -> None:
    """Expect the brief's number of parameters for 25 genres."""
    modes = [layer.config.get("merge_mode") for layer in model.layers]
    is_merged = any(isinstance(mode, str) and mode != "concat" for mode in modes)
    expect_parameters(
        model,
        EMBEDDING_SIZE * texts.rows + LSTM_PARAMETERS,
        formula=f" ({EMBEDDING_SIZE} x {texts.rows} + {LSTM_PARAMETERS:,})",
        why="A bidirectional layer sets its two directions side by side, unless "
        "merge_mode says otherwise."
        if is_merged
        else "",
    )
