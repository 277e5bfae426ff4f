"""How a model was compiled: optimizer, learning rate, loss and metrics.

Both networks are compiled in the same way. The checks use tiny models of the kit, so a
fault in a network costs no marks here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from reelmark.checks import (
    Compiled,
    Metric,
    Model,
    StudentError,
    Submission,
    expect,
    shared,
)
from support.structure import LEAVE, expect_trainable, word

CNN_RATE = 1e-4
LSTM_RATES = (1e-4, 1e-3)


@dataclass(frozen=True)
class Compiling:
    """One call of a function that compiles a model.

    Attributes:
        given: The kit-made model that the function was given, after the call.
        weights: Its weights before the call.
        returned: Whatever the function returned.
    """

    given: Model
    weights: Any
    returned: Any

    @property
    def model(self) -> Model:
        """The model to look at: the returned one or, failing that, the given one."""
        returned = self.returned
        is_compiled = isinstance(returned, Model) and returned.compiled is not None
        return returned if is_compiled else self.given


@shared
def compile_cnn(submission: Submission, n_genres: int) -> Compiling:
    """Compile a tiny network for pictures with the student's function."""
    given = submission.ingredients.make_poster_model(n_genres)
    return _compile(given, submission.cnn.compile_cnn)


@shared
def compile_lstm(submission: Submission, n_genres: int) -> Compiling:
    """Compile a tiny network for texts with the student's function."""
    given = submission.ingredients.make_text_model(n_genres)
    return _compile(given, submission.lstm.compile_lstm)


def _compile(made: Any, function: Callable[[Model], Any]) -> Compiling:
    # A worker that was tampered with may pass anything off as a model.
    given = expect.kind(made, Model, "a model made by the checks")
    weights = given.get_weights()
    returned = function(given)
    after = expect.kind(given.look_again(), Model, "the model it was given")
    return Compiling(after, weights, returned)


def expect_compiled(compiling: Compiling) -> Compiled:
    """Expect the given model, or one returned instead, to be compiled; return how."""
    compiled = compiling.model.compiled
    expect.that(
        compiled is not None,
        "leaves the model without optimizer and loss.",
        expected="a compiled model",
        got=f"returned {expect.describe(compiling.returned)}",
        advice="Which method prepares a Keras model for training?",
    )
    assert compiled is not None
    return compiled


def expect_same_model(compiling: Compiling) -> None:
    """Expect the given model itself, otherwise unchanged, compiled and returned."""
    returned = expect.kind(
        compiling.returned,
        Model,
        "the compiled model",
        advice="compile() changes the model and returns None.",
    )
    names = [layer.name for layer in returned.layers]
    given = [layer.name for layer in compiling.given.layers]
    is_same = compiling.given.compiled is not None and names == given
    expect_trainable(returned.layers)
    expect.that(
        is_same and _equal_weights(returned.get_weights(), compiling.weights),
        "returned another model than the one it was given.",
        expected="the same layers and weights, compiled",
        got="another model, or other weights",
        advice="Everything needed is in the argument; nothing has to be built.",
    )


def _equal_weights(got: Any, expected: Any) -> bool:
    # A worker may send anything as weights; only arrays of numbers are compared.
    return (
        isinstance(got, list)
        and isinstance(expected, list)
        and len(got) == len(expected)
        and all(map(_equal_arrays, got, expected))
    )


def _equal_arrays(got: Any, expected: Any) -> bool:
    are_arrays = isinstance(got, np.ndarray) and isinstance(expected, np.ndarray)
    return are_arrays and got.dtype.kind == "f" and np.array_equal(got, expected)


def expect_adam(compiling: Compiling) -> None:
    """Expect the Adam optimizer, which lets no weights decay."""
    compiled = expect_compiled(compiling)
    expect.equal(
        compiled.optimizer,
        "Adam",
        "the optimizer",
        advice="Keras has a class for every optimizer; the brief names one.",
    )
    decay = compiled.settings.get("weight_decay")
    expect.that(
        not isinstance(decay, int | float) or decay == 0,
        "the optimizer lets weights decay.",
        expected="Adam without weight_decay",
        got=f"weight_decay {word(decay)}",
        why="Adam with a weight decay is AdamW, another optimizer.",
        advice=LEAVE,
    )


