"""Section 2.a: the convolutional network for posters, and how it is compiled."""

import numpy as np
import pytest

from reelmark.checks import Submission
from support import compiling, networks, outputs, structure
from support.architecture import (
    CNN_PARAMETERS,
    CNN_TABLE,
    IMAGE_SHAPE,
    N_GENRES,
    build_another_cnn,
    build_cnn,
)

FEWER_GENRES = 12


@pytest.mark.check("2a-i", marks=0.25, rules=("functional", "padding"))
def test_returns_a_model(submission: Submission) -> None:
    """build_cnn() returns a Keras model.

    It computes what its layers say of themselves.
    """
    posters = np.resize(networks.ROW, (1, *IMAGE_SHAPE))
    networks.expect_real(build_cnn(submission), posters, posters)


@pytest.mark.check("2a-i", marks=0.25, rules="functional", after="test_returns_a_model")
def test_uses_the_functional_api(submission: Submission) -> None:
    """The network is made with the Functional API."""
    structure.expect_functional(build_cnn(submission))


@pytest.mark.check("2a-i", marks=0.5, rules="table", after="test_returns_a_model")
def test_layers_follow_one_another_as_in_the_table(submission: Submission) -> None:
    """The layers are those of the table, each applied to the one before it."""
    layers = structure.every_layer(build_cnn(submission))
    structure.expect_order(layers, CNN_TABLE)
    structure.expect_one_path(layers)


@pytest.mark.check("2a-i", marks=0.25, rules="names", after="test_returns_a_model")
def test_layers_have_the_names_of_the_table(submission: Submission) -> None:
    """Every layer has its name from the table, Input included."""
    layers = structure.every_layer(build_cnn(submission))
    structure.expect_names(layers, CNN_TABLE)


@pytest.mark.check(
    "2a-i",
    marks=0.5,
    rules=("filters", "kernels", "strides", "padding", "defaults"),
    after="test_returns_a_model",
)
def test_convolutions_are_those_of_the_table(submission: Submission) -> None:
    """Conv0 to Conv6 have the filters, kernels, strides and padding of the table."""
    structure.expect_settings(build_cnn(submission), CNN_TABLE, "Conv2D")


@pytest.mark.check("2a-i", marks=0.25, rules="pools", after="test_returns_a_model")
def test_pools_halve_height_and_width(submission: Submission) -> None:
    """Pool1 to Pool3 take the largest of 2 x 2 pixels."""
    structure.expect_settings(build_cnn(submission), CNN_TABLE, "MaxPooling2D")


@pytest.mark.check("2a-i", marks=0.5, rules="dropouts", after="test_returns_a_model")
def test_dropouts_have_the_rates_of_the_table(submission: Submission) -> None:
    """Drop1 to Drop6 have the rates of the table."""
    structure.expect_settings(build_cnn(submission), CNN_TABLE, "Dropout")


@pytest.mark.check(
    "2a-i", marks=0.25, rules=("dense", "defaults"), after="test_returns_a_model"
)
def test_fully_connected_layers_are_those_of_the_table(submission: Submission) -> None:
    """FC1 and FC2 have the units of the table."""
    structure.expect_settings(build_cnn(submission), CNN_TABLE, "Dense")


@pytest.mark.check("2a-i", marks=0.25, rules="relu", after="test_returns_a_model")
def test_inner_layers_have_relu(submission: Submission) -> None:
    """ReLU follows every convolution, FC1 and FC2."""
    outputs.expect_inner_relu(build_cnn(submission))


@pytest.mark.check(
    "2a-i",
    marks=0.25,
    rules=("n-genres", "default-genres"),
    after="test_returns_a_model",
)
def test_output_has_a_unit_for_every_genre(submission: Submission) -> None:
    """Output has as many units as there are genres, 25 or not."""
    outputs.expect_width(build_cnn(submission), N_GENRES)
    outputs.expect_width(build_cnn(submission, FEWER_GENRES), FEWER_GENRES)


