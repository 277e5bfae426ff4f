"""The two networks of the brief: their tables, and the student's networks.

The numbers of sections 2.a and 2.b are only here in the suites.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reelmark.checks import Model, Submission, expect, shared

RETURN = "What does the last line of the function hand back?"


@dataclass(frozen=True)
class Row:
    """One row of a table of the brief.

    Attributes:
        name: The layer's name; in the LSTM's table, words that describe it.
        kind: Its Keras class.
        settings: Settings that the brief fixes, under Keras's names for them.
        unsaid: Settings that it leaves at Keras's defaults.
    """

    name: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    unsaid: Mapping[str, Any] = field(default_factory=dict)


_LEARNS = {
    "trainable": True,
    "kernel_initializer": "glorot_uniform",
    "kernel_regularizer": None,
    "kernel_constraint": None,
    "bias_regularizer": None,
    "bias_constraint": None,
    "activity_regularizer": None,
}
"""What Keras's layers with weights do unless they are told otherwise."""


def _conv(name: str, filters: int, strides: int = 1) -> Row:
    return Row(
        name,
        "Conv2D",
        {
            "filters": filters,
            "kernel_size": (3, 3),
            "strides": (strides, strides),
            "padding": "same",
        },
        unsaid={"dilation_rate": (1, 1), "groups": 1, **_LEARNS},
    )


def _pool(name: str) -> Row:
    # 32, 16 and 8 are even: "valid" and "same" halve them alike.
    return Row(name, "MaxPooling2D", {"pool_size": (2, 2), "strides": (2, 2)})


def _drop(name: str, rate: float) -> Row:
    return Row(name, "Dropout", {"rate": rate}, unsaid={"noise_shape": None})


def _dense(name: str, units: int) -> Row:
    return Row(name, "Dense", {"units": units}, unsaid=_LEARNS)


def _output(name: str) -> Row:
    # Its width is not a setting here: it is the function's argument.
    return Row(name, "Dense", unsaid=_LEARNS)


LSTM = "Bidirectional LSTM"


def _lstm(name: str, units: int, *, return_sequences: bool) -> Row:
    settings = {"units": units, "dropout": 0.5, "recurrent_dropout": 0.2}
    unsaid = {
        "activation": "tanh",
        "recurrent_activation": "sigmoid",
        "unit_forget_bias": True,
        "recurrent_regularizer": None,
        "recurrent_constraint": None,
        **_LEARNS,
    }
    return Row(name, LSTM, {**settings, "return_sequences": return_sequences}, unsaid)


IMAGE_SHAPE = (64, 64, 3)
N_GENRES = 25

CNN_TABLE = (
    Row("Input", "InputLayer"),
    _conv("Conv0", 16, strides=2),
    _drop("Drop1", 0.2),
    _conv("Conv1", 32),
    _conv("Conv2", 32),
    _drop("Drop2", 0.2),
    _pool("Pool1"),
    _conv("Conv3", 64),
    _conv("Conv4", 64),
    _drop("Drop3", 0.2),
    _pool("Pool2"),
    _conv("Conv5", 128),
    _conv("Conv6", 128),
    _drop("Drop4", 0.2),
    _pool("Pool3"),
    Row("Flat", "Flatten"),
    _dense("FC1", 1024),
    _drop("Drop5", 0.5),
    _dense("FC2", 1024),
    _drop("Drop6", 0.5),
    _output("Output"),
)
CNN_PARAMETERS = 3_464_601

EMBEDDING_SIZE = 256
LSTM_TABLE = (
    Row("the encoder", "TextVectorization"),
    Row("the embedding", "Embedding"),
    _lstm("the first LSTM", 256, return_sequences=True),
    _lstm("the second LSTM", 128, return_sequences=False),
    _dense("the Dense layer before the output", 128),
    _drop("the Dropout layer", 0.8),
    _output("the output layer"),
)
# For 25 genres, without the parameters of the embedding.
LSTM_PARAMETERS = 1_743_129


@shared
def build_cnn(submission: Submission, *n_genres: int) -> Model:
    """Return the student's poster network, built once for each argument."""
    built = submission.cnn.build_cnn(*n_genres)
    return expect.kind(built, Model, "a Keras model", advice=RETURN)


@shared
def build_another_cnn(submission: Submission) -> Model:
    """Return what a second call without arguments builds."""
    built = submission.cnn.build_cnn()
    return expect.kind(built, Model, "a Keras model", advice=RETURN)