def expect_rate(compiling: Compiling, low: float, high: float) -> None:
    """Expect a learning rate from ``low`` to ``high``, both included."""
    compiled = expect_compiled(compiling)
    setting = compiled.settings.get("learning_rate")
    expect.that(
        isinstance(setting, int | float),
        "the learning rate is a schedule, not a number.",
        expected=f"{low:g}" if low == high else f"a number from {low:g} to {high:g}",
        got=_name_schedule(setting),
        why="No callback can change the rate of an optimizer that has a schedule of "
        "its own: Keras raises an error where section 3 does so.",
        advice="The learning rate is a number here. How it falls is for section 3.",
    )
    rate = compiled.learning_rate
    # Keras keeps the rate as float32, which moves it by up to 6e-8 of itself.
    rounding = 1e-6
    expect.that(
        low * (1 - rounding) <= rate <= high * (1 + rounding),
        "the learning rate is not that of the brief.",
        expected=f"{low:g}" if low == high else f"from {low:g} to {high:g}",
        got=f"{rate:.6g}",
        why="0.001 is the rate that Adam has by default." * (abs(rate - 1e-3) < 1e-9),
        advice="The learning rate is an argument of the optimizer's class.",
    )


def expect_own_optimizer(
    submission: Submission, compiling: Compiling, other: Compiling
) -> None:
    """Expect two models that were compiled one after another to share nothing."""
    expect.that(
        submission.ingredients.share_parts(compiling.model, other.model) is False,
        "two models share one optimizer.",
        expected="an optimizer of its own for each model",
        got="the same object in both",
        why="An optimizer remembers the weights that it moves: it cannot train a "
        "second model.",
        advice="Is the optimizer made when the function is called, or before?",
    )


def expect_cross_entropy(compiling: Compiling, truth: Any, answer: Any) -> None:
    """Expect binary cross-entropy, recognised by its value for a few films.

    Args:
        compiling: The call to look at.
        truth: 0 or 1, one row per film.
        answer: Probabilities of the same shape, none close to 0 or 1.
    """
    name = expect_compiled(compiling).loss or "no loss"
    expect.that(
        name != "no loss",
        "has no loss to train with.",
        expected="binary cross-entropy",
        got=name,
        advice=_LOSS_ADVICE,
    )
    truth, answer = np.float32(truth), np.float32(answer)
    try:
        value = compiling.model.loss_value(truth, answer)
    except StudentError as error:
        value = f"{error.type_name}: {error.text}"
    number = value if type(value) is float else float("nan")
    # Logarithms of float32 numbers that are not close to 0 or 1: six digits.
    is_right = abs(number - binary_cross_entropy(truth, answer)) < 1e-5
    causes = [why for loss, why in _OTHERS if abs(number - loss(truth, answer)) < 1e-4]
    if name in _RIGHT_NAMES and type(value) is float:
        causes.append("The loss has the right name; an argument changes what it does.")
    expect.that(
        is_right,
        "the loss is not binary cross-entropy.",
        expected=f"{binary_cross_entropy(truth, answer):.5f} (binary cross-entropy)",
        got=f"{number:.5f} ({name})" if type(value) is float else f"{name}; {value}",
        why=next(iter(causes), ""),
        advice=_LOSS_ADVICE,
    )


_RIGHT_NAMES = ("binary_crossentropy", "BinaryCrossentropy", "bce", "BCE")

_LOSS_ADVICE = "Every genre is a question of its own, answered yes or no."


def binary_cross_entropy(truth: Any, answer: Any) -> float:
    """Return the mean surprise at the truth, genre by genre."""
    surprise = np.log(np.where(truth == 1, answer, 1 - answer))
    return float(-surprise.mean())


def _from_logits(truth: Any, answer: Any) -> float:
    return binary_cross_entropy(truth, 1 / (1 + np.exp(-answer)))


def _categorical(truth: Any, answer: Any) -> float:
    shares = answer / answer.sum(axis=1, keepdims=True)
    return float(-(truth * np.log(shares)).sum(axis=1).mean())


def _summed(truth: Any, answer: Any) -> float:
    return len(truth) * binary_cross_entropy(truth, answer)


def _squared(truth: Any, answer: Any) -> float:
    return float(((truth - answer) ** 2).mean())


