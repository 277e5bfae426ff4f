"""Section 2.a again, for another number of genres and other inputs."""

import numpy as np
import pytest

from reelmark.checks import Submission
from support import compiling, outputs, structure
from support.architecture import CNN_TABLE, IMAGE_SHAPE, build_cnn

N_GENRES = 7


@pytest.mark.check("2a-i", marks=0.25, rules="names", after="test_returns_a_model")
def test_other_genres_leave_the_names(submission: Submission) -> None:
    """The layers have the names of the table for any number of genres."""
    layers = structure.every_layer(build_cnn(submission, N_GENRES))
    structure.expect_names(layers, CNN_TABLE)


@pytest.mark.check(
    "2a-i",
    marks=0.5,
    rules=("filters", "kernels", "strides", "padding", "defaults"),
    after="test_returns_a_model",
)
def test_other_genres_leave_the_convolutions(submission: Submission) -> None:
    """The convolutions are those of the table for any number of genres."""
    structure.expect_settings(build_cnn(submission, N_GENRES), CNN_TABLE, "Conv2D")


@pytest.mark.check("2a-i", marks=0.25, rules="pools", after="test_returns_a_model")
def test_other_genres_leave_the_pools(submission: Submission) -> None:
    """The pools are those of the table for any number of genres."""
    model = build_cnn(submission, N_GENRES)
    structure.expect_settings(model, CNN_TABLE, "MaxPooling2D")


@pytest.mark.check("2a-i", marks=0.25, rules="dropouts", after="test_returns_a_model")
def test_other_genres_leave_the_dropouts(submission: Submission) -> None:
    """The dropouts have the rates of the table for any number of genres."""
    structure.expect_settings(build_cnn(submission, N_GENRES), CNN_TABLE, "Dropout")


@pytest.mark.check(
    "2a-i", marks=0.25, rules=("dense", "defaults"), after="test_returns_a_model"
)
def test_other_genres_leave_the_fully_connected_layers(submission: Submission) -> None:
    """FC1 and FC2 are those of the table for any number of genres."""
    structure.expect_settings(build_cnn(submission, N_GENRES), CNN_TABLE, "Dense")


@pytest.mark.check("2a-i", marks=0.25, rules="relu", after="test_returns_a_model")
def test_other_genres_leave_the_activations(submission: Submission) -> None:
    """ReLU follows every inner layer for any number of genres."""
    outputs.expect_inner_relu(build_cnn(submission, N_GENRES))


@pytest.mark.check("2a-i", marks=0.5, rules="n-genres", after="test_returns_a_model")
def test_other_genres_change_the_output(submission: Submission) -> None:
    """Output has as many units as the function is told genres."""
    outputs.expect_width(build_cnn(submission, N_GENRES), N_GENRES)


@pytest.mark.check("2a-i", marks=0.5, rules="sigmoid", after="test_returns_a_model")
def test_genres_do_not_compete(submission: Submission) -> None:
    """The probabilities of a film's genres are independent of one another."""
    posters = np.linspace(0, 1, 3 * np.prod(IMAGE_SHAPE), dtype=np.float32)
    model = build_cnn(submission, N_GENRES)
    posters = posters.reshape(3, *IMAGE_SHAPE)
    answers = outputs.predict(model, posters, "images of 64 x 64")
    outputs.expect_independent(answers, 3)


@pytest.mark.check(
    "2a-ii",
    marks=0.25,
    rules=("adam", "rate", "no-schedule"),
    after="test_compiles_the_model",
)
def test_other_models_get_the_same_optimizer(submission: Submission) -> None:
    """Another model gets Adam and a learning rate of 1e-4, too."""
    compiled = compiling.compile_cnn(submission, 9)
    compiling.expect_adam(compiled)
    compiling.expect_rate(compiled, compiling.CNN_RATE, compiling.CNN_RATE)


@pytest.mark.check(
    "2a-ii", marks=0.25, rules=("loss", "mean"), after="test_compiles_the_model"
)
def test_other_films_have_the_same_loss(submission: Submission) -> None:
    """The loss is binary cross-entropy for other films, too."""
    compiled = compiling.compile_cnn(submission, 9)
    truth = [[0, 1, 0, 0, 0, 0, 1, 0, 1], [1, 0, 0, 0, 1, 0, 0, 0, 0]]
    answer = [[0.6, 0.15, 0.05, 0.8, 0.35, 0.02, 0.9, 0.45, 0.55], [0.3] * 9]
    compiling.expect_cross_entropy(compiled, truth, answer)


@pytest.mark.check(
    "2a-ii",
    marks=0.25,
    rules=("metrics", "all-genres", "threshold", "metric-names"),
    after="test_compiles_the_model",
)
def test_other_models_get_the_same_metrics(submission: Submission) -> None:
    """Another model gets Precision and Recall, too."""
    compiling.expect_metrics(compiling.compile_cnn(submission, 9))