@pytest.mark.check("2a-i", marks=0.5, rules="sigmoid", after="test_returns_a_model")
def test_output_is_a_sigmoid(submission: Submission) -> None:
    """Output has a sigmoid, for a film may have several genres."""
    outputs.expect_sigmoid(build_cnn(submission))


@pytest.mark.check(
    "2a-i", marks=0.25, rules="probabilities", after="test_returns_a_model"
)
def test_posters_become_probabilities(submission: Submission) -> None:
    """A batch of images of 64 x 64 x 3 becomes a probability for every genre."""
    posters = np.full((2, *IMAGE_SHAPE), 0.5, np.float32)
    answers = outputs.predict(build_cnn(submission), posters, "images of 64 x 64")
    outputs.expect_probabilities(answers, 2, N_GENRES)


@pytest.mark.check(
    "2a-i",
    marks=0.25,
    rules=("parameters", "own-layers", "defaults"),
    after=(
        "test_layers_follow_one_another_as_in_the_table",
        "test_convolutions_are_those_of_the_table",
        "test_pools_halve_height_and_width",
        "test_fully_connected_layers_are_those_of_the_table",
        "test_output_has_a_unit_for_every_genre",
    ),
)
def test_number_of_parameters(submission: Submission) -> None:
    """There are 3,464,601 parameters for 25 genres, new ones at every call."""
    model = build_cnn(submission)
    structure.expect_parameters(model, CNN_PARAMETERS)
    outputs.expect_apart(submission, model, build_another_cnn(submission))


@pytest.mark.check("2a-ii", marks=0.25, rules="same-model")
def test_compiles_the_model(submission: Submission) -> None:
    """compile_cnn() compiles the model, whatever its size."""
    compiling.expect_compiled(compiling.compile_cnn(submission, 5))


@pytest.mark.check(
    "2a-ii", marks=0.25, rules="same-model", after="test_compiles_the_model"
)
def test_returns_the_model_it_was_given(submission: Submission) -> None:
    """The model that was given comes back, with its layers and weights."""
    compiling.expect_same_model(compiling.compile_cnn(submission, 5))


@pytest.mark.check(
    "2a-ii",
    marks=0.25,
    rules=("adam", "rate", "no-schedule", "own-optimizer"),
    after="test_compiles_the_model",
)
def test_adam_has_the_learning_rate_of_the_brief(submission: Submission) -> None:
    """The optimizer is Adam, one for each model, with a learning rate of 1e-4."""
    compiled = compiling.compile_cnn(submission, 5)
    compiling.expect_adam(compiled)
    compiling.expect_rate(compiled, compiling.CNN_RATE, compiling.CNN_RATE)
    other = compiling.compile_cnn(submission, 3)
    compiling.expect_own_optimizer(submission, compiled, other)


@pytest.mark.check(
    "2a-ii", marks=0.25, rules=("loss", "mean"), after="test_compiles_the_model"
)
def test_loss_is_binary_cross_entropy(submission: Submission) -> None:
    """The loss is binary cross-entropy on probabilities, the mean over all films."""
    compiled = compiling.compile_cnn(submission, 5)
    truth = [[1, 0, 1, 0, 0], [0, 1, 0, 0, 1], [0, 0, 0, 1, 0]]
    answer = [[0.7, 0.2, 0.4, 0.1, 0.3], [0.1, 0.6, 0.8, 0.3, 0.9], [0.2] * 5]
    compiling.expect_cross_entropy(compiled, truth, answer)


@pytest.mark.check(
    "2a-ii",
    marks=0.25,
    rules=("metrics", "all-genres", "threshold", "metric-names"),
    after="test_compiles_the_model",
)
def test_metrics_are_precision_and_recall(submission: Submission) -> None:
    """Precision and Recall of all genres are among the metrics."""
    compiling.expect_metrics(compiling.compile_cnn(submission, 5))