_OTHERS: tuple[tuple[Callable[[Any, Any], float], str], ...] = (
    (
        _from_logits,
        "This loss takes the outputs for logits and puts a sigmoid on them. They are "
        "probabilities already.",
    ),
    (
        _categorical,
        "Categorical cross-entropy takes genres as rivals of which one is right. A "
        "film may have several.",
    ),
    (_squared, "This is the squared error, a loss for quantities."),
    (
        _summed,
        "This is the sum over the films, not their mean: it depends on how many "
        "films a batch holds.",
    ),
)


TRUTH = np.array(
    [[1, 0, 1, 0], [1, 1, 0, 1], [0, 1, 1, 1], [1, 0, 0, 0], [0, 1, 1, 1]], np.float32
)
ANSWERS = np.array(
    [
        *([0.9, 0.6, 0.4, 0.1], [0.6, 0.8, 0.3, 0.2], [0.505, 0.7, 0.1, 0.495]),
        *([0.7, 0.2, 0.6, 0.4], [0.35, 0.1, 0.8, 0.65]),
    ],
    np.float32,
)
"""Chosen so that a single genre, another threshold, however near, the most probable
genres of a film, and a mean over batches all give different scores."""


def expect_metrics(compiling: Compiling) -> None:
    """Expect Precision and Recall of all genres among the metrics, by their values."""
    metrics = expect_compiled(compiling).metrics
    values = _measure(compiling, len(metrics))
    said, has = ANSWERS > 0.5, TRUTH > 0
    hits = (said & has).sum()
    rights = {"Precision": hits / said.sum(), "Recall": hits / has.sum()}
    for name, right in rights.items():
        found = [
            m for m, v in zip(metrics, values, strict=True) if abs(v - right) < 1e-6
        ]
        # A student's own function has no class, only its name.
        alike = [m for m in metrics if m.class_name.lower() == name.lower()]
        expect.that(
            bool(found or alike),
            f"the metrics lack {name}.",
            expected="Precision, Recall",
            got=", ".join(map(_name_metric, metrics)) or "none",
            why=_why_lacking(metrics),
            advice="Keras has a class for each of the two.",
        )
        value = values[metrics.index(alike[0])] if alike else float("nan")
        expect.that(
            bool(found),
            f"the metric {name} is not the {name.lower()} of all genres.",
            expected=f"{right:.4f} for some films",
            got=f"{value:.4f}",
            why=_why_other_metric(alike),
            advice="Which arguments does the metric get, and what do they change?",
        )
        other = next(other for other in rights if other != name)
        expect.that(
            any(other.lower() not in metric.name.lower() for metric in found),
            f"the metric {name} is called {other.lower()}.",
            expected=f"a name that does not say {other.lower()}",
            got=repr(found[0].name) if found else "",
            why="In the history, and in every figure of it, they stand for each other.",
            advice="Names of metrics are free, but they should say what is measured.",
        )


def _measure(compiling: Compiling, count: int) -> list[float]:
    """Return the value of each metric on the films above, NaN if it has none.

    The films come in two batches of different sizes, so the mean of both is different.
    """
    batches = [(TRUTH[:3], ANSWERS[:3]), (TRUTH[3:], ANSWERS[3:])]
    values = expect.items(
        compiling.model.metric_values(batches), count, "a value of each metric"
    )
    return [v if isinstance(v, float) else float("nan") for v in values]


def _name_metric(metric: Metric) -> str:
    """Return a metric's class, or the text given instead."""
    return repr(metric.name) if metric.class_name == "str" else metric.class_name


def _why_lacking(metrics: list[Metric]) -> str:
    unknown = [metric.name for metric in metrics if metric.class_name == "str"]
    if unknown:
        return f"Keras knows no metric that is called {unknown[0]!r}."
    if any("accuracy" in metric.class_name.lower() for metric in metrics):
        return (
            "Accuracy looks good even for a model that always says no, because a film "
            "lacks most genres."
        )
    return ""


def _why_other_metric(alike: list[Metric]) -> str:
    """Say which setting of a metric makes it a different one."""
    for metric in alike:
        for key, right in (
            ("class_id", (None,)),
            ("top_k", (None,)),
            ("thresholds", (None, 0.5, [0.5])),
        ):
            value = metric.config.get(key)
            if value not in right:
                return f"Its setting {key} is {value}."
    return ""


def _name_schedule(setting: Any) -> str:
    name = setting.get("class_name") if isinstance(setting, dict) else setting
    return name if isinstance(name, str) else expect.describe(setting)
